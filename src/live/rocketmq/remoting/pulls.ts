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
  /** Every message when left out. */
  readonly wanted?: Wanted | undefined
}

/**
 * What a group wants: tags, as RocketMQ writes them, of which the broker goes by the hashes alone (RMQ-135); or what a selector says, which it alone
 * decides (RMQ-137).
 */
export interface Wanted {
  readonly type: 'TAG' | 'SQL92'
  readonly expression: string
}
const EVERYTHING: Wanted = { type: 'TAG', expression: '*' }

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
  const { type, expression } = request.wanted ?? EVERYTHING
  const fields = fieldsOf({
    consumerGroup: request.group,
    topic: request.topic,
    queueId: request.queue,
    queueOffset: request.offset,
    maxMsgNums: BATCH,
    sysFlag: SUBSCRIPTION | (request.holdMs > 0 ? SUSPEND : 0),
    commitOffset: 0,
    suspendTimeoutMillis: request.holdMs,
    subscription: expression,
    subVersion: 0,
    expressionType: type,
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

/** Whether the broker understands a selector, as clients ask before they begin (RMQ-137). @throws ConnectionLost, TimedOut, Refused */
export async function checkSelector(
  connection: Connection,
  {
    group,
    topic,
    clientId,
    selector,
  }: { readonly group: string; readonly topic: string; readonly clientId: string; readonly selector: string },
  timeoutMs: number,
): Promise<void> {
  const wanted = { topic, subString: selector, expressionType: 'SQL92', tagsSet: [], codeSet: [], subVersion: 0, classFilterMode: false }
  const body = JSON.stringify({ clientId, group, subscriptionData: wanted })
  accepted(`subscribing ${topic}`, await connection.request(REQUEST.checkClientConfig, '{}', Buffer.from(body), timeoutMs))
}

/** How a broker without `enablePropertyFilter` begins its refusal, which has no code of its own. */
const NO_SELECTORS = 'The broker does not support consumer to filter message by'

/** Whether it is the selector that was refused, for good: it can't be parsed, or the broker knows no selectors (RMQ-137). */
export const refusesSelector = ({ code, remark }: Refused): boolean =>
  responseName(code) === 'SUBSCRIPTION_PARSE_FAILED' || remark.startsWith(NO_SELECTORS)

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
