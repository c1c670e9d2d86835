/**
 * Controls on a live broker: rows of a facts sheet, run again. A positive control must be seen to break, or nothing that held proves
 * anything; a negative one must hold.
 */
import type { GuaranteeId } from '../check/checker.ts'
import type { Plan } from '../plan/plan.ts'

export interface LiveControl {
  /** The row of the facts sheet: "RML-035". */
  readonly row: string
  readonly title: string
  readonly guarantee: GuaranteeId
  /** `breaks`: an anomaly is found, excused or not. `does-not-start`: the broker never becomes ready again (RAB-140). */
  readonly expect: 'holds' | 'breaks' | 'does-not-start'
  /** The anomaly that must be found, where any of the guarantee will not do. */
  readonly anomaly?: string
  /** The target's configuration. Controls of one configuration that loses no data may share a broker. */
  readonly config: unknown
  /** A new broker on a new store, which nothing has warmed up. */
  readonly fresh?: true
  /** The plan of round `round`, from 1. */
  readonly plan: (round: number) => Plan
  readonly rounds: number
  /** What the sheet saw, in a few words: "lost 2,521 of 13,537". */
  readonly sheet: string
}

/** A row of the sheet that can't be run yet, by name. */
export interface PendingControl {
  readonly row: string
  readonly title: string
  readonly reason: string
}

export interface ControlSheet {
  readonly controls: readonly LiveControl[]
  readonly pending: readonly PendingControl[]
}
