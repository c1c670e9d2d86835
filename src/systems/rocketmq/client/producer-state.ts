/** A producer's memory: which step each of its threads is at, and what is open. */
import { isBroadcasting } from '../../../plan/groups.ts'
import {
  isOfClient,
  SENTINEL,
  SENTINEL_TRIES,
  type ClientStep,
  type QueryStep,
  type RecallStep,
  type ResetStep,
  type SendStep,
  type StatsStep,
  type Thread,
} from '../../../plan/script.ts'
import type { Us } from '../../../plan/units.ts'
import type { NodeId, Setting } from '../../../sim/system.ts'
import type { RocketmqConfig } from '../config.ts'
import type { Parameters } from '../parameters.ts'
import type { SendStatus } from '../messages.ts'
import { closedIn, type IsClosed } from './closed.ts'
import type { Isolation } from './latency.ts'
import type { LastSent, Querying } from './questions.ts'
import type { Handle, Recalling } from './recall.ts'
import type { Resizing } from './resize.ts'
import { forkRoutes, newRoutes, type RouteState } from './routes.ts'
import type { Offer, Turn } from './select.ts'
import type { Counting } from './stats.ts'
import { forkTracing, newTracing, type Tracing } from './trace.ts'
import type { Wiping } from './wipe.ts'

/** The thread of what a forwarding application sends on: the lowest number that a thread has. */
export const FORWARDED = -2

export interface ThreadState {
  next: number
  busy: boolean
}

/** An operation that has begun and not ended. */
export interface Open {
  readonly step: ClientStep
  /** -1: the sentinels' thread. */
  readonly thread: number
  deadline: Us
  /** Attempts begun; 0 while the route is still unknown. */
  attempt: number
  /** When the present attempt began, by the wall clock. */
  since: Us
  broker: NodeId
  /** The process that was asked: the broker's master. */
  address: NodeId
  queue: number
  /** How many messages this process had named before: its own msgId is the next. */
  readonly named: number
  /** The msgId of the present attempt. */
  msgId: string
  /** Why an earlier attempt may have been stored; '' where none can have been. */
  doubt: string
}

export interface ProducerShape {
  readonly name: string
  /** Names of all nodes, for the history. */
  readonly names: readonly string[]
  readonly parameters: Parameters
  /** RMQ-082. */
  readonly retryAnotherBrokerWhenNotStoreOK: boolean
  /** Refusals after which a message may be stored all the same: of a group that lacks a majority (RMQ-079). */
  readonly doubtful: readonly SendStatus[]
  /** RMQ-085. */
  readonly sendLatencyFaultEnable: boolean
  /** Whom an administrator addresses: known from the configuration, since a topic to be created has no route. */
  readonly brokers: readonly NodeId[]
  /** The groups whose members share the messages of a topic: an operator waits for those. */
  readonly readers: readonly { readonly name: string; readonly topics: readonly string[] }[]
  readonly isClosed: IsClosed
  /** Topics have an order configuration. */
  readonly isOrdered: boolean
  readonly threads: readonly Thread[]
  readonly sentinels: readonly SendStep[]
  readonly resets: readonly ResetStep[]
  readonly queries: readonly QueryStep[]
  readonly stats: readonly StatsStep[]
  readonly recalls: readonly RecallStep[]
  /** Transactions that this producer runs, by operation. */
  readonly transactions: ReadonlyMap<number, ClientStep & { readonly do: 'transaction' }>
  /** Of every transaction, the instance that has run it. */
  readonly writers: ReadonlyMap<number, NodeId>
}

export interface ProducerState extends RouteState {
  readonly role: 'producer'
  readonly shape: ProducerShape
  threads: ThreadState[]
  open: Open[]
  resizing: Resizing[]
  wiping: Wiping[]
  /** Copies of a forwarding application that have come to an end. */
  forwarded: { readonly op: number; readonly acknowledged: boolean }[]
  deadlineArmed: boolean
  startedAt: Us
  /** Messages that this process has named. */
  named: number
  /** What the known routes offer, one for each topic. */
  offers: readonly Offer[]
  /** Of each thread. */
  turns: Turn[][]
  /** Brokers that are left alone for a while. */
  isolated: readonly Isolation[]
  /** Resets without an answer. */
  resetting: readonly number[]
  querying: readonly Querying[]
  /** Of each topic, where the client looks for messages. */
  lastSent: readonly LastSent[]
  counting: readonly Counting[]
  recalling: readonly Recalling[]
  /** Of each topic, what its last message that waits can be recalled by. */
  handles: readonly Handle[]
  /** What it tells of its messages; null where it does not. */
  trace: Tracing | null
  /** The queue whose sentinel is being sent, and how many were sent in all; null while nobody asked for them. */
  sentinel: { index: number; sent: number } | null
}

