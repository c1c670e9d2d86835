/**
 * The NameServer (RMQ-001, RMQ-002): who has registered, in memory alone, and which topics they have.
 *
 * Left out: the expiry scan, which is computed when a route is asked for, and the unregistration when a connection closes.
 */
import { hashName } from '../../../plan/hash.ts'
import type { Us } from '../../../plan/units.ts'
import type { Entry } from '../../../sim/agenda.ts'
import type { Env, NodeId, Setting } from '../../../sim/system.ts'
import type { RocketmqConfig } from '../config.ts'
import { salted, type RocketmqMessage, type RouteAnswer, type TopicQueues } from '../messages.ts'

interface Registration {
  readonly broker: NodeId
  readonly topics: readonly TopicQueues[]
  readonly seenAt: Us
}

export interface NameServerState {
  readonly role: 'nameserver'
  readonly id: NodeId
  readonly expiryUs: Us
  brokers: Registration[]
}

/** Nothing to recover and nobody to tell: brokers register of their own accord (RMQ-004). */
const nothing: (state: NameServerState, env: Env<object>) => void = () => undefined

export const nameserver = {
  boot: (id: NodeId, setting: Setting<RocketmqConfig>): NameServerState => ({
    role: 'nameserver',
    id,
    expiryUs: setting.config.parameters.brokerExpiryUs,
    brokers: [],
  }),

  start: nothing,

  handle(state: NameServerState, entry: Entry, env: Env<object>): void {
    if (entry.kind !== 'message') return
    const message = entry.body as RocketmqMessage
    if (message.type === 'registerBroker') {
      const registration = { broker: entry.from, topics: message.topics, seenAt: env.uptime }
      state.brokers = [...state.brokers.filter(({ broker }) => broker !== entry.from), registration].sort((x, y) => x.broker - y.broker)
    } else if (message.type === 'getRoute') {
      env.send(entry.from, route(state, env, message.topic))
    }
  },

  fork: (state: NameServerState): NameServerState => ({ ...state, brokers: state.brokers.slice() }),
}

/** RMQ-005, RMQ-010: the brokers that have the topic and were heard of lately. */
function route(state: NameServerState, env: Env<object>, topic: string): RouteAnswer {
  const alive = state.brokers.filter(({ seenAt }) => env.uptime - seenAt <= state.expiryUs)
  const brokers = alive.flatMap(({ broker, topics }) =>
    topics.filter((one) => one.topic === topic).map(({ queues }) => ({ broker, queues })),
  )
  return { type: 'routeAnswer', salt: salted('routeAnswer', hashName(topic), 0, env.uptime), topic, brokers }
}
