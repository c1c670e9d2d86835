/** What a generator preset is made of: weights and ranges, no code. Each shape gives one sort of run; a preset mixes shapes. */
import type { FaultKind, Keep } from '../plan/faults.ts'
import type { AskedBy, Cluster, Consumption, Forward, Item, ListenerBatch, ListenerMode, Operation, Policy, Receiver, Strategy } from '../plan/plan.ts'
import { ms, seconds, type Us } from '../plan/units.ts'
import { ALL_KINDS, BETWEEN_OWNERS, COMBINATIONS, type Combination, type Role } from './combinations.ts'
import type { Range, Weighted } from './draw.ts'

export type Config = Cluster['config']

/** What an operator does, in which order: see draw-resizes.ts. */
export type Resizing =
  | 'grow' | 'grow readers first' | 'grow in order' | 'grow in haste' | 'grow by some' | 'grow at once'
  | 'shrink' | 'shrink and grow again' | 'shrink in haste' | 'shrink readers first' | 'shrink at once'

export interface Shape {
  readonly configs: Weighted<Config>
  /** Small segments, so that files roll within a short run. */
  readonly segments: { readonly permille: number; readonly bytes: Range }
  /** Other settings than the usual ones. */
  readonly settings: Weighted<Config>
  readonly nameservers: Weighted<number>
  readonly brokers: Weighted<number>
  /** Controllers, where any are needed; one, if nothing is said. */
  readonly controllers?: Weighted<number>
  /** Slaves that each broker has. */
  readonly slaves: Weighted<number>
  readonly topics: Weighted<number>
  /** Queues that a topic has on each of its brokers. */
  readonly queues: Weighted<number>
  readonly producers: Weighted<number>
  readonly groups: Weighted<number>
  readonly consumers: Weighted<number>
  /** How a group deals out its queues; null: as it does where nothing is said. */
  readonly strategies: Weighted<Strategy | null>
  /** Groups that are a second application under the name of the one before. */
  readonly namesakePermille: number
  /** Groups that broadcast. */
  readonly broadcastPermille: number
  /** What the listeners of a group do; none have effects where there is nothing to choose from. */
  readonly receivers: Weighted<Receiver>
  /** When a group that moves a backlog is done with a message; none moves one where there is nothing to choose from. */
  readonly forwards: Weighted<Forward['when']>
  /** Messages with a key of the application's, how many keys there are to choose from, and whether sends go to the queue of their key. */
  readonly keys: { readonly permille: number; readonly count: Range; readonly select?: 'key'; readonly of?: readonly string[] }
  /** How administrators look for messages; where it does not say, by keys and ids. */
  readonly asked?: Weighted<AskedBy>
  /** Sends that are delayed, by which level, and how long that is: faults come when messages are due as well as when they are sent. */
  readonly delays: {
    readonly permille: number
    readonly levels: Weighted<{ readonly level: number; readonly us: Us }>
    /** In place of levels: for how long at least, and at most. */
    readonly timers?: Weighted<readonly [Us, Us]>
  }
  /** Messages that have a tag, which ones, and which ones groups want ("*": all); the tags "Aa" and "BB" have one hash. */
  readonly tags: { readonly permille: number; readonly of: readonly string[]; readonly wanted: Weighted<string> }
  /** Properties of messages, each with its values and left out by chance, and the selectors of groups. */
  readonly properties: {
    readonly permille: number
    readonly of: readonly (readonly [name: string, values: readonly string[]])[]
    readonly wanted: Weighted<string>
  }
  /** Producers and groups that have an account of their own, which mostly says something about their topics. */
  readonly accountPermille?: number
  /** How the listeners of a group are run. */
  readonly listeners: Weighted<ListenerMode>
  /** How many messages a listener that is pushed to is given at once; null: one. */
  readonly batches: Weighted<ListenerBatch | null>
  /** How often a message comes again that a listener fails on, where the application says so. */
  readonly maxReconsumeTimes: Weighted<number | null>
  /** How the consumers of a group come by their messages. */
  readonly consumptions: Weighted<Consumption>
  /** Where groups begin; all as usual where there is nothing to choose from. */
  readonly starts: Weighted<'last' | 'first' | 'time'>
  /** How often an application that asks for its messages goes elsewhere in a queue, or lets one rest. */
  readonly steerings: Weighted<number>
  /** How often a group that pulls is told its queues by hand; nothing is drawn where it is left out. */
  readonly assignPermille?: number
  /** How often a consumer comes or goes by the plan. */
  readonly churn: Weighted<number>
  readonly items: Weighted<Exclude<Operation['do'], 'resize' | 'wipeWritePerm' | 'consumeStats'>>
  /** How an operator changes the numbers of a topic's queues; none does where there is nothing to choose from. */
  readonly resizings: Weighted<Resizing>
  readonly operations: Weighted<Range>
  /** Bytes of a message, where segments are not small. */
  readonly sizes: Weighted<Range>
  /** Links fail between two nodes, never between one and everybody. */
  readonly pairsOnly?: true
  /** Operations come in clusters within this time. */
  readonly spanUs: Range
  readonly clusters: Weighted<number>
  /** Runs in which listeners fail at all. */
  readonly failingPermille: number
  readonly faultlessPermille: number
  /** How many bursts around operations, and how many faults at any time. */
  readonly bursts: Weighted<number>
  readonly strays: Weighted<number>
  readonly kinds: Weighted<FaultKind>
  /** Whom a fault strikes, where its kind leaves that open. */
  readonly roles: Weighted<Role>
  /** Whom a link between a NameServer and somebody else leads to. */
  readonly askers: Weighted<Exclude<Role, 'nameserver' | 'slave' | 'other' | 'controller' | 'leader'>>
  /** How long crashes and other faults last, and how far clocks jump. */
  readonly outageUs: Range
  readonly windowUs: Range
  readonly jumpUs: Range
  /** How long a process stands still. */
  readonly pauseUs: Range
  readonly keeps: Weighted<Keep>
  readonly combinations: Weighted<Combination>
  /** What bursts are about, where they are not about any operation whatever. */
  readonly anchor?: Item['do']
  /** Bursts that are a known combination instead of a free one. */
  readonly combinedPermille: number
  readonly policies: Weighted<Policy>
}

