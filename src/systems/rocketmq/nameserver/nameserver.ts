/**
 * The NameServer (RMQ-001, RMQ-002): who has registered, in memory alone, and which topics they have. It tells nobody anything of its own
 * accord, neither clients nor other NameServers.
 *
 * What it keeps on disk is ORDER_TOPIC_CONFIG alone, which operators write (RMQ-144); that it is forced there is inferred.
 *
 * Left out: the idle handler, which closes a connection without traffic after the same 120 s as the scan (RMQ-006); the queue between a
 * closed connection and its effect; permissions of topics, but for writing that an operator has wiped (RMQ-011). Histories tell of masters alone.
 */
import { hashName } from '../../../plan/hash.ts'
import type { Us } from '../../../plan/units.ts'
import type { Entry } from '../../../sim/agenda.ts'
import type { Env, NodeId, Setting } from '../../../sim/system.ts'
import { cellValue } from '../../../sim/disk.ts'
import { toGrid } from '../broker/grid.ts'
import type { RocketmqConfig } from '../config.ts'
import { salted, type RocketmqMessage } from '../messages.ts'
import type {
  Addresses,
  BrokerQueues,
  GetMemberGroup,
  GetRoute,
  MemberGroup,
  RegisterBroker,
  RouteAnswer,
  RouteEntry,
  TopicQueues,
} from '../route-messages.ts'
import type { UpdateOrderConf, UpdateOrderConfAnswer, WipeWritePerm, WipeWritePermAnswer } from '../admin-messages.ts'
import type { NameServerRules } from './rules.ts'

type NameServerEnv = Env<NameServerRules>

interface Registration {
  readonly broker: NodeId
  /** Whose name it has: its own, unless it is a slave's, or was one before a controller, or a vote, made it master. */
  readonly home: NodeId
  readonly isMaster: boolean
  /** Of its role, where controllers give it out. */
  readonly epoch: number
  /** The incarnation of the broker by whose connection it came last. */
  readonly connection: number
  readonly topics: readonly TopicQueues[]
  /** Topics that nobody is to write there, until its topics change or it registers anew (RMQ-011). */
  readonly wiped: readonly string[]
  /** By the wall clock (RMQ-005). */
  readonly heardAt: Us
  /** Its name goes on without its master (RMQ-071). */
  readonly acting: boolean
}

/** Where ORDER_TOPIC_CONFIG is kept, once somebody has changed what the cluster began with: no restart forgets it. */
const ORDER_FILE = 'kvConfig.json'
interface OrderFile {
  readonly orders: readonly OrderConf[]
}

/** What ORDER_TOPIC_CONFIG says of a topic: "broker:n" for each of its brokers (RMQ-144). */
interface OrderConf {
  readonly topic: string
  readonly brokers: readonly BrokerQueues[]
}

export interface NameServerState {
  readonly role: 'nameserver'
  readonly id: NodeId
  readonly names: readonly string[]
  readonly expiryUs: Us
  /** Of brokers that say every second that they are there. */
  readonly actingExpiryUs: Us
  readonly scanUs: Us
  orders: readonly OrderConf[]
  startedAt: Us
  brokers: Registration[]
  /** Whose connections have closed, and the first incarnation whose connection has not: what comes late from others is lost with them. */
  closed: { readonly broker: NodeId; readonly firstAlive: number }[]
}

const SCAN = 'scan'

function onRegister(state: NameServerState, env: NameServerEnv, entry: Entry, message: RegisterBroker): void {
  const broker = entry.from
  if (state.closed.some((one) => one.broker === broker && entry.a < one.firstAlive)) return
  const known = state.brokers.find((one) => one.broker === broker)
  if (known === undefined && !env.rules.acceptsNewcomer(message.topics.length, message.increment)) return
  const isMaster = message.slaveOf === undefined
  const { home = message.slaveOf ?? broker, epoch = 0 } = message
  if (isMaster && !env.rules.takesPlace(epoch, masterOf(state, home)?.epoch ?? 0)) return
  const acting = message.acting === true
  const speaks = isMaster || (acting && isPrime(state, broker, home))
  const topics = speaks ? merged(known?.topics ?? [], message.topics) : inherited(state, known, home)
  const wiped = known !== undefined && isSame(known.topics, topics) ? [...known.wiped] : []
  const registration = { broker, home, isMaster, epoch, connection: entry.a, topics, wiped, heardAt: env.now, acting }
  // RMQ-007, RMQ-009: an id has one address, the last one that says it has it. A new list: what asks for routes reads it in the order of names.
  const stays = (one: Registration): boolean => one.broker !== broker && !(isMaster && one.isMaster && one.home === home)
  state.brokers = [...state.brokers.filter(stays), registration].sort((x, y) => x.broker - y.broker)
  if (known?.isMaster === true && !isMaster) env.record.unregistered(nameOf(state, known.home), 'demoted')
  if (isMaster)
    env.record.registered(
      nameOf(state, home),
      registration.topics.map(({ topic }) => topic),
    )
  if (known === undefined) armScan(state, env)
}

