/** What a setup amounts to, in a line or two, and what a plan does, in a sentence. */
import { sideOf, type CrashPoint, type Fault } from '../plan/faults.ts'
import { isBroadcasting, isPop } from '../plan/groups.ts'
import { isChurn } from '../plan/plan.ts'
import type { Forward, Group, Item, Plan, Receiver, Topic } from '../plan/plan.ts'
import { verbOf } from './forms.ts'
import { showTime } from './syntax.ts'

export const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1] ?? ''}`

const START = { first: 'the beginning', last: 'the end' } as const
const numbers = ({ queues }: Topic): string => (queues === 1 ? '0' : `0..${queues - 1}`)
/** How the queues of each of its brokers are called: by their numbers alone, where the plan does not say who has them. */
const homes = ({ brokers }: Topic): string[] => brokers?.map((broker) => `${broker}:`) ?? ['']
const queuesOf = (topic: Topic): string[] => homes(topic).map((home) => `${topic.name}:${home}${numbers(topic)}`)

/** All of a topic, or those that its consumers are told to read. */
function readQueues({ assign }: Group, topic: Topic): string[] {
  if (assign === undefined) return queuesOf(topic)
  return assign.filter((queue) => queue < topic.queues).flatMap((queue) => homes(topic).map((home) => `${topic.name}:${home}${queue}`))
}

/** Folds clauses into lines of at most 100 characters. */
function folded(clauses: readonly string[]): string[] {
  const lines: string[] = []
  for (const clause of clauses) {
    const line = lines[lines.length - 1]
    if (line === undefined || line.length + clause.length + 2 > 100) lines.push(clause)
    else lines[lines.length - 1] = `${line}; ${clause}`
  }
  return lines
}

const describeReceiver = (group: string, { recipe, by }: Receiver): string =>
  recipe === 'plain' ? `${group} knows no duplicates` : `${group} knows duplicates by ${by} (${recipe})`

function describeForward(group: string, { to, when }: Forward): string {
  if (when === 'never') return `${group} discards what it is given`
  return `${group} sends on to ${to}${when === 'before' ? ', without waiting' : ''}`
}

const many = (one: string, several: string, consumers: readonly string[]): string => (consumers.length === 1 ? one : several)

function describeStart({ startAt }: Group): string {
  if (startAt === undefined) return ''
  return typeof startAt === 'object' ? `, from ${showTime(startAt.timestampUs)} on` : `, from ${START[startAt]} on`
}

const describeTags = ({ tags, selector }: Group): string =>
  `${tags === undefined ? '' : `, of what is tagged ${tags}`}${selector === undefined ? '' : `, where ${selector}`}`

/** One whose first item is a start does not run before it. */
const comesLater = (workload: readonly Item[], consumer: string): boolean =>
  workload
    .filter((item) => isChurn(item) && item.client === consumer)
    .toSorted((x, y) => x.atUs - y.atUs)
    .at(0)?.do === 'start'

/** What its consumers do with their queues. */
function verbOfGroup(group: Group, consumers: readonly string[]): string {
  if (isPop(group)) return many('pops', 'pop', consumers)
  if (group.assign !== undefined) return many('is told to read', 'are each told to read', consumers)
  return many('owns', isBroadcasting(group) ? 'each read' : 'share', consumers)
}

/** "c1 of g owns T:0", "c1 of g owns T:0, in order, and c2 comes later", or "c2 of g comes later, for T:0". */
function describeMembers(group: Group, workload: readonly Item[], what: string): string {
  const later = group.consumers.filter((consumer) => comesLater(workload, consumer))
  const now = group.consumers.filter((consumer) => !later.includes(consumer))
  const comes = `${many('comes', 'come', later)} later`
  if (now.length === 0) return `${listed(later)} of ${group.name} ${comes}, for ${what}`
  const verb = verbOfGroup(group, now)
  const others = later.length === 0 ? '' : `, and ${listed(later)} ${comes}`
  return `${listed(now)} of ${group.name} ${verb} ${what}${others}`
}

/** "b1 is up; T has queue 0; c1 of g owns T:0". */
export function describeSetup({ cluster, workload }: Pick<Plan, 'cluster' | 'workload'>): string[] {
  const topics = cluster.topics.map(
    (topic) =>
      `${topic.name} has ${topic.queues === 1 ? 'queue' : 'queues'} ${numbers(topic)}${topic.brokers === undefined ? '' : ` at ${listed(topic.brokers)}`}`,
  )
  const groups = cluster.groups.map((group) => {
    const known = (name: string): Topic | undefined => cluster.topics.find((topic) => topic.name === name)
    const queues = group.topics.flatMap((name) => readQueues(group, known(name) ?? { name, queues: 1 }))
    const dealt = group.allocate === undefined ? '' : `, by ${group.allocate}`
    const how = `${group.listener === 'orderly' ? ', in order' : ''}${dealt}${describeStart(group)}${describeTags(group)}`
    const owned = describeMembers(group, workload, `${listed(queues)}${how}`)
    const sent = group.forward === undefined ? owned : `${owned}; ${describeForward(group.name, group.forward)}`
    return group.receiver === undefined ? sent : `${sent}; ${describeReceiver(group.name, group.receiver)}`
  })
  return folded([`${listed(cluster.brokers)} ${cluster.brokers.length === 1 ? 'is' : 'are'} up`, ...topics, ...groups])
}

/** Kinds whose verb does not read well before "of b1". */
const NOUN_OF: ReadonlyMap<string, string> = new Map([
  ['diskFull', 'full disk'],
  ['diskSlow', 'slow disk'],
  ['diskStall', 'stalled disk'],
  ['forceFails', 'failing force'],
  ['forceLies', 'lying force'],
])

/** " before its effect 3": nothing where it dies at its time. */
function describePoint(point: CrashPoint | undefined): string {
  if (point === undefined) return ''
  return 'after' in point ? ` after its effect ${point.after}` : ` before its effect ${point.before}`
}

/** "power loss of b1 (keep none)". */
export function describeFault(fault: Fault): string {
  const what = NOUN_OF.get(fault.kind) ?? verbOf(fault.kind).replaceAll('-', ' ')
  switch (fault.kind) {
    case 'powerLoss':
      return `${what} of ${fault.on}${describePoint(fault.point)} (keep ${fault.keep})`
    case 'processKill':
      return `${what} of ${fault.on}${describePoint(fault.point)}`
    case 'clockJump':
    case 'clockOffset':
      return `${what} of ${fault.on} by ${showTime(fault.byUs)}`
    case 'clockDrift':
      return `${what} of ${fault.on} by ${fault.ppm} ppm`
    case 'cut':
      return `${what} ${sideOf(fault).join('+')} ${fault.oneWay ? '→' : '↔'} ${fault.peer}`
    case 'netLoss':
    case 'netDelay':
    case 'netDuplicate':
    case 'netReorder':
      return `${what} ${fault.on} → ${fault.peer} (${fault.permille} ‰)`
    default:
      return `${what} of ${fault.on}`
  }
}

const NOUNS: Readonly<Record<Item['do'], readonly [one: string, many: string]>> = {
  send: ['send', 'sends'],
  transaction: ['transaction', 'transactions'],
  createTopic: ['new topic', 'new topics'],
  resize: ['resize', 'resizes'],
  wipeWritePerm: ['wiped permission', 'wiped permissions'],
  resetOffset: ['reset', 'resets'],
  query: ['query', 'queries'],
  consumeStats: ['look at progress', 'looks at progress'],
  recall: ['recall', 'recalls'],
  load: ['load', 'loads'],
  batch: ['batch', 'batches'],
  seek: ['seek', 'seeks'],
  pauseQueue: ['queue paused', 'queues paused'],
  start: ['consumer started', 'consumers started'],
  stop: ['consumer stopped', 'consumers stopped'],
}

function describeWorkload(items: readonly Item[]): string[] {
  const kinds = [
    'send',
    'batch',
    'transaction',
    'createTopic',
    'resize',
    'wipeWritePerm',
    'resetOffset',
    'query',
    'consumeStats',
    'recall',
    'load',
    'seek',
    'pauseQueue',
    'start',
    'stop',
  ] as const
  return kinds.flatMap((kind) => {
    const count = items.filter((item) => item.do === kind).length
    return count === 0 ? [] : [`${count} ${NOUNS[kind][count === 1 ? 0 : 1]}`]
  })
}

/** One sentence without its full stop: "1 send, power loss of b1 (keep none)". Equal faults are counted. */
export function summary(plan: Plan): string {
  const counts = new Map<string, number>()
  for (const fault of plan.faults) {
    const text = describeFault(fault)
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  const faults = [...counts].map(([text, count]) => (count === 1 ? text : `${count} × ${text}`))
  const parts = [...describeWorkload(plan.workload), ...faults]
  return parts.length === 0 ? 'nothing happens' : parts.join(', ')
}
