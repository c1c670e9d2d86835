/**
 * Who may ask for what (RMQ-143): before a request is handled, the account of who sends it is looked at. What is denied is answered so, and nothing is
 * done of it.
 *
 * Looked at are sends of producers, what administrators want, and the groups of consumers, once, before they start: after that, a group's pulls, commits
 * and returned messages are its own. Left out: what forwarding groups send on. Simplified: a denied change of a topic or a reset is not answered at all,
 * so that its client can't say what became of it.
 */
import { TRACE_TOPIC } from '../../../history/traces.ts'
import { retryTopic } from '../../../plan/group-topics.ts'
import { wishesOfGroup, type Wish } from '../../../plan/access.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import type { CheckClientAnswer } from '../group-messages.ts'
import { salted, type RocketmqMessage } from '../messages.ts'
import type { QueryMessageAnswer } from '../query-messages.ts'
import type { RecallAnswer } from '../recall-messages.ts'
import { answer } from './answers.ts'
import type { BrokerRules } from './rules.ts'
import type { BrokerState } from './state.ts'

type BrokerEnv = Env<BrokerRules>

function wishesOf(message: RocketmqMessage): readonly Wish[] {
  switch (message.type) {
    case 'send':
    case 'recallMessage':
      return [{ kind: 'topic', name: message.topic, action: 'Pub' }]
    case 'sendTrace':
      return [{ kind: 'topic', name: TRACE_TOPIC, action: 'Pub' }]
    case 'createTopic':
      return [{ kind: 'topic', name: message.topic, action: 'Create' }]
    case 'updateTopic':
      return [{ kind: 'topic', name: message.topic, action: 'Update' }]
    case 'resetOffset':
      return [{ kind: 'group', name: message.group, action: 'Update' }]
    case 'getProgress':
      return [{ kind: 'group', name: message.group, action: 'Get' }]
    case 'queryMessage':
    case 'viewMessage':
      return [{ kind: 'topic', name: message.topic, action: 'Get' }]
    case 'checkClient': {
      const { group, topics } = message
      return wishesOfGroup({ name: group, topics: topics.filter((topic) => topic !== retryTopic(group)) })
    }
    default:
      return []
  }
}

export function isDenied(state: BrokerState, env: BrokerEnv, from: NodeId, message: RocketmqMessage): boolean {
  const guest = state.shape.guard?.get(from)
  if (guest === undefined || (message.type === 'send' && guest.role === 'consumer')) return false
  if (message.type === 'send' && message.oneway && !env.rules.looksAtOneway()) return false
  const wishes = wishesOf(message)
  const reason = wishes.length === 0 ? null : env.rules.denies(guest.account, wishes)
  if (reason === null) return false
  answerDenied(env, from, message, reason)
  return env.rules.stopsAtDenial()
}

function answerDenied(env: BrokerEnv, from: NodeId, message: RocketmqMessage, reason: string): void {
  if (message.type === 'send') return answer(env, from, message, 'NO_PERMISSION', message.topic, -1, -1, -1)
  if (message.type === 'checkClient') {
    const { request } = message
    const salt = salted('checkClientAnswer', message.salt)
    const told: CheckClientAnswer = { type: 'checkClientAnswer', salt, request, refused: `NO_PERMISSION: ${reason}` }
    return env.send(from, told)
  }
  if (message.type === 'recallMessage') {
    const salt = salted('recallMessageAnswer', message.salt)
    const told: RecallAnswer = { type: 'recallMessageAnswer', salt, op: message.op, status: 'NO_PERMISSION' }
    return env.send(from, told)
  }
  if (message.type !== 'queryMessage' && message.type !== 'viewMessage') return
  const salt = salted('queryMessageAnswer', message.salt)
  const told: QueryMessageAnswer = { type: 'queryMessageAnswer', salt, op: message.op, messages: [], denied: true }
  env.send(from, told)
}
