/** The generator presets by name. */
import { InputError } from '../plan/input-error.ts'
import { seconds } from '../plan/units.ts'
import { busy, refusing, slow } from './busy-shapes.ts'
import { guarded, guardedHardened, openToAll } from './access-shapes.ts'
import { delayed, outrun, outrunOnTheWheel, recallable, timed } from './delay-shapes.ts'
import { elections, quorums, successions } from './controller-shapes.ts'
import { COPY_PRESETS } from './copy-presets.ts'
import type { Weighted } from './draw.ts'
import { selecting, selectingHardened, tagged } from './filter-shapes.ts'
import { growing, leftBehind, keyed, strictly } from './order-shapes.ts'
import { leaving, popping } from './pop-shapes.ts'
import { BETWEEN_PHASES, COMBINATIONS } from './combinations.ts'
import {
  consuming,
  failing,
  HARDENED,
  onlyFlush,
  ordered,
  receiving,
  rolling,
  routing,
  scaling,
  sharing,
  torn,
  usual,
  type Preset,
  type Shape,
} from './shapes.ts'
import { asking, steering } from './pull-shapes.ts'
import { querying, tracing } from './query-shapes.ts'
import { comingAgain, givenUp, givenUpInOrder, quickly, retrying } from './retry-shapes.ts'
import { ledgers } from './ledger-shapes.ts'
import { deleting, expiring, filling } from './retention-shapes.ts'
import { moving, resizing } from './scaling-shapes.ts'
import { tolerating, toleratingRoutes } from './sending-shapes.ts'
import { moved } from './start-shapes.ts'

const transactions: Shape = {
  ...usual,
  items: [
    [75, 'transaction'],
    [25, 'send'],
  ],
  operations: [
    [40, [1, 3]],
    [50, [2, 6]],
    [10, [6, 12]],
  ],
  spanUs: [seconds(1), seconds(40)],
  combinations: [...BETWEEN_PHASES, ...COMBINATIONS],
  combinedPermille: 600,
}

const manyFaults: Shape = {
  ...usual,
  faultlessPermille: 0,
  bursts: [
    [20, 1],
    [40, 2],
    [40, 3],
  ],
  strays: [
    [30, 1],
    [40, 3],
    [30, 6],
  ],
}

const soak: Shape = {
  ...usual,
  items: [
    [80, 'load'],
    [20, 'send'],
  ],
  // Thousands of messages in files of a few would make thousands of files.
  segments: { permille: 300, bytes: [1 << 17, 1 << 20] },
  operations: [
    [60, [1, 2]],
    [40, [2, 4]],
  ],
  spanUs: [seconds(10), seconds(60)],
  bursts: [
    [40, 1],
    [40, 2],
    [20, 3],
  ],
  strays: [
    [40, 1],
    [40, 3],
    [20, 5],
  ],
}

/** Several brokers and NameServers: topics lie on more than one broker, and each broker can fail alone. */
const clustered = (shape: Shape): Shape => ({
  ...shape,
  nameservers: [
    [40, 1],
    [40, 2],
    [20, 3],
  ],
  brokers: [
    [75, 2],
    [25, 3],
  ],
})

/** Mostly batches, some of them being written when power goes. */
const batches = (shape: Shape): Shape => ({
  ...shape,
  items: [
    [80, 'batch'],
    [20, 'send'],
  ],
})

/** Polls are told in the history. */
const told = (shape: Shape): Shape => ({
  ...shape,
  configs: shape.configs.map(([weight, config]) => [weight, { ...config, recordPolls: true }] as const),
})

/** Consumers wait for messages. */
const polling: Shape = { ...told(usual), spanUs: [seconds(1), seconds(60)] }

/** Groups that broadcast, whose members die and come back. */
const broadcast: Shape = {
  ...usual,
  broadcastPermille: 800,
  consumers: [
    [30, 1],
    [50, 2],
    [20, 3],
  ],
  roles: [
    [60, 'consumer'],
    [30, 'broker'],
    [10, 'producer'],
  ],
  spanUs: [seconds(1), seconds(40)],
}

const faultless: Shape = { ...usual, faultlessPermille: 1000 }

const hardened = (shape: Shape): Shape => ({ ...shape, configs: HARDENED })
const flushing =
  (flush: string) =>
  (shape: Shape): Shape => ({ ...shape, configs: onlyFlush(shape.configs, flush) })

const all = (shapes: Weighted<Shape>, change: (shape: Shape) => Shape): Weighted<Shape> =>
  shapes.map(([weight, shape]) => [weight, change(shape)] as const)