const isSame = (xs: readonly TopicQueues[], ys: readonly TopicQueues[]): boolean =>
  xs.length === ys.length &&
  xs.every((x) => ys.some((y) => x.topic === y.topic && x.readQueues === y.readQueues && x.writeQueues === y.writeQueues))

/** RMQ-008: no other process of its name is there that would come before it. */
const isPrime = (state: NameServerState, slave: NodeId, home: NodeId): boolean =>
  state.brokers.every((one) => one.home !== home || (!one.isMaster && one.broker >= slave))

/** RMQ-004: who is not registered is not heard of either. */
function onHeartbeat(state: NameServerState, env: NameServerEnv, from: NodeId): void {
  state.brokers = state.brokers.map((one) => (one.broker === from ? { ...one, heardAt: env.now } : one))
}

/** RMQ-008: a slave has no say in what the topics are; it stands for those of its master. */
const inherited = (state: NameServerState, known: Registration | undefined, master: NodeId): readonly TopicQueues[] =>
  masterOf(state, master)?.topics ?? known?.topics ?? []

/** RMQ-007: where a master goes and a slave stays, the topics stay with the slave. */
function without(state: NameServerState, broker: NodeId, env: NameServerEnv): Registration[] {
  const gone = state.brokers.find((one) => one.broker === broker)
  const topics = env.rules.topicsStayWithSlave() ? (gone?.topics ?? []) : []
  const isLeft = (one: Registration): boolean => gone?.isMaster === true && !one.isMaster && one.home === gone.home
  return state.brokers.flatMap((one) => (one.broker === broker ? [] : isLeft(one) ? [{ ...one, topics }] : [one]))
}

/** Who is registered as the master under a broker's name. */
const masterOf = (state: NameServerState, home: NodeId): Registration | undefined =>
  state.brokers.find((one) => one.isMaster && one.home === home)
const nameOf = (state: NameServerState, broker: NodeId): string => state.names[broker] ?? ''

/** RMQ-008: topics that a registration does not mention stay. */
function merged(known: readonly TopicQueues[], told: readonly TopicQueues[]): readonly TopicQueues[] {
  const kept = known.filter(({ topic }) => !told.some((one) => one.topic === topic))
  return kept.length === 0 ? told : [...told, ...kept]
}

function drop(state: NameServerState, env: NameServerEnv, broker: NodeId, why: 'stopped' | 'closed'): void {
  const known = state.brokers.find((one) => one.broker === broker)
  if (known === undefined) return
  state.brokers = without(state, broker, env)
  if (known.isMaster) env.record.unregistered(nameOf(state, known.home), why)
}

/** RMQ-006: a connection has closed; `firstAlive` is the first incarnation of the peer whose connections have not. */
function onClosed(state: NameServerState, env: NameServerEnv, peer: NodeId, firstAlive: number): void {
  state.closed = [...state.closed.filter(({ broker }) => broker !== peer), { broker: peer, firstAlive }]
  const registration = state.brokers.find(({ broker }) => broker === peer)
  if (registration !== undefined && env.rules.isClosed(registration.connection, firstAlive)) drop(state, env, peer, 'closed')
}

/** RMQ-005: the scan comes every five seconds, and is awaited only when it can find something. */
function armScan(state: NameServerState, env: NameServerEnv): void {
  const first = state.brokers.reduce((least, one) => Math.min(least, one.heardAt + expiryOf(state, one)), Infinity)
  if (first === Infinity) return
  const waitUs = Math.max(0, first - env.now)
  env.timer(SCAN, waitUs + toGrid(env.uptime + waitUs - state.startedAt, state.scanUs))
}

