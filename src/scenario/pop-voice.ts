/** What pop consumers tell their broker of a message that they have taken: that they are done with it, or that it is to be hidden. */
import type { Ack, Hide } from '../history/popped.ts'
import type { Messages } from './messages.ts'
import { about, type Telling } from './telling.ts'

/** Where a broker writes down what was popped: what lies there is no message. */
export const isPopLog = (topic: string): boolean => topic.startsWith('rmq_sys_REVIVE_LOG')

export function tellPop(messages: Messages, event: Ack | Hide, to: string, from: string): Telling | null {
  const { topic, queue, offset, message } = event.v
  if (messages.isSentinel(message)) return null
  const said = event.f === 'ack' ? 'ack' : 'hide'
  const place = { topic, queue, offset }
  return event.type === 'invoke'
    ? about(messages, to, { head: said, place, message, tail: '' }, message)
    : about(messages, from, { head: `${said} taken`, place, message, tail: '' }, message)
}
