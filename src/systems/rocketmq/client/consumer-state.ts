/** A consumer's memory: its queues, and what its listener threads are working on. */
import { isBroadcasting, isOrderly, isPop, isPulling } from '../../../plan/groups.ts'
import { retryTopic } from '../../../plan/group-topics.ts'
import type { Labels } from '../../../plan/labels.ts'
import type { Forward, Group, ListenerBatch, Receiver, StartAt, Steering, Strategy } from '../../../plan/plan.ts'
import type { QueueName } from '../../../plan/queues.ts'
import { subscriptionOf } from '../../../plan/subscription.ts'
import { databaseOf } from '../../../plan/script.ts'
import type { Us } from '../../../plan/units.ts'
import type { NodeId, Setting } from '../../../sim/system.ts'
import type { RocketmqConfig } from '../config.ts'
import { filterOf, type Filter } from '../filter.ts'
import type { Parameters } from '../parameters.ts'
import { isReturning } from '../returning.ts'
import { allocateOf } from './allocate/of-group.ts'
import type { Allocate } from './allocate/strategy.ts'
import type { Batch } from './batch-call.ts'
import { newOrderlyQueue, type LockRequest, type OrderlyQueue } from './orderly-state.ts'
import type { Handling } from './receivers/handling.ts'
import { forkTables, newTables, type Tables } from './receivers/tables.ts'
import { forkPopClient, newPopClient, type PopClient, type Popped } from './pop-state.ts'
import { forkProcessQueue, newProcessQueue, type ProcessQueue } from './process-queue.ts'
import { newForwarder } from './forward.ts'
import { forkProducer, type ProducerState } from './producer-state.ts'
import type { Returning } from './send-back.ts'
import { forkRoutes, newRoutes, type Place, type RouteState } from './routes.ts'
import { forkTracing, newTracing, type Tracing } from './trace.ts'

/** One queue that this consumer owns, or once owned: tasks keep their places in the list. */
export interface Task {
  readonly topic: string
  readonly queue: number
  readonly name: QueueName
  readonly broker: NodeId
  /**
   * locking: asks for the lock of an orderly group's queue; asking: for the stored offset; resting: until the next pull; pulling: one pull is
   * out; blocked: by flow control; lost: not ours (any more).
   */
  phase: 'locking' | 'asking' | 'resting' | 'pulling' | 'blocked' | 'lost'
  /** Who is asked (last): the broker's master, or a slave; and who the broker says had better be asked for messages. */
  address: NodeId
  suggested: number
  /** The request that is out: answers of others are void. */
  request: number
  deadline: Us
  /** The next offset to pull. */
  next: number
  /** The end of the queue, as the broker last said. */
  max: number
  /** Counts the times that the queue was dropped: results for an earlier one are void (RMQ-094). */
  generation: number
  processing: ProcessQueue
  /** Where nothing more was found for this consumer, and it held nothing, when it last asked; -1: that was never so. */
  emptyAt: number
  /** Until when its application lets it rest. */
  pausedUntil: Us
  /** The progress that the broker was last told. */
  reported: number
  /** What the application has committed, where it asks for its messages; -1: nothing yet. */
  committed: number
  /** Null in a group whose listeners run concurrently. */
  orderly: OrderlyQueue | null
}

/** A listener works on a message of the queue, or one of its messages is on its way back. */
export const isBusy = ({ running, returning }: ConsumerState, index: number): boolean =>
  running.some(({ task }) => task === index) || returning.some(({ task }) => task === index)

export const isHeld = (task: Task): boolean => task.phase !== 'lost'
/** It has begun with the queue: there is a progress to speak of. */
export const isBegun = (task: Task): boolean => task.phase !== 'lost' && task.phase !== 'locking' && task.phase !== 'asking'

/** How this consumer stands with the members of its group, for one topic. */
export interface Balance {
  readonly topic: string
  /** The question for the list of members that is out, or -1. */
  request: number
  deadline: Us
  /** What is out is no question, but the heartbeat that brings a notification. */
  announced: boolean
  /** Something changed meanwhile: ask again. */
  again: boolean
  /** The last list that came named this consumer, and nothing is known to have changed since. */
  settled: boolean
  /** That list, and which broker has sent it. */
  members: readonly string[]
  toldBy: NodeId
}

