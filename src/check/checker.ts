/**
 * A checker judges one guarantee over a history. It knows nothing of where the history came from, and it does not know the
 * contract either: it reports every anomaly, and what the configuration excuses is decided elsewhere (contract/).
 */
import type { Event, Header, Kind, Sort } from '../history/event.ts'
import type { Us } from '../plan/units.ts'
import type { Ledger } from './ledger.ts'

export type { Sort }

export type GuaranteeId = `${string}-${number}`

/** One thing that went wrong, said so that a person can find it in the history. */
export interface Anomaly {
  readonly guarantee: GuaranteeId
  /** The anomaly's name on the guarantee's page: "lost", "hole", "reordered". */
  readonly name: string
  /** One sentence. */
  readonly summary: string
  /** When it became visible, or -1 where it is an absence. */
  readonly t: Us
  /** Facts that contracts decide by. */
  readonly facts: Readonly<Record<string, string | number | boolean>>
  /** Indices (`i`) of the events that show it. */
  readonly events: readonly number[]
}

/** What made the run a test of the guarantee: how many chances to fail, and one of them. */
export interface Evidence {
  readonly chances: number
  readonly example: string
}

/** How the run ended: liveness is judged only when it drained. */
export interface Drain {
  readonly drained: boolean
  readonly fresh: boolean
  readonly reason: string
  /** What produced the history misbehaved: why nothing in it can be relied on. */
  readonly broken?: string
}

export interface Findings {
  readonly anomalies: readonly Anomaly[]
  /** Null: nothing in this run could have broken the guarantee. */
  readonly evidence: Evidence | null
  /** A reason why the run can't be judged although it was exercised. */
  readonly unknown?: string
  /** Why there is no evidence, where that is known: what the history can't record. */
  readonly notExercised?: string
}

/**
 * Has a judge hear events of more sorts than its checker names, from the next event on: those that concern it only once something rare has
 * happened.
 */
export type Hear = (...sorts: Sort[]) => void

/** Watches one history for one checker. */
export interface Judge {
  /** Called for each event of the sorts that it hears, in order, once the ledger has it; amortised O(1) (O(log n) where said). */
  on(event: Event): void
  end(drain: Drain): Findings
}

export interface Checker {
  readonly id: GuaranteeId
  /** Kinds without which the guarantee can't be judged: a history that lacks one makes it not exercised. */
  readonly needs: readonly Kind[]
  /** What its judges hear from the beginning. */
  readonly hears: readonly Sort[]
  /** Why there is nothing to judge where this is the header, or null: such a history is not even looked at. */
  idle(header: Header): string | null
  start(header: Header, ledger: Ledger, hear: Hear): Judge
  /**
   * A smallest edit of this history that the checker must flag, or null when it offers no chance: then the run did not exercise the
   * guarantee.
   */
  sabotage(events: readonly Event[], header: Header): Event[] | null
}