export interface Preset { readonly name: string; readonly title: string; readonly shapes: Weighted<Shape> }

const config = (flushDiskType: 'SYNC_FLUSH' | 'ASYNC_FLUSH', preset: 'rocketmq-5.5' | 'hardened', more: Config = {}): Config => ({ flushDiskType, preset, ...more })

export const AS_SHIPPED: Weighted<Config> = [
  [9, config('SYNC_FLUSH', 'rocketmq-5.5')],
  [9, config('ASYNC_FLUSH', 'rocketmq-5.5')],
  [1, config('SYNC_FLUSH', 'rocketmq-5.5', { disk: 'posix' })],
  [1, config('ASYNC_FLUSH', 'rocketmq-5.5', { disk: 'posix' })],
]
export const HARDENED: Weighted<Config> = [
  [12, config('SYNC_FLUSH', 'hardened')],
  [7, config('ASYNC_FLUSH', 'hardened')],
  [1, config('SYNC_FLUSH', 'hardened', { disk: 'posix' })],
]
export const onlyFlush = (configs: Weighted<Config>, flush: string): Weighted<Config> => configs.filter(([, one]) => one['flushDiskType'] === flush)

/** What operators change, and what brings rare states within the reach of a short run. */
const SETTINGS: Weighted<Config> = [
  [70, {}],
  [8, { offsetFirstPersistUs: seconds(1), offsetPersistUs: seconds(1), offsetFlushUs: seconds(1) }],
  [8, { syncFlushTimeoutUs: ms(500) }],
  [4, { sendTimeoutUs: seconds(10) }],
  [4, { flushThoroughUs: seconds(1) }],
  [4, { pullBatch: 1 }],
  [4, { consumeThreads: 1 }],
]