/** A listener at work. */
export interface Running {
  readonly op: number
  readonly task: number
  readonly generation: number
  readonly offset: number
  readonly message: number
  readonly key: string
  readonly labels: Labels
  readonly succeeds: boolean
  /** Names the content of this delivery: what its choices are drawn from. */
  readonly luck: number
  readonly handling: Handling | null
  /** The operation that sends its copy on, or -1. */
  readonly copy: number
  /** What was taken, of a pop consumer, which has no task. */
  readonly popped: Popped | null
  /** Null: its listener is given one message at a time. */
  readonly batch: Batch | null
}

/** What a thread will be given: a message, and, of a batch, those after it. */
interface Ready {
  readonly task: number
  readonly generation: number
  readonly offset: number
  readonly more?: readonly number[]
}

export interface ConsumerShape {
  readonly name: string
  readonly group: string
  /** Applications with other subscriptions use the group's name too. */
  readonly contested: boolean
  /** Names of all nodes, for the history. */
  readonly nodeNames: readonly string[]
  readonly receiver: Receiver | null
  /** The application's database; -1 where it has none. */
  readonly database: NodeId
  readonly parameters: Parameters
  readonly recordPolls: boolean
  readonly forward: Forward | null
  readonly broadcasting: boolean
  /** What it takes of its topics, by its own lights; null: everything. */
  readonly filter: Filter | null
  /** Brokers look at what it may do. */
  readonly guarded: boolean
  /** It, or another application that uses the group's name, does not take everything: the broker leaves things out. */
  readonly filtered: boolean
  readonly orderly: boolean
  /** What it does with its queues of its own accord. */
  readonly steering: readonly Steering[]
  /** Its listener is given several messages at once. */
  readonly batch: ListenerBatch | null
  readonly allocate: Allocate
  /** The queues, by their numbers, that it was told to read; null: it deals them out with its group. */
  readonly assigned: readonly number[] | null
  /** Null where the plan does not name one: what members compute is then no part of the history. */
  readonly strategy: Strategy | null
  readonly startAt: StartAt
  /** The application asks for messages by itself, and commits after so many of them (0: the client does, as time goes by); null: it listens. */
  readonly commitEvery: number | null
  readonly popFailure: RocketmqConfig['popFailure']
  /** What its listener fails on goes back to the broker; how often it is to come again, where the application says so. */
  readonly sendsBack: boolean
  readonly maxReconsumeTimes: number | null
}

export interface ConsumerState extends RouteState {
  readonly role: 'consumer'
  readonly shape: ConsumerShape
  /** ip@pid#nanotime: another one for each process (RMQ-096). */
  clientId: string
  /** Brokers that have had a heartbeat on the present connection. */
  connected: NodeId[]
  balances: Balance[]
  tasks: Task[]
  running: Running[]
  /** What is on its way back to a broker. */
  returning: Returning[]
  /** It looks for what has been worked on for too long. */
  watching: boolean
  /** The producer of a process that sends messages on. */
  out: ProducerState | null
  /** Waiting for a free listener thread, in order. */
  ready: Ready[]
  /** The last number given to a delivery, a commit or a request. Starts apart for each process. */
  serial: number
  startedAt: Us
  /** A broker takes its selector, and the question that is out about that. */
  admitted: boolean
  checking: number
  /** When this process subscribed, by its own clock (RMQ-105). */
  subVersion: Us
  /** What the application remembers in its memory. */
  readonly tables: Tables
  /** Locks that were asked for again: void once their time is over. */
  lockRequests: LockRequest[]
  /** Of an application that asks for messages: how many it has done, and from when on the client commits by itself. */
  polled: { done: number; commitAt: Us }
  /** When the timer of the requests fires; -1: it is not armed. */
  timeoutAt: Us
  /** What it tells of its messages; null where it does not. */
  trace: Tracing | null
  /** Null: its group is pushed to. */
  pop: PopClient | null
}

