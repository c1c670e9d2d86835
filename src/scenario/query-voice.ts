/** What somebody looks for, and what is found; and what he wants back. */
import type { Lag, Query } from '../history/queries.ts'
import type { Recall } from '../history/recalls.ts'
import type { Span, Trace } from '../history/traces.ts'
import { listed } from './describe.ts'
import type { Messages } from './messages.ts'
import { showTime } from './syntax.ts'
import { partsText, type Telling } from './telling.ts'

const turn = (who: string, what: string): Telling => ({ who, what, turn: true })

function tellQuery(messages: Messages, event: Query): Telling {
  const { p } = event
  if (event.type === 'fail') return turn(p, `finds nobody to ask: ${event.v.reason}`)
  if (event.type === 'invoke') {
    const { by, key, topic, of, sinceUs, untilUs } = event.v
    const what = of === undefined ? `messages of ${topic} with the key ${key}` : `${messages.name(of)} by its ${by} ${key}`
    return turn(
      p,
      `looks for ${what}${sinceUs < 0 ? '' : `, since ${showTime(sinceUs)}`}${untilUs < 0 ? '' : `, until ${showTime(untilUs)}`}`,
    )
  }
  const { asked, answers } = event.v
  const silent = asked.filter((broker) => answers.every((one) => one.broker !== broker))
  const found = event.v.messages
  const missing = silent.length === 0 ? '' : `; nothing was heard from ${listed(silent)}`
  const dropped = answers.reduce((sum, one) => sum + one.found, 0) - found.length
  const parts = found.map(({ topic, queue, offset, message }) => ({ head: 'finds', place: { topic, queue, offset }, message, tail: '' }))
  return turn(
    p,
    `${found.length === 0 ? 'finds nothing' : partsText(parts, messages)}${dropped === 0 ? '' : `, and drops ${dropped} of another key`}${missing}`,
  )
}

/** "g is behind by 2: 1 of 3 in T:0 and 4 of 4 in T:1". */
function tellLag(event: Lag): Telling {
  const { group, topic } = event.v
  if (event.type === 'invoke') return turn(event.p, `asks how far ${group} is in ${topic}`)
  if (event.type === 'fail') return turn(event.p, `is not told how far ${group} is in ${topic}: ${event.v.reason}`)
  const { queues } = event.v
  const behind = queues.reduce((sum, one) => sum + one.brokerOffset - one.consumerOffset, 0)
  const each = queues.map((one) => `${one.consumerOffset} of ${one.brokerOffset} in ${topic}:${one.queue}`)
  return turn(event.p, `is told that ${group} is behind by ${behind}: ${listed(each)}`)
}

/** "recalls "m", which is due at 5000ms". */
function tellRecall(messages: Messages, event: Recall): Telling {
  const { p, v } = event
  const message = messages.name(v.of)
  if (event.type === 'invoke') return turn(p, `recalls ${message} from ${event.v.broker}, where it is due at ${showTime(event.v.dueUs)}`)
  if (event.type === 'ok') return turn(p, `is told that ${message} is recalled`)
  const { reason } = event.v
  return turn(p, event.type === 'fail' ? `can't recall ${message}: ${reason}` : `does not know whether ${message} is recalled: ${reason}`)
}

const spanText = ({ kind, client, group, success }: Span): string => {
  if (kind === 'Pub') return `${client} has sent it${success ? '' : ', without all that was promised'}`
  const who = `${client} of ${group}`
  return kind === 'SubBefore' ? `${who} was given it` : `${who} ${success ? 'is done with it' : 'has failed on it'}`
}

/** "finds a trace: p1 has sent it; c1 of g was given it; c1 of g is done with it". */
function tellTrace(messages: Messages, event: Trace): Telling {
  const { p } = event
  if (event.type === 'invoke') return turn(p, `looks for the trace of ${messages.name(event.v.of)} (${event.v.msgId})`)
  if (event.type === 'fail') return turn(p, `is told of no trace: ${event.v.reason}`)
  const { asked, answers, spans } = event.v
  const silent = asked.filter((broker) => answers.every((one) => one.broker !== broker))
  const missing = silent.length === 0 ? '' : `; nothing was heard from ${listed(silent)}`
  return turn(p, `${spans.length === 0 ? 'finds no trace' : `finds a trace: ${spans.map(spanText).join('; ')}`}${missing}`)
}

export function tellAsked(messages: Messages, event: Query | Lag | Trace | Recall): Telling {
  switch (event.f) {
    case 'query':
      return tellQuery(messages, event)
    case 'lag':
      return tellLag(event)
    case 'trace':
      return tellTrace(messages, event)
    case 'recall':
      return tellRecall(messages, event)
  }
}