/** A short run with a few clients and a burst of faults around some operation. */
export const usual: Shape = {
  configs: AS_SHIPPED,
  segments: { permille: 280, bytes: [1024, 6144] },
  settings: SETTINGS,
  nameservers: [[1, 1]],
  brokers: [[1, 1]],
  slaves: [[1, 0]],
  topics: [[75, 1], [25, 2]],
  queues: [[60, 1], [25, 2], [15, 3]],
  producers: [[50, 1], [30, 2], [20, 3]],
  groups: [[75, 1], [25, 2]],
  consumers: [[60, 1], [30, 2], [10, 3]],
  strategies: [[1, null]],
  namesakePermille: 0,
  broadcastPermille: 0,
  receivers: [],
  forwards: [],
  keys: { permille: 0, count: [1, 1] },
  delays: { permille: 0, levels: [] },
  tags: { permille: 0, of: [], wanted: [] },
  properties: { permille: 0, of: [], wanted: [] },
  listeners: [[1, 'concurrently']],
  batches: [[1, null]],
  maxReconsumeTimes: [[1, null]],
  consumptions: [[1, 'push']],
  starts: [],
  items: [[90, 'send'], [9, 'transaction'], [1, 'createTopic']],
  steerings: [[1, 0]],
  churn: [[1, 0]],
  resizings: [],
  operations: [[15, [1, 3]], [65, [3, 12]], [20, [8, 20]]],
  // Some of several pages, which tear in the middle.
  sizes: [[58, [1, 200]], [16, [1, 12_000]], [18, [1_000, 6_000]], [8, [6_000, 20_000]]],
  spanUs: [seconds(1), seconds(15)],
  clusters: [[35, 1], [40, 2], [25, 3]],
  failingPermille: 220,
  faultlessPermille: 120,
  bursts: [[5, 0], [40, 1], [40, 2], [15, 3]],
  strays: [[60, 0], [25, 1], [15, 2]],
  kinds: ALL_KINDS,
  roles: [[60, 'broker'], [25, 'consumer'], [12, 'producer'], [3, 'nameserver']],
  askers: [[1, 'broker']],
  outageUs: [ms(1), seconds(20)],
  windowUs: [ms(5), seconds(10)],
  jumpUs: [ms(1), seconds(60)],
  pauseUs: [ms(5), seconds(10)],
  keeps: [[35, 'none'], [22, 'torn'], [14, 'prefix'], [21, 'holes'], [8, 'all']],
  combinations: COMBINATIONS,
  combinedPermille: 350,
  policies: [[70, 'uniform'], [15, 'swarm'], [10, 'lanes'], [5, 'calm']],
}

const POWER: Weighted<FaultKind> = [[70, 'powerLoss'], [15, 'processKill'], [10, 'forceFails'], [5, 'diskStall']]

/** Power is lost amid writes: what is left of the last records decides. */
export const torn: Shape = {
  ...usual,
  segments: { permille: 0, bytes: [1024, 1024] },
  producers: [[30, 1], [40, 2], [30, 3]],
  operations: [[40, [2, 5]], [60, [4, 10]]],
  sizes: [[35, [1, 60]], [40, [1_000, 12_000]], [25, [6_000, 20_000]]],
  spanUs: [ms(1), seconds(2)],
  clusters: [[70, 1], [30, 2]],
  faultlessPermille: 0,
  bursts: [[75, 1], [25, 2]],
  strays: [[1, 0]],
  kinds: POWER,
  keeps: [[5, 'none'], [30, 'torn'], [10, 'prefix'], [55, 'holes']],
  combinedPermille: 100,
}

