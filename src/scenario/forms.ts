/** Every command of a run: its verb, and the fields that go with it. Verbs are the plan's own kinds, written with dashes. */
import type { FaultKind } from '../plan/faults.ts'
import { Keep } from '../plan/faults.ts'
import { AskedBy, SendMode, TxnOutcome, type Item } from '../plan/plan.ts'
import { crashPoint, delay, integer, like, name, names, oneOf, properties, time, type Field } from './fields.ts'

/** The size of a message whose size does not matter. */
export const DEFAULT_BYTES = 100

const required = (word: string, sets: string, codec: Field['codec']): Field => ({ word, sets, codec, absent: 'required' })
const optional = (word: string, sets: string, codec: Field['codec']): Field => ({ word, sets, codec, absent: 'optional' })

const queues = required('queues', 'queues', integer)
const queue = optional('queue', 'queue', like(integer, '0'))
const bytes: Field = { word: 'bytes', sets: 'bytes', codec: like(integer, '100'), absent: () => DEFAULT_BYTES }
const fails = optional('fails', 'fails', like(integer, '1'))
const key = optional('key', 'key', like(name, 'order7'))
const tag = optional('tag', 'tag', like(name, 'paid'))
const says = optional('with', 'properties', properties)
const select = optional('select', 'select', oneOf('key'))
const span = required('for', 'forUs', time)
const point = optional('point', 'point', crashPoint)
const shift = required('by', 'byUs', time)
const permille = required('permille', 'permille', like(integer, '500'))

type Do = Item['do']

export const OPERATIONS: Readonly<Record<Do, readonly Field[]>> = {
  send: [
    queue,
    optional('broker', 'broker', name),
    { word: 'mode', sets: 'mode', codec: oneOf(...SendMode.options), absent: () => 'sync' },
    bytes,
    fails,
    key,
    select,
    tag,
    says,
    optional('delay', 'delay', delay),
  ],
  transaction: [
    required('outcome', 'outcome', oneOf(...TxnOutcome.options)),
    // A truthful checker answers what the local transaction decided.
    { word: 'answer', sets: 'answer', codec: oneOf(...TxnOutcome.options), absent: (values) => String(values['outcome']) },
    bytes,
    fails,
    key,
    tag,
    says,
  ],
  batch: [required('count', 'count', integer), queue, optional('broker', 'broker', name), bytes, fails, tag],
  createTopic: [queues],
  resize: [
    required('read', 'readQueues', integer),
    required('write', 'writeQueues', integer),
    optional('brokers', 'brokers', names),
    optional('drain', 'drainUs', time),
    optional('barrier', 'barrierUs', time),
  ],
  wipeWritePerm: [required('broker', 'broker', name)],
  resetOffset: [
    required('group', 'group', like(name, 'g')),
    queue,
    optional('broker', 'broker', name),
    optional('offset', 'offset', like(integer, '0')),
    optional('to', 'timestampUs', time),
  ],
  seek: [queue, optional('broker', 'broker', name), optional('offset', 'offset', like(integer, '0'))],
  pauseQueue: [queue, optional('broker', 'broker', name), span],
  query: [
    { word: 'by', sets: 'by', codec: oneOf(...AskedBy.options), absent: () => 'key' },
    key,
    optional('since', 'sinceUs', time),
    optional('until', 'untilUs', time),
    optional('max', 'max', like(integer, '64')),
  ],
  recall: [],
  consumeStats: [required('group', 'group', like(name, 'g'))],
  start: [],
  stop: [],
  load: [
    required('workers', 'workers', integer),
    required('for', 'durationUs', time),
    required('every', 'everyUs', time),
    bytes,
    fails,
    key,
    select,
    tag,
    says,
  ],
}

/** Verbs that send nothing, and so have no text. */
export const TEXTLESS: readonly string[] = [
  'create-topic',
  'resize',
  'reset-offset',
  'query',
  'consume-stats',
  'recall',
  'wipe-write-perm',
  'seek',
  'pause-queue',
]

/** Operations that are about their client alone. */
export const TOPICLESS: readonly string[] = ['start', 'stop']

/** Faults of a node: `at 5ms b1 pause for=100ms`. */
export const NODE_FAULTS = {
  processKill: [span, point],
  powerLoss: [span, required('keep', 'keep', oneOf(...Keep.options)), point],
  gracefulRestart: [span],
  diskLoss: [span],
  promotion: [span, optional('others', 'others', oneOf('stay'))],
  pause: [span],
  diskFull: [span],
  diskSlow: [span],
  diskStall: [span],
  forceFails: [span],
  forceLies: [span],
  bitCorruption: [],
  clockOffset: [shift],
  clockJump: [shift],
  clockDrift: [required('ppm', 'ppm', like(integer, '500')), span],
} as const satisfies Partial<Record<FaultKind, readonly Field[]>>

/** Faults of a link: `at 5ms net-loss p1>b1 permille=500 for=100ms`. */
export const LINK_FAULTS = {
  netLoss: [permille, span],
  netDelay: [permille, span],
  netDuplicate: [permille, span],
  netReorder: [permille, span],
  cut: [span, optional('with', 'with', names)],
} as const satisfies Record<Exclude<FaultKind, keyof typeof NODE_FAULTS>, readonly Field[]>

/** "powerLoss" → "power-loss". */
export const verbOf = (kind: string): string => kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

const byVerb = (forms: Readonly<Record<string, readonly Field[]>>): ReadonlyMap<string, { kind: string; fields: readonly Field[] }> =>
  new Map(Object.entries(forms).map(([kind, fields]) => [verbOf(kind), { kind, fields }]))

export const OPERATION_VERBS = byVerb(OPERATIONS)
export const NODE_VERBS = byVerb(NODE_FAULTS)
export const LINK_VERBS = byVerb(LINK_FAULTS)
export const VERBS: readonly string[] = [...OPERATION_VERBS.keys(), ...NODE_VERBS.keys(), ...LINK_VERBS.keys()]
