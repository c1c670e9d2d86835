/**
 * The client script of a plan: who does what, when, under which operation numbers. The simulation and a live target run the same
 * script, so that a plan means the same thing to both.
 */
import { faultEnd } from './faults.ts'
import { hashName, mix, mixWide } from './hash.ts'
import { labelsOf, NO_LABELS, type Labels } from './labels.ts'
import {
  isChurn,
  isSteering,
  type AskedBy,
  type Churn,
  type Cluster,
  type Delay,
  type Item,
  type Operation,
  type Plan,
  type SendMode,
  type Steering,
  type TxnOutcome,
} from './plan.ts'
import { askedQueue, homesOf, queuesOf, type PlanQueue } from './queues.ts'
import { seconds, type Us } from './units.ts'

/** An operation number: names one client operation of a run, and the message that it sends. */
export type OpId = number

interface Base {
  readonly op: OpId
  readonly atUs: Us
  readonly salt: number
  readonly topic: string
}
interface Payload {
  /** The queue that the caller chose, if he did. */
  readonly to: PlanQueue | null
  readonly bytes: number
  readonly fails: number
  readonly digest: number
  readonly text: string
  /** The application's own key, or nothing. */
  readonly key: string
  readonly labels: Labels
}

export type SendStep = Base &
  Payload & {
    readonly do: 'send'
    readonly mode: SendMode
    /** A selector chooses the queue, by the key. */
    readonly byKey: boolean
    /** The message of which it is a copy, where an application sends one on. */
    readonly of?: OpId
    readonly sentinel: boolean
    readonly delay: Delay | null
  }
export type TransactionStep = Base & Payload & { readonly do: 'transaction'; readonly outcome: TxnOutcome; readonly answer: TxnOutcome }
/** Several messages in one send; `op` and the payload are those of the first, and the numbers of the others follow. */
export type BatchStep = Base & Payload & { readonly do: 'batch'; readonly messages: readonly BatchMessage[] }
export type BatchMessage = Pick<Base, 'op' | 'salt'> & Omit<Payload, 'to'>
export type CreateTopicStep = Base & { readonly do: 'createTopic'; readonly queues: number }
export type ResizeStep = Base & {
  readonly do: 'resize'
  readonly readQueues: number
  readonly writeQueues: number
  /** Which brokers are told. */
  readonly brokers: readonly string[]
  /** 0: he does not wait. */
  readonly drainUs: Us
  readonly barrierUs: Us
}
/** An operator keeps producers from a broker. */
export type WipeStep = Base & { readonly do: 'wipeWritePerm'; readonly broker: string }
/** What a client of the application does. */
export type ClientStep = SendStep | TransactionStep | BatchStep | CreateTopicStep
export type Step = ClientStep | ResizeStep | WipeStep
export const isOfClient = (step: Step): step is ClientStep => step.do !== 'resize' && step.do !== 'wipeWritePerm'

/** An administrator's request about one queue: to an offset, to a time, or to the end. Outside of every thread of control. */
export interface ResetStep extends Base {
  readonly client: string
  readonly group: string
  readonly to: PlanQueue
  readonly offset: number | null
  readonly timestampUs: Us | null
}

/** Somebody looks for messages. Outside of every thread of control. */
export interface QueryStep extends Base {
  readonly client: string
  readonly by: AskedBy
  /** Nothing where the client's own last message is looked for. */
  readonly key: string
  readonly sinceUs: Us | null
  readonly untilUs: Us | null
  readonly max: number
}

/** Somebody asks how far a group is behind. Outside of every thread of control. */
export interface StatsStep extends Base {
  readonly client: string
  readonly group: string
}

/** Whoever sent a message that waits wants it back. Outside of every thread of control. */
export interface RecallStep extends Base {
  readonly client: string
}

/** One thread of control: a step starts at the later of its time and the end of the step before. */
export interface Thread {
  readonly client: string
  readonly name: string
  readonly steps: readonly Step[]
}

/** A consumer is started or stopped. */
export type ChurnStep = Churn & { readonly op: OpId }

export interface Script {
  readonly threads: readonly Thread[]
  /** In the order of time. */
  readonly churn: readonly ChurnStep[]
  /** How often listeners fail the message that they fail most. */
  readonly failsMost: number
  /** Consumers that do not run until they are started. */
  readonly late: ReadonlySet<string>
  readonly resets: readonly ResetStep[]
  /** What consumers do with their queues of their own accord. */
  readonly steering: readonly Steering[]
  readonly queries: readonly QueryStep[]
  readonly stats: readonly StatsStep[]
  readonly recalls: readonly RecallStep[]
  /** No fault acts and no operation starts from here on. */
  readonly healUs: Us
  /** Operations from this number on are sentinels: marker messages by which a group shows that it has read a queue to its end. */
  readonly sentinelFrom: OpId
  /** One step for each queue; sent again, under another number, until one is acknowledged and, later, until one has arrived. */
  readonly sentinels: readonly SendStep[]
}

