/** Recalling a message that waits for its time: who sent it asks its broker, before it is due, not to give it to anybody. */
import type { Us } from '../plan/units.ts'
import type { Op, White } from './event.ts'

/** RMQ-122: where messages wait for a time of their own, and what recalls them: one queue, in the order in which they came. */
export const TIMER_TOPIC = 'rmq_sys_wheel_timer'

/** `of`: the message; `dueUs`: when it is due, by the wall clock of the broker on which it waits, counted from when a run begins. */
export type RecallInvoke = Op<
  'invoke',
  'recall',
  { readonly topic: string; readonly of: number; readonly broker: string; readonly dueUs: Us }
>
/** The broker has taken note of it. */
export type RecallOk = Op<'ok', 'recall', { readonly topic: string; readonly of: number }>
/** fail: it certainly has not; info: nobody can say. */
export type RecallFailed = Op<'fail' | 'info', 'recall', { readonly topic: string; readonly of: number; readonly reason: string }>

/**
 * A message, or (`message` is 0) what recalls one, comes onto the wheel when the slot of its time has been read: it is looked at at once, alone, so that
 * what was to meet there does not. All by the broker's wall clock. Told only by brokers that take recalls, since nothing else depends on it.
 */
export type MissedSlot = White<'missedSlot', { readonly message: number; readonly dueUs: Us; readonly nowUs: Us }>

export type Recall = RecallInvoke | RecallOk | RecallFailed
