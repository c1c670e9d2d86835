/** What a broker knows of the messages that wait on its timer wheel (RMQ-122). */
import type { Us } from '../../../plan/units.ts'

/** Where in the log a message lies that waits: a value. */
export interface Reference {
  readonly at: number
  readonly size: number
  /** Its time is too far away for the wheel: in this slot it is stored anew, not delivered. */
  readonly rolls: boolean
  /** The unique key of the message that it recalls, if it is a marker. */
  readonly recalls?: string
}

/** Those of one second, in the order in which they came, and behind them what recalls some of them. */
export interface TimerSlot {
  readonly atUs: Us
  readonly references: readonly Reference[]
}

export interface TimerState {
  /** The next entry of the timer topic that is put on the wheel. */
  enqueued: number
  /** Slots in which something waits, by time. */
  slots: TimerSlot[]
  /** Slots before this have been read: by the wall clock, and never back. */
  readTo: Us
  /** How often the first reference of the first slot could not be stored. */
  tries: number
  /** End of the newest copy. */
  copiesTo: number
  saveArmed: boolean
}

export const newTimer = (): TimerState => ({ enqueued: 0, slots: [], readTo: 0, tries: 0, copiesTo: 0, saveArmed: false })

export const forkTimer = (timer: TimerState): TimerState => ({ ...timer, slots: timer.slots.slice() })