const expiryOf = ({ expiryUs, actingExpiryUs }: NameServerState, { acting }: Registration): Us => (acting ? actingExpiryUs : expiryUs)

function onScan(state: NameServerState, env: NameServerEnv): void {
  const expired = state.brokers.filter((one) => env.rules.hasExpired(env.now - one.heardAt, expiryOf(state, one)))
  for (const { broker, isMaster, home } of expired) {
    state.brokers = without(state, broker, env)
    if (isMaster) env.record.expired(nameOf(state, home))
  }
  armScan(state, env)
}

const mastersOf = (state: NameServerState, topic: string): RouteEntry[] =>
  state.brokers.flatMap(({ broker, topics, wiped }) =>
    topics
      .filter((one) => one.topic === topic)
      .map(({ readQueues, writeQueues }) => ({ broker, readQueues, writeQueues: wiped.includes(topic) ? 0 : writeQueues })),
  )

/** RMQ-007: each broker once, with all that answer for it. */
function withSlaves(state: NameServerState, env: NameServerEnv, topic: string): RouteEntry[] {
  const known = new Set(state.brokers.map(({ home }) => home))
  return [...known]
    .sort((x, y) => x - y)
    .flatMap((broker) => {
      const slaves = state.brokers.filter(({ home, isMaster }) => !isMaster && home === broker)
      const master = masterOf(state, broker)
      const speaker = master ?? slaves[0]
      const queues = speaker?.topics.find((one) => one.topic === topic)
      if (queues === undefined) return []
      const { readQueues } = queues
      const writeQueues = speaker?.wiped.includes(topic) === true ? 0 : queues.writeQueues
      const ids = slaves.map((slave) => slave.broker)
      if (master !== undefined) return [{ broker, readQueues, writeQueues, addresses: { master: master.broker, slaves: ids } }]
      const supported = speaker?.acting === true
      const addresses = withoutMaster(ids, env.rules.standsIn(ids, supported), supported)
      return [{ broker, readQueues, writeQueues: supported ? 0 : writeQueues, addresses }]
    })
}

/** RMQ-010: who stands in has the id 0 then, and no other. */
const withoutMaster = (slaves: readonly NodeId[], master: NodeId, acting: boolean): Addresses =>
  acting && master >= 0 ? { master, slaves: slaves.filter((slave) => slave !== master), acting } : { master, slaves }

function memberGroup(state: NameServerState, env: NameServerEnv, { home }: GetMemberGroup): MemberGroup {
  const members = state.brokers.filter((one) => one.home === home)
  const inOrder = [...members.filter(({ isMaster }) => isMaster), ...members.filter(({ isMaster }) => !isMaster)]
  return { type: 'memberGroup', salt: salted('memberGroup', home, env.uptime), members: inOrder.map(({ broker }) => broker) }
}

/** RMQ-010: the brokers that have the topic; none of them is asked whether it is still there. */
function route(state: NameServerState, env: NameServerEnv, { topic, at }: GetRoute): RouteAnswer {
  const isPlain = state.brokers.every(({ broker, home, isMaster }) => isMaster && broker === home)
  const brokers = isPlain ? mastersOf(state, topic) : withSlaves(state, env, topic)
  const conf = brokers.length === 0 ? undefined : state.orders.find((one) => one.topic === topic)
  const order = conf?.brokers.map(({ broker, queues }) => ({ broker, queues })) ?? null
  return { type: 'routeAnswer', salt: salted('routeAnswer', hashName(topic), 0, env.uptime), topic, at, brokers, order }
}

/** A topic that the broker does not have is not wiped either. */
function onWipe(state: NameServerState, env: NameServerEnv, from: NodeId, { op, target, topic, broker, salt }: WipeWritePerm): void {
  state.brokers = state.brokers.map((one) =>
    one.broker === broker && !one.wiped.includes(topic) ? { ...one, wiped: [...one.wiped, topic] } : one,
  )
  env.send(from, { type: 'wipeWritePermAnswer', salt: salted('wipeWritePermAnswer', salt), op, target } as WipeWritePermAnswer)
}