/** Files roll, and recovery has to find its way through several. */
export const rolling: Shape = {
  ...usual,
  segments: { permille: 1000, bytes: [1024, 5000] },
  operations: [[50, [5, 12]], [50, [8, 20]]],
  faultlessPermille: 30,
  kinds: [[35, 'powerLoss'], [25, 'processKill'], [10, 'gracefulRestart'], [8, 'forceFails'], [6, 'diskStall'], [6, 'forceLies'], [4, 'diskFull'], [6, 'clockJump']],
}

/** The disk refuses, stalls or fails, while clients and broker have the patience to say so. */
export const failing: Shape = {
  ...usual,
  settings: [[30, {}], [45, { syncFlushTimeoutUs: ms(500) }], [25, { sendTimeoutUs: seconds(10) }]],
  faultlessPermille: 0,
  kinds: [[30, 'diskStall'], [25, 'forceFails'], [15, 'diskFull'], [8, 'diskSlow'], [14, 'powerLoss'], [8, 'processKill']],
  combinedPermille: 200,
}

/** Consumers come and go while they work, with progress that is stored every second. */
export const consuming: Shape = {
  ...usual,
  settings: [[40, {}], [60, { offsetFirstPersistUs: seconds(1), offsetPersistUs: seconds(1), offsetFlushUs: seconds(1) }]],
  groups: [[70, 1], [30, 2]],
  consumers: [[45, 1], [35, 2], [20, 3]],
  failingPermille: 400,
  faultlessPermille: 30,
  kinds: [[45, 'processKill'], [15, 'gracefulRestart'], [12, 'pause'], [10, 'netLoss'], [6, 'cut'], [6, 'powerLoss'], [3, 'netDelay'], [3, 'clockJump']],
  roles: [[25, 'broker'], [70, 'consumer'], [5, 'producer']],
  combinedPermille: 150,
}

/** Faults that outlast registration, expiry and route polls: NameServers go, and brokers and clients are cut off from some of them. */
export const routing: Shape = {
  ...usual,
  segments: { permille: 0, bytes: [1024, 1024] },
  nameservers: [[20, 1], [50, 2], [30, 3]],
  brokers: [[75, 2], [25, 3]],
  items: [[1, 'send']],
  operations: [[60, [1, 4]], [40, [3, 8]]],
  sizes: [[1, [1, 200]]],
  spanUs: [seconds(5), seconds(200)],
  faultlessPermille: 30,
  bursts: [[60, 1], [40, 2]],
  strays: [[50, 0], [50, 1]],
  kinds: [[30, 'processKill'], [14, 'gracefulRestart'], [16, 'powerLoss'], [5, 'pause'], [22, 'cut'], [8, 'netLoss'], [3, 'netDelay'], [2, 'clockJump']],
  roles: [[45, 'nameserver'], [40, 'broker'], [8, 'producer'], [7, 'consumer']],
  askers: [[50, 'broker'], [30, 'producer'], [20, 'consumer']],
  outageUs: [ms(10), seconds(300)],
  windowUs: [ms(5), seconds(200)],
  pauseUs: [ms(5), seconds(200)],
  jumpUs: [ms(1), seconds(300)],
  combinations: [],
  combinedPermille: 0,
}

/** Mostly the recipes that are right: what is excused teaches nothing new. */
const RECEIVERS: Weighted<Receiver> = [
  [50, { recipe: 'transaction', by: 'key' }], [25, { recipe: 'state-machine', by: 'key' }], [5, { recipe: 'transaction', by: 'msgId' }],
  [3, { recipe: 'plain', by: 'key' }], [4, { recipe: 'insert-first', by: 'key' }], [4, { recipe: 'check-then-act', by: 'key' }],
  [3, { recipe: 'in-process-map', by: 'key' }], [3, { recipe: 'ttl-cache', by: 'key' }], [3, { recipe: 'lock', by: 'key' }],
]