export function newConsumer(id: NodeId, setting: Setting<RocketmqConfig>): ConsumerState {
  const name = setting.nodes[id]?.name ?? ''
  const group = setting.cluster.groups.find((one) => one.consumers.includes(name))
  if (group === undefined) throw new Error(`${name} is in no group`)
  return {
    role: 'consumer',
    id,
    shape: shapeOf(name, group, setting),
    // RMQ-116: its retry topic is subscribed by itself.
    topics: isReturning(setting, group) ? [...group.topics, retryTopic(group.name)] : group.topics,
    ...newRoutes(setting, 'consume'),
    clientId: name,
    connected: [],
    balances: [],
    tasks: [],
    running: [],
    returning: [],
    watching: false,
    out: group.forward === undefined ? null : newForwarder(id, setting, group.forward.to),
    ready: [],
    serial: 0,
    startedAt: 0,
    admitted: false,
    checking: -1,
    subVersion: 0,
    tables: newTables(),
    lockRequests: [],
    polled: { done: 0, commitAt: 0 },
    timeoutAt: -1,
    trace: newTracing(name, group.name, setting),
    pop: isPop(group) ? newPopClient() : null,
  }
}

/** What its configuration and its code say, and no process changes. */
function shapeOf(name: string, group: Group, setting: Setting<RocketmqConfig>): ConsumerShape {
  const { parameters, recordPolls, popFailure, authorizationEnabled, accounts } = setting.config
  const same = setting.cluster.groups.filter((one) => one.name === group.name)
  return {
    name,
    group: group.name,
    contested: same.some((one) => one.topics.join() !== group.topics.join() || subscriptionOf(one) !== subscriptionOf(group)),
    nodeNames: setting.nodes.map((node) => node.name),
    receiver: group.receiver ?? null,
    database: group.receiver === undefined ? -1 : setting.idOf(databaseOf(group.name)),
    parameters,
    recordPolls,
    forward: group.forward ?? null,
    broadcasting: isBroadcasting(group),
    filter: filterOf(group),
    guarded: authorizationEnabled && accounts.some(({ of }) => of === group.name),
    filtered: same.some((one) => filterOf(one) !== null),
    orderly: isOrderly(group),
    batch: group.batch ?? null,
    steering: setting.script.steering.filter(({ client }) => client === name),
    allocate: allocateOf(group, name),
    assigned: group.assign ?? null,
    strategy: group.allocate ?? null,
    // RMQ-097: the default is to begin at the end, which in a young queue is its beginning; without a word for it, queues stay young.
    startAt: group.startAt ?? 'first',
    commitEvery: isPulling(group) ? (group.commitEvery ?? 0) : null,
    popFailure,
    sendsBack: isReturning(setting, group),
    maxReconsumeTimes: group.maxReconsumeTimes ?? null,
  }
}

export const newTask = (topic: string, { queue, name, broker }: Place, orderly: boolean): Task => ({
  topic,
  queue,
  name,
  broker,
  phase: 'lost',
  address: broker,
  suggested: 0,
  request: -1,
  deadline: 0,
  next: 0,
  max: 0,
  generation: 0,
  processing: newProcessQueue(0),
  emptyAt: -1,
  pausedUntil: 0,
  reported: -1,
  committed: -1,
  orderly: orderly ? newOrderlyQueue() : null,
})

const forkRunning = (one: Running): Running => {
  const { handling, batch } = one
  if (handling === null && batch === null) return one
  return {
    ...one,
    handling: handling === null ? null : { ...handling },
    batch: batch === null ? null : { before: batch.before, after: batch.after.map(forkRunning) },
  }
}

export const forkConsumer = (state: ConsumerState): ConsumerState => ({
  ...state,
  ...forkRoutes(state),
  connected: state.connected.slice(),
  balances: state.balances.map((balance) => ({ ...balance })),
  tasks: state.tasks.map((task) => ({
    ...task,
    processing: forkProcessQueue(task.processing),
    orderly: task.orderly === null ? null : { ...task.orderly },
  })),
  lockRequests: state.lockRequests.slice(),
  polled: { ...state.polled },
  running: state.running.map(forkRunning),
  tables: forkTables(state.tables),
  returning: state.returning.slice(),
  ready: state.ready.slice(),
  out: state.out === null ? null : forkProducer(state.out),
  trace: state.trace === null ? null : forkTracing(state.trace),
  pop: state.pop === null ? null : forkPopClient(state.pop),
})
export const isPulled = ({ shape }: ConsumerState): boolean => shape.commitEvery !== null