/** Brokers that are not named keep their numbers; a producer goes by the brokers in the order of their names. */
function onOrderConf(state: NameServerState, env: NameServerEnv, from: NodeId, { op, salt, topic, brokers }: UpdateOrderConf): void {
  const known = state.orders.find((one) => one.topic === topic)?.brokers ?? []
  const kept = known.filter(({ broker }) => !brokers.some((one) => one.broker === broker))
  const conf = { topic, brokers: [...kept, ...brokers].map((one) => ({ ...one })).sort((x, y) => x.broker - y.broker) }
  const others = state.orders
    .filter((one) => one.topic !== topic)
    .map((one) => ({ topic: one.topic, brokers: one.brokers.map((b) => ({ ...b })) }))
  state.orders = [...others, conf]
  env.put(ORDER_FILE, { orders: [...others, conf] } satisfies OrderFile)
  // A disk that refuses leaves the operator without an answer, and the table changed until the next crash.
  if (!env.forceNow(ORDER_FILE)) return
  env.send(from, { type: 'updateOrderConfAnswer', salt: salted('updateOrderConfAnswer', salt), op } as UpdateOrderConfAnswer)
}

function onMessage(state: NameServerState, entry: Entry, env: NameServerEnv): void {
  const message = entry.body as RocketmqMessage
  if (message.type === 'registerBroker') onRegister(state, env, entry, message)
  else if (message.type === 'brokerHeartbeat') onHeartbeat(state, env, entry.from)
  else if (message.type === 'getMemberGroup') env.send(entry.from, memberGroup(state, env, message))
  else if (message.type === 'unregisterBroker') drop(state, env, entry.from, 'stopped')
  else if (message.type === 'wipeWritePerm') onWipe(state, env, entry.from, message)
  else if (message.type === 'updateOrderConf') onOrderConf(state, env, entry.from, message)
  else if (message.type === 'getRoute') env.send(entry.from, route(state, env, message))
}

const ordersOf = ({ cluster, config, idOf }: Setting<RocketmqConfig>): OrderConf[] =>
  config.order === 'normal'
    ? []
    : cluster.topics.map(({ name, queues, brokers = cluster.brokers }) => ({
        topic: name,
        brokers: brokers.map((broker) => ({ broker: idOf(broker), queues })),
      }))

interface Registering {
  readonly id: NodeId
  readonly topics: readonly TopicQueues[]
}

const knowsTopics = (known: Registration, { topics }: Registering): boolean =>
  known.topics.every((one) => {
    const now = topics.find(({ topic }) => topic === one.topic)
    return now === undefined || (now.readQueues === one.readQueues && now.writeQueues === one.writeQueues)
  })

export const nameserver = {
  boot: (id: NodeId, setting: Setting<RocketmqConfig>): NameServerState => ({
    role: 'nameserver',
    id,
    names: setting.nodes.map(({ name }) => name),
    expiryUs: setting.config.parameters.brokerExpiryUs,
    actingExpiryUs: setting.config.parameters.actingExpiryUs,
    scanUs: setting.config.parameters.expiryScanUs,
    orders: ordersOf(setting),
    startedAt: 0,
    brokers: [],
    closed: [],
  }),

  /** Nobody to tell: brokers register of their own accord (RMQ-004). */
  start(state: NameServerState, env: NameServerEnv): void {
    state.startedAt = env.uptime
    const kept = cellValue(env.disk, ORDER_FILE) as OrderFile | null
    if (kept !== null) state.orders = kept.orders
  },

  handle(state: NameServerState, entry: Entry, env: NameServerEnv): void {
    switch (entry.kind) {
      case 'message':
        return onMessage(state, entry, env)
      case 'timer':
        return onScan(state, env)
      case 'clock':
        return armScan(state, env)
      case 'reset':
        return onClosed(state, env, entry.from, entry.a)
      default:
        return
    }
  },

  fork: (state: NameServerState): NameServerState => ({ ...state, brokers: state.brokers.slice(), closed: state.closed.slice() }),

  /** After the heal every NameServer hears of every broker, and of how many queues its topics have, within one registration period. */
  pending(state: NameServerState, brokers: readonly Registering[]): string | null {
    const unheard = brokers.find(
      (one) => !state.brokers.some((known) => known.broker === one.id && known.isMaster && knowsTopics(known, one)),
    )
    return unheard === undefined ? null : `${nameOf(state, state.id)} has not heard of ${nameOf(state, unheard.id)}`
  },
}
