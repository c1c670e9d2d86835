/** The first stanza: the cluster and what is in it before the run starts. */
import { parseWith } from '../plan/input-error.ts'
import { isSameList } from '../plan/lists.ts'
import {
  Consumption,
  Forward,
  Group,
  ListenerBatch,
  ListenerMode,
  Plan,
  PLAN_FORMAT,
  Policy,
  Receiver,
  Recipe,
  Slave,
  Strategy,
  Topic,
  type Cluster,
} from '../plan/plan.ts'
import { CONFIG_WORDS, readConfigWord, showConfig, type Config } from './config.ts'
import {
  integer,
  integers,
  like,
  name,
  names,
  oneOf,
  readFields,
  readOptions,
  showFields,
  subscribed,
  type Field,
  type Values,
} from './fields.ts'
import { problem, quoted, readJson, readName, suggestion, unquoted, where, wordsOf, type Line, readTime, showTime } from './syntax.ts'

/** The version in the plans of stories that people wrote; a story of a failure names the version that found it. */
export const BY_HAND = 'scenario'

/** Words of the cluster line that are not about the configuration. */
export const HEAD: readonly Field[] = [
  { word: 'system', sets: 'system', codec: like(name, 'rocketmq'), absent: () => 'rocketmq' },
  { word: 'mutant', sets: 'mutant', codec: like(name, 'ack-before-force'), absent: 'optional' },
  { word: 'seed', sets: 'seed', codec: integer, absent: () => 0 },
  { word: 'policy', sets: 'policy', codec: oneOf(...Policy.options), absent: () => 'calm' },
  { word: 'version', sets: 'version', codec: name, absent: () => BY_HAND },
]
export const SLAVE: readonly Field[] = [{ word: 'of', sets: 'of', codec: name, absent: 'required' }]
export const TOPIC: readonly Field[] = [
  { word: 'queues', sets: 'queues', codec: integer, absent: 'required' },
  { word: 'brokers', sets: 'brokers', codec: names, absent: 'optional' },
]
/** At a time, or at either end. */
const start: Field['codec'] = {
  example: 'last|first|2000ms',
  read: (_, word) => (word === 'last' || word === 'first' ? word : readTime(word)),
  show: (value) => (value === 'last' || value === 'first' ? value : showTime(Number(value))),
}
/** A group whose topics are left out subscribes to all. */
const group = (all: () => readonly string[]): readonly Field[] => [
  { word: 'topics', sets: 'topics', codec: like(subscribed, 'T,U'), absent: all },
  { word: 'consumers', sets: 'consumers', codec: like(names, 'c1,c2'), absent: 'required' },
  { word: 'mode', sets: 'mode', codec: oneOf('clustering', 'broadcasting'), absent: 'optional' },
  { word: 'listener', sets: 'listener', codec: oneOf(...ListenerMode.options), absent: 'optional' },
  { word: 'consumption', sets: 'consumption', codec: oneOf(...Consumption.options), absent: 'optional' },
  { word: 'allocate', sets: 'allocate', codec: oneOf(...Strategy.options), absent: 'optional' },
  { word: 'assign', sets: 'assign', codec: integers, absent: 'optional' },
  { word: 'batch', sets: 'batch', codec: like(integer, '8'), absent: 'optional' },
  { word: 'verdict', sets: 'verdict', codec: oneOf(...ListenerBatch.shape.verdict.options), absent: 'optional' },
  { word: 'max-reconsume', sets: 'maxReconsumeTimes', codec: like(integer, '2'), absent: 'optional' },
  { word: 'commit', sets: 'commitEvery', codec: like(integer, '10'), absent: 'optional' },
  { word: 'tags', sets: 'tags', codec: like(name, '"a || b"'), absent: 'optional' },
  { word: 'selector', sets: 'selector', codec: like(name, '"amount > 100"'), absent: 'optional' },
  { word: 'start', sets: 'start', codec: start, absent: 'optional' },
  { word: 'receiver', sets: 'receiver', codec: oneOf(...Recipe.options), absent: 'optional' },
  { word: 'forward', sets: 'forward', codec: like(name, 'U'), absent: 'optional' },
  { word: 'done', sets: 'done', codec: oneOf(...Forward.shape.when.options), absent: 'optional' },
  { word: 'by', sets: 'by', codec: oneOf(...Receiver.shape.by.options), absent: 'optional' },
]
/** The words of a group, as a page shows them. */
export const GROUP: readonly Field[] = group(() => [])
/** What a receiver tells messages apart by, where the line does not say it. */
const USUAL_BY = 'key'
/** When a forwarder is done with a message, where the line does not say it. */
const USUAL_WHEN = 'after-ack'