/** The client that sends the sentinels; a cluster has it beside the plan's own producers. */
export const SENTINEL = 'sentinel'
/** The database of a group's application, where its listeners have effects. */
export const databaseOf = (group: string): string => `${group}.db`
/** The client that reads every queue at the end. */
export const AUDITOR = 'auditor'
/** Why a sentinel is not sent: nobody may read its queue. */
export const QUEUE_CLOSED = 'QUEUE_CLOSED'
/** Operation numbers set aside for the sentinels of each queue. */
export const SENTINEL_TRIES = 4096

function digestOf(salt: number, bytes: number, text: string, key: string, labels: Labels): number {
  const bare = mix(mix(salt, bytes), hashName(text))
  const digest = key === '' ? bare : mix(bare, hashName(key))
  return labels === NO_LABELS ? digest : mix(digest, digestOfLabels(labels))
}

function digestOfLabels({ tag, properties }: Labels): number {
  let digest = hashName(tag)
  for (const name of Object.keys(properties).toSorted((x, y) => (x < y ? -1 : 1)))
    digest = mix(mix(digest, hashName(name)), hashName(properties[name] ?? ''))
  return digest
}

// Steps are written out: there are many, and a spread costs as much as a step of the simulation.
function addLoadSteps(steps: Step[], item: Item & { do: 'load' }, worker: number, firstOp: OpId): void {
  const count = Math.max(1, Math.floor(item.durationUs / item.everyUs))
  const { topic, bytes, fails = 0, text = '', select } = item
  const key = item.key === undefined ? '' : `${item.key}.${worker}`
  const byKey = select === 'key' && key !== ''
  const labels = labelsOf(item.tag, item.properties)
  for (let k = 0; k < count; k++) {
    const salt = mix(mix(item.salt, worker), k)
    const atUs = item.atUs + k * item.everyUs
    const digest = digestOf(salt, bytes, text, key, labels)
    steps.push({
      do: 'send',
      op: firstOp + k,
      atUs,
      salt,
      topic,
      to: null,
      bytes,
      fails,
      digest,
      text,
      key,
      labels,
      mode: 'sync',
      byKey,
      sentinel: false,
      delay: null,
    })
  }
}

/** One for each queue that the item is about; none where the plan has no such queue. */
function resetSteps(plan: Plan, item: Item & { do: 'resetOffset' }, firstOp: OpId): ResetStep[] {
  const { atUs, salt, topic, client, group, queue, broker, offset = null, timestampUs = null } = item
  const asked = (one: PlanQueue): boolean =>
    one.topic === topic && (queue === undefined || one.queue === queue) && (broker === undefined || one.broker === broker)
  return queuesOf(plan)
    .filter(asked)
    .map((to, k) => ({ op: firstOp + k, atUs, salt: mix(salt, k), topic, client, group, to, offset, timestampUs }))
}

/** As the administrator's tool asks where nothing is said (RMQ-140). */
const QUERY_MAX = 64

function queryStep(item: Item & { do: 'query' }, op: OpId): QueryStep {
  const { atUs, salt, topic, client, by, key = '', sinceUs = null, untilUs = null, max = QUERY_MAX } = item
  return { op, atUs, salt, topic, client, by, key, sinceUs, untilUs, max }
}

function singleStep(
  cluster: Cluster,
  item: Exclude<Operation, { do: 'load' | 'resetOffset' | 'query' | 'consumeStats' | 'recall' }>,
  op: OpId,
): Step {
  const { atUs, salt, topic } = item
  if (item.do === 'createTopic') return { do: 'createTopic', op, atUs, salt, topic, queues: item.queues }
  if (item.do === 'resize') {
    const { readQueues, writeQueues, brokers = homesOf(cluster, topic), drainUs = 0, barrierUs = 0 } = item
    return { do: 'resize', op, atUs, salt, topic, readQueues, writeQueues, brokers, drainUs, barrierUs }
  }
  if (item.do === 'wipeWritePerm') return { do: 'wipeWritePerm', op, atUs, salt, topic, broker: item.broker }
  if (item.do === 'batch') return batchStep(cluster, item, op)
  const { bytes, fails = 0, text = '', key = '' } = item
  const labels = labelsOf(item.tag, item.properties)
  const digest = digestOf(salt, bytes, text, key, labels)
  const content = { bytes, fails, digest, text, key, labels }
  if (item.do === 'send') {
    const to = item.queue === undefined ? null : askedQueue(cluster, topic, item.queue, item.broker)
    const byKey = item.select === 'key' && key !== '' && to === null
    const delay = item.delay ?? null
    return { do: 'send', op, atUs, salt, topic, to, ...content, mode: item.mode, byKey, sentinel: false, delay }
  }
  const { outcome, answer } = item
  return { do: 'transaction', op, atUs, salt, topic, to: null, ...content, outcome, answer }
}

