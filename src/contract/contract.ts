/**
 * What a configuration promises. A contract excuses anomalies, never whole runs: under ASYNC_FLUSH a power loss excuses the
 * loss of what was not yet forced, and nothing else. Verdicts are five, and `upheld` needs evidence.
 */
import type { Anomaly, GuaranteeId } from '../check/checker.ts'
import type { FaultKind } from '../plan/faults.ts'
import type { Group } from '../plan/plan.ts'
import type { Us } from '../plan/units.ts'

/** What happened in a run, as far as excuses may depend on it. */
export interface RunFacts {
  readonly effective: ReadonlySet<FaultKind>
  /** Effective faults in time order. */
  readonly faults: readonly { readonly kind: FaultKind; readonly on: string; readonly t: Us }[]
  /** The nodes that store messages: a fault elsewhere excuses no loss. Without them any node may be one. */
  readonly brokers?: readonly string[]
  /** Those who elect their masters. */
  readonly controllers?: readonly string[] | undefined
}

/** What promises depend on that is said of groups: how their members share work, and what their listeners do. */
export type Grouping = Readonly<Pick<Group, 'name' | 'receiver' | 'allocate'>> & { readonly topics: readonly string[] }

/** Why an anomaly is excused. A reason names the setting, and the switch that repairs it. */
export interface Pardon {
  readonly reason: string
  /** The names of the rows that can be the cause, the one whose reason is given first; none where a contract has no rows. */
  readonly rows: readonly string[]
  /** The switch that the reason names. */
  readonly repair?: string | undefined
}

/** Null: it is a violation. */
export type Excuse = (anomaly: Anomaly, run: RunFacts) => Pardon | null

/** `inFull`: whatever is excused is somebody's own doing, so that a run in which nothing is excused owes the guarantee without exceptions. */
export type Term = 'required' | { readonly notApplicable: string } | { readonly excuses: Excuse; readonly inFull?: boolean }

/**
 * From the configuration of a system and the kinds of faults that took effect to a term for each guarantee.
 */
export type Contract<Config> = (
  config: Config,
  effective: ReadonlySet<FaultKind>,
  groups?: readonly Grouping[],
  /** Its brokers have slaves. */
  copied?: boolean,
) => ReadonlyMap<GuaranteeId, Term>

export const VERDICTS = ['upheld', 'violated', 'allowed', 'unknown', 'not-exercised'] as const
export type Verdict = (typeof VERDICTS)[number]
