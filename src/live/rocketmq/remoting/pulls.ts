/** What consumers and auditors ask: pulls, progress, and the bounds of a queue (RML-015, RML-016). */
import { REQUEST, responseName } from './codes.ts'
import type { Connection } from './connection.ts'
import { accepted, fieldsOf, numberField, Refused } from './fields.ts'
import { decodeRecords, type StoredMessage } from './record.ts'

export interface QueueOf {
  readonly group: string
  readonly topic: string
  readonly queue: number
}

export interface PullRequest extends QueueOf {
  readonly offset: number
  /** How long the broker may hold the request until there is something; 0: not at all. */
  readonly holdMs: number
  /** The tags that are wanted, as RocketMQ writes them; every message when left out. The broker goes by their hashes alone (RMQ-135). */
  readonly tags?: string | undefined
}

export interface PullAnswer {
  /** empty: nothing there yet; elsewhere: go on at `next`; moved: the offset lies outside of the queue, which goes on at `next`. */
  readonly status: 'found' | 'empty' | 'elsewhere' | 'moved'
  readonly next: number
  readonly messages: readonly StoredMessage[]
}

/** RMQ-089: pullBatchSize. */
const BATCH = 32
const SUSPEND = 2
const SUBSCRIPTION = 4

const STATUSES: Readonly<Record<string, PullAnswer['status']>> = {
  SEND_OK: 'found',
  PULL_NOT_FOUND: 'empty',
  PULL_RETRY_IMMEDIATELY: 'elsewhere',
  PULL_OFFSET_MOVED: 'moved',
}

/** @throws ConnectionLost, TimedOut, Refused, ProtocolError */
export async function pullMessages(connection: Connection, request: PullRequest, timeoutMs: number): Promise<PullAnswer> {
  const fields = fieldsOf({
    consumerGroup: request.group,
    topic: request.topic,
    queueId: request.queue,
    queueOffset: request.offset,
    maxMsgNums: BATCH,
    sysFlag: SUBSCRIPTION | (request.holdMs > 0 ? SUSPEND : 0),
    commitOffset: 0,
    suspendTimeoutMillis: request.holdMs,
    subscription: request.tags ?? '*',
    subVersion: 0,
    expressionType: 'TAG',
  })
  const frame = await connection.request(REQUEST.pullMessage, fields, null, timeoutMs)
  const status = STATUSES[responseName(frame.code)]
  if (status === undefined) throw new Refused(`pulling ${request.topic}:${request.queue}`, frame)
  return { status, next: numberField(frame, 'nextBeginOffset'), messages: status === 'found' ? decodeRecords(frame.body) : [] }
}

/** Where the group stands, or null when the broker knows nothing of it. @throws ConnectionLost, TimedOut, Refused */
export async function storedOffset(connection: Connection, { group, topic, queue }: QueueOf, timeoutMs: number): Promise<number | null> {
  const fields = fieldsOf({ consumerGroup: group, topic, queueId: queue, setZeroIfNotFound: false })
  const frame = await connection.request(REQUEST.queryConsumerOffset, fields, null, timeoutMs)
  if (responseName(frame.code) === 'QUERY_NOT_FOUND') return null
  return numberField(accepted(`asking for the progress of ${group}`, frame), 'offset')
}

/** One-way, as every client does it (RMQ-095). */
export function updateOffset(connection: Connection, { group, topic, queue }: QueueOf, offset: number): void {
  connection.oneway(REQUEST.updateConsumerOffset, fieldsOf({ consumerGroup: group, topic, queueId: queue, commitOffset: offset }), null)
}

export interface Bounds {
  readonly min: number
  readonly max: number
}

/** @throws ConnectionLost, TimedOut, Refused */
export async function boundsOf(connection: Connection, topic: string, queue: number, timeoutMs: number): Promise<Bounds> {
  const fields = fieldsOf({ topic, queueId: queue })
  const [min, max] = await Promise.all([
    connection.request(REQUEST.minOffset, fields, null, timeoutMs),
    connection.request(REQUEST.maxOffset, fields, null, timeoutMs),
  ])
  const asked = `asking for the bounds of ${topic}:${queue}`
  return { min: numberField(accepted(asked, min), 'offset'), max: numberField(accepted(asked, max), 'offset') }
}
