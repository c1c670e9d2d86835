/**
 * The adapter protocol, version 1: one JSON object a line. mqproof sends requests on the adapter's stdin; the adapter answers each one
 * once, under its `id`, and pushes deliveries without being asked. spec/adapter-protocol.md is the page for people; a test holds the two together.
 *
 * What is read is parsed with room for more: unknown fields are dropped here, and reported by `--check-adapter`.
 */
import { z } from 'zod'
import { CONTRACT_NAMES } from '../../contract/named.ts'
import { FAULT_KINDS } from '../../plan/faults.ts'
import { SendMode, TxnOutcome } from '../../plan/plan.ts'

export const PROTOCOL = 1

const name = z.string().min(1)
const index = z.int().nonnegative()
/** What an adapter calls something of its own: mqproof hands it back as it came. */
const token = z.union([z.string(), z.int()])
const id = z.int().nonnegative()
const request = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) => z.object({ id, type: z.literal(type), ...shape })

const TopicQueues = z.object({ topic: name, queues: z.int().min(1) })
const outgoing = { client: name, topic: name, queue: index.nullable(), payload: z.string() }

/** mqproof → adapter. */
export const Request = z.discriminatedUnion('type', [
  request('hello', { protocol: z.literal(PROTOCOL), config: z.record(z.string(), z.json()), url: z.string().optional() }),
  request('createTopic', { topic: name, queues: z.int().min(1) }),
  request('createGroup', { group: name, topics: z.array(name) }),
  request('send', { ...outgoing, mode: SendMode, delayMs: z.int().positive().optional() }),
  request('subscribe', { consumer: name, group: name, topics: z.array(TopicQueues), members: z.array(name) }),
  request('settle', { consumer: name, delivery: token, done: z.boolean() }),
  request('unsubscribe', { consumer: name, abrupt: z.boolean() }),
  request('read', { topic: name, queue: index }),
  request('begin', outgoing),
  request('end', { client: name, transaction: token, outcome: TxnOutcome }),
  request('checked', { check: token, outcome: TxnOutcome }),
  request('ready', {}),
  request('fault', { phase: z.enum(['begin', 'end']), fault: z.looseObject({ kind: z.enum(FAULT_KINDS), on: name }) }),
  request('tearDown', { topics: z.array(name), groups: z.array(name) }),
  /** Stands for the requests of later versions: an adapter must bear what it does not know. */
  request('probe', {}),
])
export type Request = z.infer<typeof Request>
export type RequestType = Request['type']
/** The fields of one request, without those that every request has. */
export type Body<T extends RequestType> = Omit<Extract<Request, { type: T }>, 'id' | 'type'>

const Claim = z.object({
  guarantee: z.string(),
  promised: z.boolean().default(true),
  except: z.array(z.enum(FAULT_KINDS)).default([]),
  source: z.string().default(''),
})

const Capabilities = z.object({
  queues: z.int().min(1).default(1),
  bytes: z.int().min(256).default(65_536),
  modes: z.array(SendMode).min(1).default(['sync']),
  offsets: z.boolean().default(false),
  read: z.boolean().default(false),
  commits: z.boolean().default(false),
  ready: z.boolean().default(false),
  delays: z.boolean().default(false),
  transactions: z.enum(['none', 'plain', 'checked']).default('none'),
})

const plain = { id, type: z.literal('ok') }
const Done = z.object(plain)
const Hello = z.object({
  ...plain,
  protocol: z.literal(PROTOCOL),
  /** Short, since it becomes part of plans and histories. */
  system: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'a name of letters, digits, "_", "." and "-"'),
  version: z.string().default(''),
  client: z.string().default('adapter'),
  brokers: z.array(name).min(1).default(['b1']),
  embedded: z.boolean().default(false),
  faults: z.array(z.enum(FAULT_KINDS)).default([]),
  success: z.array(z.string()).default([]),
  capabilities: Capabilities.prefault({}),
  claims: z.array(Claim).default([]),
  /** What the broker is judged by: its claims, or what mqproof itself knows of such a system. */
  contract: z.enum(CONTRACT_NAMES).default('claims'),
  /** The broker's configuration, by which a contract of mqproof's own decides. */
  config: z.record(z.string(), z.json()).optional(),
})
export type HelloAnswer = z.infer<typeof Hello>

