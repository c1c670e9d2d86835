/** Says what becomes of a message that goes back to its broker, or of the copy that its client sends itself. */
import type { SendBack } from '../history/send-back.ts'
import { retryTopic } from '../plan/group-topics.ts'
import type { Messages } from './messages.ts'
import type { Telling } from './telling.ts'

export function tellSendBack(messages: Messages, event: SendBack, to: string, from: string): Telling {
  const { p, v } = event
  const name = messages.name(v.message)
  const isCopy = v.copy === true
  const what = isCopy ? `a copy of ${name} to ${retryTopic(v.group)}` : `${name} of ${v.group}`
  switch (event.type) {
    case 'invoke':
      return { who: to, what: `${isCopy ? 'send' : 'send back'} ${what}`, turn: true }
    case 'ok':
      return { who: from, what: `${isCopy ? (event.v.status ?? 'SEND_OK') : 'takes back'} ${what}`, turn: true }
    case 'fail':
      return { who: from, what: `refuses ${what}`, turn: true }
    case 'info':
      return { who: p, what: `has no answer about ${what}`, turn: true }
  }
}
