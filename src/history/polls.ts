/** How a consumer asks for messages, and what it is told: the long polls of RocketMQ's pull consumer. */
import type { Us } from '../plan/units.ts'
import type { GroupPlace, Op } from './event.ts'

/** The answers that a poll can have (RMQ-034): OFFSET_ILLEGAL sends the consumer elsewhere. */
export const POLL_STATUSES = ['FOUND', 'NO_NEW_MSG', 'NO_MATCHED_MSG', 'OFFSET_ILLEGAL'] as const
export type PollStatus = (typeof POLL_STATUSES)[number]
/** A consumer asks for what a queue holds from `offset` on. The broker may keep the question for `waitUs` while there is nothing. */
export type PollInvoke = Op<'invoke', 'poll', GroupPlace & { waitUs: Us }>
/** `offsets`: of the messages that came; `next`: where to ask from next. The queue holds [min, max) as the broker sees it. */
export type PollOk = Op<
  'ok',
  'poll',
  GroupPlace & { status: PollStatus; offsets: readonly number[]; next: number; min: number; max: number }
>
/** Nothing came: a time-out, a connection that is gone, an error. */
export type PollInfo = Op<'info', 'poll', GroupPlace & { reason: string }>