const stored = { queue: index.optional(), offset: index.optional(), at: index.optional(), broker: name.optional() }
const Sent = z.object({ ...plain, status: z.string().optional(), ...stored })
/** Where a message lies, as far as it is shown. */
export type Place = Pick<z.infer<typeof Sent>, keyof typeof stored>
const Begun = z.object({ ...plain, status: z.string().optional(), ...stored, transaction: token })
/** Kinds that the fault has also become: a disk that died took with it what was not forced. */
const Faulted = z.object({ ...plain, also: z.array(z.enum(FAULT_KINDS)).default([]) })
const Stored = z.object({ offset: index, payload: z.string() })
const Read = z.object({ ...plain, min: index.optional(), max: index.optional(), messages: z.array(Stored) })

/** What `ok` says, by the request that it answers. */
export const OK = {
  hello: Hello,
  createTopic: Done,
  createGroup: Done,
  send: Sent,
  subscribe: Done,
  settle: Done,
  unsubscribe: Done,
  read: Read,
  begin: Begun,
  end: Done,
  checked: Done,
  ready: Done,
  fault: Faulted,
  tearDown: Done,
  probe: Done,
} as const satisfies Record<RequestType, z.ZodType>
export type Ok<T extends RequestType> = z.infer<(typeof OK)[T]>

/** Certainly not done, and why. */
export const Fail = z.object({ id, type: z.literal('fail'), status: z.string() })
/** Nobody can say whether it was done, and why. */
export const Info = z.object({ id, type: z.literal('info'), status: z.string() })
/** The adapter has no such request. */
export const Unsupported = z.object({ id, type: z.literal('unsupported') })
export type Answer<T extends RequestType> = Ok<T> | z.infer<typeof Fail> | z.infer<typeof Info> | z.infer<typeof Unsupported>

export const ANSWER_TYPES = ['ok', 'fail', 'info', 'unsupported'] as const
/** Requests that an adapter may do without: its broker makes topics and groups by itself, and needs no clearing up. */
export const OPTIONAL: ReadonlySet<RequestType> = new Set(['createTopic', 'createGroup', 'tearDown', 'probe'])

const push = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) => z.object({ type: z.literal(type), ...shape })
const at = { consumer: name, topic: name, queue: index, offset: index }

/** adapter → mqproof, unasked. */
export const PUSHES = {
  deliver: push('deliver', {
    delivery: token,
    consumer: name,
    topic: name,
    queue: index.optional(),
    offset: index.optional(),
    payload: z.string(),
    attempt: index.default(0),
  }),
  assigned: push('assigned', { ...at, from: z.enum(['stored', 'none', 'corrected']).default('stored') }),
  committed: push('committed', at),
  check: push('check', { check: token, client: name.optional(), payload: z.string() }),
} as const
export type PushType = keyof typeof PUSHES
export type Push = { [T in PushType]: z.infer<(typeof PUSHES)[T]> }[PushType]
export type Deliver = z.infer<typeof PUSHES.deliver>

/** Every line of either side, for the JSON Schema. */
export const AdapterLine = z.union([Request, ...Object.values(OK), Fail, Info, Unsupported, ...Object.values(PUSHES)])

/** Payloads travel as text. mqproof's own are printable ASCII as they are; whatever is not goes as base64 behind this mark. */
const MARK = 'base64:'
const PRINTABLE = /^[\x20-\x7e]*$/

export function toText(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('latin1')
  return PRINTABLE.test(text) && !text.startsWith(MARK) ? text : MARK + Buffer.from(bytes).toString('base64')
}

export const toBytes = (text: string): Uint8Array =>
  text.startsWith(MARK) ? Buffer.from(text.slice(MARK.length), 'base64') : Buffer.from(text, 'utf8')