function writersIn({ script, idOf }: Setting<RocketmqConfig>): Map<number, NodeId> {
  const writers = new Map<number, NodeId>()
  for (const { client, steps } of script.threads)
    for (const step of steps) if (step.do === 'transaction') writers.set(step.op, idOf(client))
  return writers
}

export function newProducer(id: NodeId, setting: Setting<RocketmqConfig>): ProducerState {
  const name = setting.nodes[id]?.name ?? ''
  const threads = setting.script.threads.filter((thread) => thread.client === name)
  const sentinels = name === SENTINEL ? setting.script.sentinels : []
  const topics = new Set(sentinels.map((step) => step.topic))
  const transactions = new Map<number, ClientStep & { readonly do: 'transaction' }>()
  const queries = setting.script.queries.filter(({ client }) => client === name)
  const stats = setting.script.stats.filter(({ client }) => client === name)
  for (const { topic } of [...queries, ...stats]) topics.add(topic)
  for (const { steps } of threads) {
    for (const step of steps) {
      if (isOfClient(step)) topics.add(step.topic)
      if (step.do === 'transaction') transactions.set(step.op, step)
    }
  }
  return {
    role: 'producer',
    id,
    shape: {
      name,
      names: setting.nodes.map((node) => node.name),
      brokers: setting.cluster.brokers.map(setting.idOf),
      isClosed: closedIn(setting.cluster),
      isOrdered: setting.config.order === 'strict',
      readers: setting.cluster.groups.filter((group) => !isBroadcasting(group)),
      parameters: setting.config.parameters,
      retryAnotherBrokerWhenNotStoreOK: setting.config.retryAnotherBrokerWhenNotStoreOK,
      doubtful: setting.config.commitLog === 'dledger' ? ['SYSTEM_ERROR'] : [],
      sendLatencyFaultEnable: setting.config.sendLatencyFaultEnable,
      threads,
      sentinels,
      resets: setting.script.resets.filter(({ client }) => client === name),
      queries,
      stats,
      recalls: setting.script.recalls.filter(({ client }) => client === name),
      transactions,
      writers: writersIn(setting),
    },
    topics: [...topics],
    // Sentinels go to what is read, whether anybody writes there or not.
    ...newRoutes(setting, name === SENTINEL ? 'consume' : 'send'),
    threads: threads.map(() => ({ next: 0, busy: false })),
    open: [],
    resizing: [],
    wiping: [],
    forwarded: [],
    deadlineArmed: false,
    startedAt: 0,
    named: 0,
    offers: [],
    turns: [],
    isolated: [],
    resetting: [],
    querying: [],
    lastSent: [],
    counting: [],
    recalling: [],
    handles: [],
    trace: name === SENTINEL ? null : newTracing(name, '', setting),
    sentinel: null,
  }
}

export const forkProducer = (state: ProducerState): ProducerState => ({
  ...state,
  ...forkRoutes(state),
  threads: state.threads.map((thread) => ({ ...thread })),
  open: state.open.map((open) => ({ ...open })),
  resizing: state.resizing.map((one) => ({ ...one })),
  wiping: state.wiping.map((one) => ({ ...one })),
  forwarded: state.forwarded.slice(),
  turns: state.turns.map((turns) => turns.map((turn) => ({ ...turn }))),
  trace: state.trace === null ? null : forkTracing(state.trace),
  sentinel: state.sentinel === null ? null : { ...state.sentinel },
})

/** Every sentinel that is sent has a number, and a luck, of its own. */
export const sentinelStep = (step: SendStep, sent: number): SendStep => ({
  ...step,
  op: step.op + Math.min(sent, SENTINEL_TRIES - 1),
  salt: step.salt + sent,
})
