/** Draws a small cluster: names are short and always the same, since they only have to tell nodes apart. */
import type { Cluster, Group, Slave, Topic } from '../plan/plan.ts'
import type { Draw } from './draw.ts'
import { withAccounts } from './draw-accounts.ts'
import { drawTransfer, widened } from './draw-transfer.ts'
import type { Config, Shape } from './shapes.ts'

const TOPICS = ['T', 'U'] as const
const EVERYTHING = '*'
const GROUPS = ['g', 'h', 'i', 'j'] as const

const numbered = (prefix: string, count: number, from = 1): string[] => Array.from({ length: count }, (_, k) => `${prefix}${from + k}`)

function parametersOf(config: Config): Config {
  const parameters = config['parameters']
  return typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters) ? parameters : {}
}

function drawConfig(draw: Draw, shape: Shape): Config {
  const config = draw.weighted(shape.configs)
  const segments = draw.chance(shape.segments.permille) ? { segmentBytes: draw.spread(shape.segments.bytes) } : {}
  const parameters: Config = { ...segments, ...draw.weighted(shape.settings), ...parametersOf(config) }
  return Object.keys(parameters).length === 0 ? config : { ...config, parameters }
}

function drawStart(draw: Draw, { starts, spanUs }: Shape, group: Group): void {
  const start = draw.weighted(starts)
  group.startAt = start === 'time' ? { timestampUs: draw.int([0, Math.floor(spanUs[1] / 3)]) } : start
}

function drawTags(draw: Draw, { tags }: Shape, group: Group): void {
  const wanted = draw.weighted(tags.wanted)
  if (wanted !== EVERYTHING) group.tags = wanted
}

function drawGroups(draw: Draw, shape: Shape, topics: readonly Topic[]): Group[] {
  const groups: Group[] = []
  let consumers = 0
  for (const name of GROUPS.slice(0, draw.weighted(shape.groups))) {
    const count = draw.weighted(shape.consumers)
    // A group subscribes to one topic or to all of them.
    const wanted = draw.chance(600) ? topics : [draw.pick(topics)]
    const group: Group = { name, topics: wanted.map((topic) => topic.name), consumers: numbered('c', count, consumers + 1) }
    if (shape.broadcastPermille > 0 && draw.chance(shape.broadcastPermille)) group.mode = 'broadcasting'
    if (shape.receivers.length > 0) group.receiver = draw.weighted(shape.receivers)
    if (draw.choice(shape.listeners) === 'orderly') group.listener = 'orderly'
    const max = draw.choice(shape.maxReconsumeTimes)
    if (max !== null) group.maxReconsumeTimes = max
    // Members of a group that broadcasts are pushed to.
    const consumption = group.mode === undefined ? draw.choice(shape.consumptions) : 'push'
    if (consumption !== 'push') group.consumption = consumption
    if (consumption === 'pull' && draw.chance(500)) group.commitEvery = draw.int([1, 5])
    const batch = draw.choice(shape.batches)
    if (batch !== null && consumption === 'push') group.batch = batch
    if (shape.starts.length > 0 && group.mode === undefined) drawStart(draw, shape, group)
    if (shape.tags.wanted.length > 0) drawTags(draw, shape, group)
    if (shape.properties.wanted.length > 0) group.selector = draw.weighted(shape.properties.wanted)
    const strategy = draw.choice(shape.strategies)
    if (strategy !== null && group.mode !== 'broadcasting') group.allocate = strategy
    if (consumption === 'pull' && shape.assignPermille !== undefined && draw.chance(shape.assignPermille))
      group.assign = drawAssigned(draw, topics)
    const first = groups[groups.length - 1]
    if (group.assign !== undefined && count > 1 && draw.chance(500)) groups.push(subscribingBeside(group))
    const shares = first !== undefined && shape.namesakePermille > 0 && draw.chance(shape.namesakePermille)
    groups.push(shares ? namesakeOf(first, group) : group)
    consumers += count
  }
  return groups
}

/** All queues, or some: every consumer of the group takes the same ones. */
function drawAssigned(draw: Draw, topics: readonly Topic[]): number[] {
  const all = Array.from({ length: Math.max(...topics.map(({ queues }) => queues)) }, (_, queue) => queue)
  const some = draw.chance(500) ? all : all.filter(() => draw.chance(500))
  return some.length > 0 ? some : [0]
}

const subscribing = ({ assign: _assign, ...rest }: Group): Group => rest

/** All but the first of its consumers subscribe instead, and deal queues out with a member that does not listen to them. */
function subscribingBeside(group: Group): Group {
  const [told = '', ...consumers] = group.consumers
  group.consumers = [told]
  return { ...subscribing(group), consumers }
}

/** A second application that takes the first for its own: alike in all that their code says, but for the strategy and what they subscribe. */
function namesakeOf({ tags: _tags, ...first }: Group, { topics, consumers, allocate, tags }: Group): Group {
  return { ...first, topics, consumers, ...(allocate === undefined ? {} : { allocate }), ...(tags === undefined ? {} : { tags }) }
}

/** Topics that only some of the brokers have. */
const PARTLY_PERMILLE = 200

/** Where there are several brokers, a topic says which of them have it: mostly all. */
function drawHomes(draw: Draw, brokers: readonly string[]): Pick<Topic, 'brokers'> {
  if (brokers.length === 1) return {}
  if (!draw.chance(PARTLY_PERMILLE)) return { brokers: [...brokers] }
  const some = brokers.filter(() => draw.chance(500))
  return { brokers: some.length > 0 ? some : [draw.pick(brokers)] }
}

const drawSlaves = (draw: Draw, shape: Shape, brokers: readonly string[]): Slave[] =>
  brokers.flatMap((of) => numbered(`${of}s`, draw.choice(shape.slaves)).map((name) => ({ name, of })))

const drawControllers = (draw: Draw, { controllers }: Shape): string[] =>
  numbered('k', controllers === undefined ? 1 : draw.weighted(controllers))

export function drawCluster(draw: Draw, shape: Shape): Cluster {
  const nameservers = numbered('n', draw.choice(shape.nameservers))
  const brokers = numbered('b', draw.choice(shape.brokers))
  const slaves = drawSlaves(draw, shape, brokers)
  const moves = shape.forwards.length > 0
  const drawn = TOPICS.slice(0, draw.weighted(shape.topics)).map((name) => ({
    name,
    queues: draw.weighted(shape.queues),
    ...drawHomes(draw, brokers),
  }))
  const topics = moves ? widened(draw, drawn) : drawn
  const cluster: Cluster = {
    nameservers,
    brokers,
    ...(slaves.length === 0 ? {} : { slaves }),
    producers: numbered('p', draw.weighted(shape.producers)),
    topics,
    groups: moves ? drawTransfer(draw, shape, topics) : drawGroups(draw, shape, topics),
    config: drawConfig(draw, shape),
  }
  const whole = cluster.config['enableControllerMode'] === true ? { ...cluster, controllers: drawControllers(draw, shape) } : cluster
  return shape.accountPermille === undefined ? whole : withAccounts(draw, shape.accountPermille, whole)
}

/** The size of the cluster's segments, where it names one. */
export function segmentBytes(cluster: Cluster): number {
  const bytes = parametersOf(cluster.config)['segmentBytes']
  return typeof bytes === 'number' ? bytes : 1 << 30
}
