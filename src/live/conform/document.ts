/** What a campaign on a live target comes to: the JSON document of `mqproof conform`, as data. */
import type { FailureResult } from '../../harness/failure.ts'
import type { FaultCounts } from '../../harness/fault-tally.ts'
import type { GuaranteeResult } from '../../harness/tally.ts'
import type { Claim } from '../target.ts'
import type { Counts } from './counts.ts'
import type { KnownFailure } from './known.ts'

/** How one guarantee stands, and the counts of the rounds that could have broken it. */
export interface ConformGuarantee extends GuaranteeResult {
  readonly counts: Counts
  /** Anomalies by name, excused ones among them. */
  readonly anomalies: Readonly<Record<string, number>>
  /** It is violated, and every violation is listed as known. */
  readonly known: boolean
  /** Where nothing was lost: the rate of loss is below this with 95 % confidence. */
  readonly lossRateMax: number | null
}

export interface ConformFailure extends FailureResult {
  readonly anomaly: string
  /** Why it is no news; empty when it is. */
  readonly known: string
}

/** A claim beside what was seen. */
export interface ClaimResult extends Claim {
  readonly verdict: GuaranteeResult['verdict']
  readonly stands: 'as claimed' | 'contradicted' | 'not seen to break' | 'not tested'
  /** What was seen, in a few words. */
  readonly seen: string
}

/** Everything that a reader needs to know to trust the numbers, or to run them again. */
export interface Manifest {
  readonly target: string
  readonly broker: string
  readonly version: string
  readonly client: string
  readonly brokers: readonly string[]
  readonly mqproof: string
  readonly node: string
  readonly platform: string
  readonly kernel: string
  /** The configuration as the target was opened with it. */
  readonly configuration: unknown
  /** The contract's name. */
  readonly contract: string
  /** What the contract decided by. */
  readonly config: unknown
  readonly claims: readonly Claim[]
  /** Kinds that can be done here. */
  readonly faults: readonly string[]
  /** Kind → why it can't be done here. */
  readonly unavailable: Readonly<Record<string, string>>
  /** Fault or step → the user's own command. */
  readonly hooks: Readonly<Record<string, string>>
}

export interface ConformDocument {
  readonly mqproof: string
  readonly command: 'conform'
  readonly target: string
  readonly seed: string
  /** Rounds. */
  readonly runs: number
  /** Recorded events. */
  readonly steps: number
  /** Time that the rounds themselves took, without starting and stopping. */
  readonly simulatedMs: number
  readonly wallMs: number
  readonly traceHash: string
  readonly interrupted: boolean
  /** What the target itself did wrong; nothing is said about its broker then. */
  readonly broken: string
  /** Rounds before or after which the broker did not come up. */
  readonly downs: readonly { readonly run: number; readonly message: string; readonly dir: string }[]
  /** Of brokers and links. */
  readonly faults: FaultCounts
  /** Deaths and pauses of clients, which can be done anywhere. */
  readonly clientFaults: FaultCounts
  readonly counts: Counts
  readonly guarantees: readonly ConformGuarantee[]
  readonly failures: readonly ConformFailure[]
  readonly known: { readonly seen: readonly KnownFailure[]; readonly gone: readonly KnownFailure[] }
  readonly claims: readonly ClaimResult[]
  /** Null when the target said nothing about itself. */
  readonly manifest: Manifest | null
}