/** As shipped and hardened, half and half. */
const both = (shapes: Weighted<Shape>): Weighted<Shape> => [...shapes, ...all(shapes, hardened)]

const mostly: Weighted<Shape> = [
  [45, usual],
  [11, rolling],
  [11, torn],
  [9, failing],
  [12, consuming],
  [12, transactions],
  [6, receiving],
]
const stores: Weighted<Shape> = [
  [55, usual],
  [13, rolling],
  [11, torn],
  [13, failing],
  [8, consuming],
]
/** What is not forced for seconds is mostly torn when it goes. */
const tails: Weighted<Shape> = [
  [50, usual],
  [12, rolling],
  [38, torn],
]

const pops: Weighted<Shape> = [...both([[40, popping]]), [50, flushing('ASYNC_FLUSH')(hardened(popping))]]

export const presets: readonly Preset[] = [
  {
    name: 'default',
    title: 'short runs of usual sends, transactions and consumers, as shipped and hardened, all faults',
    shapes: both([...mostly, [8, manyFaults]]),
  },
  { name: 'rocketmq-5.5', title: 'RocketMQ as shipped, SYNC_FLUSH and ASYNC_FLUSH, all faults', shapes: mostly },
  { name: 'hardened', title: 'every known deviation repaired, all faults', shapes: all(mostly, hardened) },
  { name: 'sync', title: 'SYNC_FLUSH, as shipped and hardened', shapes: all(both(stores), flushing('SYNC_FLUSH')) },
  { name: 'async', title: 'ASYNC_FLUSH, as shipped and hardened', shapes: all(both(tails), flushing('ASYNC_FLUSH')) },
  {
    name: 'single',
    title: 'one broker alone: what the simplest deployment keeps, as shipped and hardened, all faults',
    shapes: both(mostly),
  },
  { name: 'faultless', title: 'no faults at all: what must hold on a good day', shapes: both([[1, faultless]]) },
  { name: 'transactions', title: 'mostly transactional messages, with time for check-backs', shapes: both([[1, transactions]]) },
  { name: 'polling', title: 'consumers that wait for seconds, every poll recorded', shapes: [[1, polling]] },
  { name: 'broadcast', title: 'groups that broadcast, with members that die and come back', shapes: both([[1, broadcast]]) },
  { name: 'receivers', title: 'applications that deduplicate, by right recipes and wrong ones', shapes: both([[1, receiving]]) },
  { name: 'pull', title: 'applications that ask for their messages, and commit what they have done', shapes: both([[1, asking]]) },
  {
    name: 'seek',
    title: 'applications that ask for their messages, go elsewhere in their queues, let them rest, or choose them by hand',
    shapes: all(both([[1, steering]]), told),
  },
  {
    name: 'busy-consumers',
    title: 'consumers that hold as much as they may, and listeners that are given several messages at once',
    shapes: both([[1, busy]]),
  },
  {
    name: 'slow-listeners',
    title: 'listeners that work for longer than they may, and are given up, while brokers go and come back',
    shapes: both([[1, slow]]),
  },
  {
    name: 'busy-brokers',
    title: 'brokers whose page cache takes no more while their disk stalls, which say that they are busy',
    shapes: both([[1, refusing]]),
  },
  {
    name: 'start-positions',
    title: 'groups that begin elsewhere than at the beginning, and an administrator who moves them',
    shapes: both([[1, moved]]),
  },
  {
    name: 'ordered-topic',
    title: 'groups that listen in order, and consumers that come, go and stand still',
    shapes: both([[1, ordered]]),
  },
  { name: 'many-groups', title: 'several groups of several consumers, which come and go', shapes: both([[1, sharing]]) },
  { name: 'scale-out', title: 'a group whose consumers become more and fewer', shapes: both([[1, scaling]]) },
  {
    name: 'ordered-keys',
    title: 'keys whose messages are kept in order from end to end, in normal and in strict order, while brokers go and come back',
    shapes: [...both([[1, keyed]]), ...both([[1, keyed]]).map(([weight, shape]) => [weight, strictly(shape)] as const)],
  },
  {
    name: 'ordered-scale-out',
    title: 'topics whose keys are in order get more queues while they are in use, mostly to a multiple and with a barrier for readers',
    shapes: [
      ...both([
        [1, growing],
        [1, leftBehind],
      ]),
      ...both([[1, growing]]).map(([weight, shape]) => [weight, strictly(shape)] as const),
    ],
  },
  {
    name: 'pop',
    title: 'groups that pop, concurrent and orderly, with members and brokers that die in between',
    shapes: [...pops, ...all(pops, leaving)],
  },
  { name: 'many-faults', title: 'several bursts and strays in every run', shapes: both([[1, manyFaults]]) },
  {
    name: 'cluster',
    title: 'two or three brokers, one to three NameServers, all faults, short ones and outages of minutes',
    shapes: [...all(both(mostly), clustered), [100, routing], [100, hardened(routing)]],
  },
  {
    name: 'batches',
    title: 'mostly batches of a few messages, all faults',
    shapes: all(
      both([
        [60, usual],
        [15, rolling],
        [25, torn],
      ]),
      batches,
    ),
  },
  {
    name: 'queue-resize',
    title: 'topics that get more queues, or fewer, while they are in use, mostly in the right order',
    shapes: both([[1, resizing]]),
  },
  { name: 'backlog', title: 'a backlog that an application moves through a topic with more queues', shapes: both([[1, moving]]) },
  {
    name: 'timers',
    title: 'mostly messages that wait for a time of their own, on the timer wheel, and some that are recalled',
    shapes: all([...both([[4, timed]]), [2, outrunOnTheWheel]], recallable),
  },
  {
    name: 'delays',
    title: 'mostly delayed messages, and faults when they are sent and when they are due',
    shapes: [...both([[4, delayed]]), [3, outrun]],
  },
  {
    name: 'latency-tolerance',
    title: 'producers that leave slow and failing brokers alone (sendLatencyFaultEnable), several brokers, mostly slow ones',
    shapes: both([
      [85, tolerating],
      [15, toleratingRoutes],
    ]),
  },
  {
    name: 'retries',
    title: 'listeners that fail, and brokers that take back what they fail on',
    shapes: [...all(both([[3, retrying]]), comingAgain), ...all(both([[1, retrying]]), givenUp)],
  },
  { name: 'dead-letters', title: 'listeners that fail more often than a message comes again', shapes: all(both([[1, retrying]]), givenUp) },
  {
    name: 'orderly-retries',
    title: 'orderly listeners that give up what they have failed on so many times',
    shapes: all(both([[1, givenUpInOrder]]), quickly),
  },
  { name: 'tags', title: 'groups that want some tags, of which two hash alike', shapes: both([[1, tagged]]) },
  {
    name: 'retention',
    title: 'files of the log that are deleted in their time, groups that are away for longer, and clocks that jump',
    shapes: all(both([[1, expiring]]), deleting),
  },
  { name: 'full-disk', title: 'disks that fill up: the oldest files go, and nothing is stored for a while', shapes: both([[1, filling]]) },
  {
    name: 'selectors',
    title: 'groups that bring selectors over properties, some of which are refused',
    shapes: [
      [1, selecting],
      [1, selectingHardened(selecting)],
    ],
  },
  ...COPY_PRESETS,
  {
    name: 'access',
    title: 'accounts that may do some things and not others, wrong signatures, and brokers that go by that',
    shapes: [
      [4, guarded],
      [4, guardedHardened],
      [1, openToAll],
    ],
  },
  {
    name: 'queries',
    title: 'administrators who look for messages by keys, of which two hash alike, and by ids',
    shapes: both([[1, querying]]),
  },
  { name: 'message-traces', title: 'clients that trace their messages, and who asks for that', shapes: [[1, tracing]] },
  { name: 'dledger', title: 'brokers whose commit log is a Raft group, and leaders that go', shapes: [[1, ledgers]] },
  {
    name: 'controller',
    title: 'brokers whose masters are elected: they are killed, stand still, and are cut off',
    shapes: elections,
  },
  {
    name: 'controller-quorum',
    title: 'brokers whose masters are elected by three controllers, of whom one leads',
    shapes: quorums,
  },
  {
    name: 'controller-successions',
    title: 'three controllers of whom one leads after the other, while what the last one has decided, and promised, still counts',
    shapes: successions,
  },
  { name: 'soak', title: 'bulk load for up to a minute, with faults all along', shapes: both([[1, soak]]) },
]

/** @throws InputError for a name that is not in the list. */
export function presetOf(name: string): Preset {
  const found = presets.find((preset) => preset.name === name)
  if (found === undefined) throw new InputError(`unknown preset "${name}": there are ${presets.map((preset) => preset.name).join(', ')}`)
  return found
}