/** What a listener says of several messages, where the line does not say it. */
const USUAL_VERDICT = 'whole'

/** Two words of the line are one field of the plan, and a time is more than a number. */
function nested(line: Line, { receiver: recipe, by, forward: to, done, batch: max, verdict, start: begins, ...rest }: Values): Values {
  if (recipe === undefined && by !== undefined) throw problem(line, 'by= needs a receiver, such as receiver=transaction')
  if (to === undefined && done !== undefined) throw problem(line, 'done= needs a topic to send on to, such as forward=U')
  if (max === undefined && verdict !== undefined) throw problem(line, 'verdict= needs a batch, such as batch=8')
  const receiver = recipe === undefined ? {} : { receiver: { recipe, by: by ?? USUAL_BY } }
  const startAt = typeof begins === 'number' ? { timestampUs: begins } : begins
  return {
    ...rest,
    ...(startAt === undefined ? {} : { startAt }),
    ...receiver,
    ...(max === undefined ? {} : { batch: { max, verdict: verdict ?? USUAL_VERDICT } }),
    ...(to === undefined ? {} : { forward: { to, when: done ?? USUAL_WHEN } }),
  }
}

const flat = ({ receiver, forward, startAt, batch, ...rest }: Group): Values => ({
  ...rest,
  ...(batch === undefined ? {} : { batch: batch.max, verdict: batch.verdict === USUAL_VERDICT ? undefined : batch.verdict }),
  start: typeof startAt === 'object' ? startAt.timestampUs : startAt,
  ...(receiver === undefined ? {} : { receiver: receiver.recipe, by: receiver.by === USUAL_BY ? undefined : receiver.by }),
  ...(forward === undefined ? {} : { forward: forward.to, done: forward.when === USUAL_WHEN ? undefined : forward.when }),
})

/** The nodes of a cluster whose names a story need not spell out. */
export const USUAL = { nameservers: ['n1'], brokers: ['b1'], producers: ['p1'] } as const
type Role = keyof typeof USUAL

interface Draft {
  head: Record<string, unknown> | null
  readonly config: Map<string, Config[string]>
  readonly nodes: Map<Role, string[]>
  readonly slaves: Slave[]
  controllers: readonly string[] | null
  readonly topics: Topic[]
  readonly groups: { readonly name: string; readonly words: readonly string[]; readonly line: Line }[]
  expect: Plan['expect'] | null
}

type Reader = (draft: Draft, line: Line, words: readonly string[]) => void

const readCluster: Reader = (draft, line, words) => {
  if (draft.head !== null) throw problem(line, 'a second cluster line: a scenario has one')
  const rest: string[] = []
  for (const [word, value] of readOptions(line, words)) {
    if (readConfigWord(line, word, value, draft.config)) continue
    if (!HEAD.some((field) => field.word === word)) {
      throw problem(line, `cluster has no ${word}=${suggestion(word, [...CONFIG_WORDS, ...HEAD.map((field) => field.word)])}`)
    }
    rest.push(`${word}=${value}`)
  }
  draft.head = readFields(line, rest, HEAD, 'cluster')
}

const readConfig: Reader = (draft, line, words) => {
  const [field, ...rest] = words
  if (field === undefined || rest.length === 0) throw problem(line, 'expected: config NAME JSON')
  const key = unquoted(line, field)
  if (draft.config.has(key)) throw problem(line, `the configuration's ${key} is given twice`)
  const text = line.text.trimStart()
  const json = text.slice(text.indexOf(field, 'config'.length) + field.length)
  draft.config.set(key, parseWith(Plan.shape.cluster.shape.config.valueType, readJson(line, json), where(line)))
}

const readNodes =
  (role: Role): Reader =>
  (draft, line, words) => {
    if (draft.nodes.has(role)) throw problem(line, `a second line of ${role}: name them all on one`)
    if (words.length === 0 && role !== 'producers') throw problem(line, `expected the names of the ${role}`)
    draft.nodes.set(
      role,
      words.map((word) => readName(line, word, 'a name')),
    )
  }

const readTopic: Reader = (draft, line, words) => {
  const topic = readName(line, words[0], "the topic's name")
  if (draft.topics.some((known) => known.name === topic)) throw problem(line, `topic ${topic} is there already`)
  draft.topics.push(parseWith(Topic, { name: topic, ...readFields(line, words.slice(1), TOPIC, 'topic') }, where(line)))
}