function batchStep(cluster: Cluster, item: Item & { do: 'batch' }, op: OpId): BatchStep {
  const { topic, atUs, count, bytes, fails = 0, text = '' } = item
  const to = item.queue === undefined ? null : askedQueue(cluster, topic, item.queue, item.broker)
  const labels = labelsOf(item.tag, item.properties)
  const messages = Array.from({ length: count }, (_, k) => {
    const salt = mix(item.salt, k)
    const name = text === '' ? '' : `${text} ${k + 1}`
    return { op: op + k, salt, bytes, fails, digest: digestOf(salt, bytes, name, '', labels), text: name, key: '', labels }
  })
  const [first] = messages
  if (first === undefined) throw new Error('a batch has messages')
  return { do: 'batch', topic, atUs, ...first, to, messages }
}

/** For how long an item is under way of its own accord. */
function lengthOf(item: Item): Us {
  if (item.do === 'load') return item.durationUs
  if (item.do === 'pauseQueue') return item.forUs
  return item.do === 'resize' ? Math.max(item.drainUs ?? 0, item.barrierUs ?? 0) : 0
}

/** Whoever changes topics does so beside whatever else his client does. */
const threadNameOf = ({ do: what, client }: Item): string => (what === 'resize' || what === 'wipeWritePerm' ? `${client}/operator` : client)

/** The end of a plan's faults and workload, in plan time. */
export function healTime(plan: Plan): Us {
  let latest = 0
  for (const item of plan.workload) latest = Math.max(latest, item.atUs + lengthOf(item))
  for (const fault of plan.faults) latest = Math.max(latest, faultEnd(fault))
  return latest + seconds(1)
}

/** @throws never: a plan that parsed has a script. */
export function script(plan: Plan): Script {
  const steps = new Map<string, { client: string; steps: Step[] }>()
  const threadOf = (client: string, name: string): Step[] => {
    const known = steps.get(name)
    if (known !== undefined) return known.steps
    const made = { client, steps: [] }
    steps.set(name, made)
    return made.steps
  }
  const churn: ChurnStep[] = []
  const resets: ResetStep[] = []
  const queries: QueryStep[] = []
  const stats: StatsStep[] = []
  const recalls: RecallStep[] = []
  let op = 1
  for (const item of plan.workload) {
    if (isChurn(item)) {
      churn.push({ ...item, op: op++ })
      continue
    }
    if (isSteering(item)) continue
    if (item.do === 'resetOffset') {
      const made = resetSteps(plan, item, op)
      resets.push(...made)
      op += made.length
      continue
    }
    if (item.do === 'query') {
      queries.push(queryStep(item, op++))
      continue
    }
    if (item.do === 'consumeStats') {
      const { atUs, salt, topic, client, group } = item
      stats.push({ op: op++, atUs, salt, topic, client, group })
      continue
    }
    if (item.do === 'recall') {
      const { atUs, salt, topic, client } = item
      recalls.push({ op: op++, atUs, salt, topic, client })
      continue
    }
    if (item.do !== 'load') {
      threadOf(item.client, threadNameOf(item)).push(singleStep(plan.cluster, item, op))
      op += item.do === 'batch' ? item.count : 1
      continue
    }
    for (let worker = 0; worker < item.workers; worker++) {
      const thread = threadOf(item.client, `${item.client}/${item.salt}.${worker}`)
      addLoadSteps(thread, item, worker, op)
      op += thread.length
    }
  }
  // Sorting is stable, so operations of one instant keep the order of the plan.
  const threads = [...steps].map(([name, thread]) => ({ client: thread.client, name, steps: thread.steps.sort((x, y) => x.atUs - y.atUs) }))
  churn.sort((x, y) => x.atUs - y.atUs)
  const healUs = healTime(plan)
  const sentinels = sentinelSteps(plan, op, healUs + seconds(1))
  const steering = plan.workload.filter(isSteering)
  const asked = { resets, queries, stats, recalls, steering }
  return { threads, churn, failsMost: failsMost(plan), late: lateOf(churn), ...asked, healUs, sentinelFrom: op, sentinels }
}

export const failsMost = ({ workload }: Plan): number =>
  workload.reduce((most, item) => Math.max(most, 'fails' in item ? (item.fails ?? 0) : 0), 0)

function lateOf(churn: readonly ChurnStep[]): Set<string> {
  const first = new Map<string, 'start' | 'stop'>()
  for (const step of churn) if (!first.has(step.client)) first.set(step.client, step.do)
  return new Set([...first].flatMap(([client, act]) => (act === 'start' ? [client] : [])))
}

function sentinelSteps(plan: Plan, firstOp: OpId, atUs: Us): SendStep[] {
  return queuesOf(plan).map((to, index) => {
    const { topic, queue, broker } = to
    const salt = mixWide(mix(hashName(topic), queue), broker === null ? 0 : hashName(broker))
    const [op, bytes, text] = [firstOp + index * SENTINEL_TRIES, 8, 'sentinel']
    const labels = NO_LABELS
    const digest = digestOf(salt, bytes, text, '', labels)
    const [byKey, sentinel, delay] = [false, true, null]
    return { do: 'send', op, atUs, salt, topic, to, bytes, fails: 0, digest, text, key: '', labels, mode: 'sync', byKey, sentinel, delay }
  })
}