/** Applications that deduplicate, send the same order again, and are struck between the steps of their listeners. */
export const receiving: Shape = {
  ...consuming,
  settings: [
    [60, {}], [20, { keyLifeUs: seconds(1), lockLeaseUs: ms(50) }],
    [20, { offsetFirstPersistUs: seconds(1), offsetPersistUs: seconds(1), offsetFlushUs: seconds(1) }],
  ],
  segments: { permille: 0, bytes: [1024, 1024] },
  queues: [[30, 1], [45, 2], [25, 3]],
  consumers: [[35, 1], [45, 2], [20, 3]],
  receivers: RECEIVERS,
  keys: { permille: 700, count: [1, 4] },
  items: [[92, 'send'], [8, 'transaction']],
  operations: [[35, [1, 4]], [50, [3, 10]], [15, [8, 16]]],
  failingPermille: 250,
  faultlessPermille: 80,
  kinds: [[40, 'processKill'], [8, 'gracefulRestart'], [15, 'pause'], [15, 'netLoss'], [8, 'netDelay'], [4, 'netDuplicate'], [8, 'cut'], [4, 'powerLoss']],
  roles: [[20, 'broker'], [65, 'consumer'], [15, 'producer']],
}

/** Groups that listen in order, long enough for locks to run out: whoever is away or stands still may lose its queues to another. */
export const ordered: Shape = {
  ...usual,
  settings: [[50, {}], [25, { offsetFirstPersistUs: seconds(1), offsetPersistUs: seconds(1), offsetFlushUs: seconds(1) }],
    [15, { listenerUs: seconds(2) }], [10, { listenerUs: seconds(15) }]],
  segments: { permille: 0, bytes: [1024, 1024] },
  queues: [[35, 1], [40, 2], [25, 3]],
  consumers: [[25, 1], [50, 2], [25, 3]],
  listeners: [[90, 'orderly'], [10, 'concurrently']],
  items: [[97, 'send'], [3, 'transaction']],
  operations: [[20, [1, 4]], [60, [3, 10]], [20, [8, 16]]],
  spanUs: [seconds(1), seconds(120)],
  failingPermille: 450,
  faultlessPermille: 60,
  kinds: [[30, 'processKill'], [12, 'gracefulRestart'], [22, 'pause'], [10, 'netLoss'], [8, 'cut'], [6, 'netDelay'],
    [3, 'netReorder'], [5, 'powerLoss'], [2, 'clockJump'], [2, 'clockDrift']],
  roles: [[25, 'broker'], [68, 'consumer'], [7, 'producer']],
  pauseUs: [seconds(1), seconds(180)],
  combinations: BETWEEN_OWNERS,
  combinedPermille: 300,
}

/** Groups of several consumers that come and go, which share queues out again and again. */
export const sharing: Shape = {
  ...consuming,
  settings: [[50, {}], [50, { offsetFirstPersistUs: seconds(1), offsetPersistUs: seconds(1), offsetFlushUs: seconds(1) }]],
  segments: { permille: 0, bytes: [1024, 1024] },
  queues: [[15, 1], [25, 2], [30, 3], [30, 5]],
  groups: [[20, 1], [40, 2], [25, 3], [15, 4]],
  consumers: [[15, 1], [35, 2], [30, 3], [20, 4]],
  items: [[97, 'send'], [3, 'transaction']],
  churn: [[25, 0], [30, 1], [30, 2], [15, 4]],
  strategies: [[45, 'AVG'], [30, 'AVG_BY_CIRCLE'], [25, 'CONSISTENT_HASH']],
  brokers: [[65, 1], [25, 2], [10, 3]],
  listeners: [[80, 'concurrently'], [20, 'orderly']],
  broadcastPermille: 80,
  spanUs: [seconds(1), seconds(40)],
  failingPermille: 250,
  faultlessPermille: 150,
}

/** A group that grows and shrinks under its load. */
export const scaling: Shape = {
  ...sharing,
  groups: [[80, 1], [20, 2]],
  consumers: [[30, 2], [40, 3], [30, 5]],
  churn: [[30, 1], [40, 3], [30, 5]],
}