const readSlave: Reader = (draft, line, words) => {
  const slave = readName(line, words[0], "the slave's name")
  draft.slaves.push(parseWith(Slave, { name: slave, ...readFields(line, words.slice(1), SLAVE, 'slave') }, where(line)))
}

const readControllers: Reader = (draft, line, words) => {
  if (draft.controllers !== null) throw problem(line, 'a second line of controllers: name them all on one')
  if (words.length === 0) throw problem(line, 'expected the names of the controllers')
  draft.controllers = words.map((word) => readName(line, word, 'a name'))
}

const readGroup: Reader = (draft, line, words) => {
  const known = readName(line, words[0], "the group's name")
  draft.groups.push({ name: known, words: words.slice(1), line })
}

const readExpect: Reader = (draft, line, words) => {
  const [guarantee, traceHash, more] = words
  if (guarantee === undefined || traceHash === undefined || more !== undefined) throw problem(line, 'expected: expect GUARANTEE TRACEHASH')
  if (draft.expect !== null) throw problem(line, 'a second expect line: a scenario has one')
  draft.expect = { guarantee: unquoted(line, guarantee), traceHash: unquoted(line, traceHash) }
}

const READERS: ReadonlyMap<string, Reader> = new Map([
  ['cluster', readCluster],
  ['config', readConfig],
  ['nameservers', readNodes('nameservers')],
  ['brokers', readNodes('brokers')],
  ['producers', readNodes('producers')],
  ['slave', readSlave],
  ['controllers', readControllers],
  ['topic', readTopic],
  ['group', readGroup],
  ['expect', readExpect],
])

/** The plan but for what happens in it. */
const SetupSchema = Plan.omit({ workload: true, faults: true, noise: true })
export type Setup = Omit<Plan, 'workload' | 'faults' | 'noise'>

export function readSetup(lines: readonly Line[], end: Line): Setup {
  const draft: Draft = {
    head: null,
    config: new Map(),
    nodes: new Map(),
    slaves: [],
    controllers: null,
    topics: [],
    groups: [],
    expect: null,
  }
  for (const line of lines) {
    const [verb = '', ...words] = wordsOf(line)
    const reader = READERS.get(verb)
    if (reader === undefined) throw problem(line, `unknown setup ${verb}${suggestion(verb, [...READERS.keys()])}`)
    reader(draft, line, words)
  }
  if (draft.head === null) throw problem(end, 'expected a cluster line above, such as: cluster preset=rocketmq-5.5 flush=async')
  const nodes = (role: Role): string[] => draft.nodes.get(role) ?? [...USUAL[role]]
  const all = draft.topics.map((topic) => topic.name)
  const fields = group(() => all)
  const groups = draft.groups.map(({ name: known, line, words }) =>
    parseWith(Group, { name: known, ...nested(line, readFields(line, words, fields, 'group')) }, where(line)),
  )
  const cluster: Cluster = {
    nameservers: nodes('nameservers'),
    brokers: nodes('brokers'),
    ...(draft.slaves.length === 0 ? {} : { slaves: draft.slaves }),
    ...(draft.controllers === null ? {} : { controllers: [...draft.controllers] }),
    producers: nodes('producers'),
    topics: draft.topics,
    groups,
    config: Object.fromEntries(draft.config),
  }
  const expected = draft.expect === null ? {} : { expect: draft.expect }
  return parseWith(SetupSchema, { format: PLAN_FORMAT, ...draft.head, cluster, ...expected }, end.source)
}

export function showSetup(plan: Setup): string[] {
  const { cluster, expect } = plan
  const config = showConfig(cluster.config)
  const all = cluster.topics.map((topic) => topic.name)
  const nodes = (role: Role): string[] => (isSameList(cluster[role], USUAL[role]) ? [] : [[role, ...cluster[role]].join(' ')])
  const fields = group(() => all)
  return [
    ['cluster', ...config.words, ...showFields(plan, HEAD)].join(' '),
    ...config.lines,
    ...nodes('nameservers'),
    ...nodes('brokers'),
    ...nodes('producers'),
    ...(cluster.slaves ?? []).map((slave) => ['slave', slave.name, ...showFields(slave, SLAVE)].join(' ')),
    ...(cluster.controllers === undefined ? [] : [['controllers', ...cluster.controllers].join(' ')]),
    ...cluster.topics.map((topic) => ['topic', topic.name, ...showFields(topic, TOPIC)].join(' ')),
    ...cluster.groups.map((one) => ['group', one.name, ...showFields(flat(one), fields)].join(' ')),
    ...(expect === undefined ? [] : [`expect ${quoted(expect.guarantee)} ${quoted(expect.traceHash)}`]),
  ]
}
