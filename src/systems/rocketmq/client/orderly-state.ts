/** What an orderly consumer remembers of a queue: its lock, and whose turn it is (RMQ-106, RMQ-108). */
import type { Us } from '../../../plan/units.ts'
import type { ConsumerState } from './consumer-state.ts'
import type { Env } from '../../../sim/system.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>

/** The messages of a call that has failed, of which the `nth` is on its way to the retry topic; and whether one before it was put back. */
export interface FailedCall {
  readonly offsets: readonly number[]
  readonly nth: number
  readonly isPutBack: boolean
}

export interface OrderlyQueue {
  /** When the broker last said that the lock is this process's, by its own wall clock; null: it is not. */
  lockedAt: Us | null
  /** idle: nothing to do; ready: waits for a thread; working: a listener has a message; later: a call is due. */
  turn: 'idle' | 'ready' | 'working' | 'later'
  /** The call that is due: earlier ones are void. */
  call: number
  /** When the queue was lost while a listener worked on it. */
  lostAt: Us
  /** Since when a thread has been with the queue. */
  since: Us
  /** Null: nothing of it is on its way. */
  failed: FailedCall | null
}

/** The lock of a queue that was locked before is asked for again; `goesOn`: the queue rests until the answer is there. */
export interface LockRequest {
  readonly request: number
  readonly task: number
  readonly deadline: Us
  readonly goesOn: boolean
}

/** What is held of the queue is dropped: whatever was to be called is void. */
export function restTurn(orderly: OrderlyQueue): void {
  orderly.turn = 'idle'
  orderly.call = -1
  orderly.failed = null
}

export const newOrderlyQueue = (): OrderlyQueue => ({ lockedAt: null, turn: 'idle', call: -1, lostAt: 0, since: 0, failed: null })
export const isOrderly = ({ shape }: ConsumerState, { rules }: ClientEnv): boolean => shape.orderly && rules.takesTurns()
