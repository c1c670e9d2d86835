/** What producers ask: sends, halves, and the ends of transactions (RML-015, RML-016, RML-018). */
import type { Properties } from '../../../plan/labels.ts'
import type { TxnOutcome } from '../../../plan/plan.ts'
import { REQUEST, responseName, type ResponseName } from './codes.ts'
import type { Connection } from './connection.ts'
import { fieldsOf, numberField } from './fields.ts'
import { ProtocolError, type Frame } from './frame.ts'

export type Delay = { readonly level: number } | { readonly deliverAtMs: number }

export interface SendRequest {
  readonly producerGroup: string
  readonly broker: string
  readonly topic: string
  readonly queue: number
  /** The message's own number, which the client chooses (RMQ-086). */
  readonly uniqueKey: string
  readonly half: boolean
  /** When the broker is to show it: by the table of levels (RMQ-118), or at a time of its own wall clock (RMQ-122). */
  readonly delay?: Delay | undefined
  readonly tag?: string | undefined
  /** The application's own. */
  readonly properties?: Properties | undefined
  readonly body: Uint8Array
}

export interface SendAnswer {
  readonly status: ResponseName | `CODE_${number}`
  /** Where it lies, if it was stored. */
  readonly place: { readonly queue: number; readonly offset: number; readonly at: number } | null
}

/** TRANSACTION_PREPARED_TYPE. */
const HALF = 4
/** Statuses under which the message is in the log. */
const STORED: readonly string[] = ['SEND_OK', 'FLUSH_DISK_TIMEOUT', 'FLUSH_SLAVE_TIMEOUT', 'SLAVE_NOT_AVAILABLE']
/** The physical offset is the end of the message id: 16 hexadecimal digits. */
const AT_DIGITS = 16

/** Property names end in \u0001 and values in \u0002; backslashes are doubled, since this is already JSON text. */
function delayed(delay: Delay | undefined): string {
  if (delay === undefined) return ''
  return 'level' in delay ? `DELAY\\u0001${delay.level}\\u0002` : `TIMER_DELIVER_MS\\u0001${delay.deliverAtMs}\\u0002`
}

/** A tag, or a value, may hold what JSON must not. */
const property = (name: string, value: string): string => `${name}\\u0001${JSON.stringify(value).slice(1, -1)}\\u0002`

const labelled = ({ tag, properties }: SendRequest): string =>
  (tag === undefined ? '' : property('TAGS', tag)) +
  (properties === undefined
    ? ''
    : Object.entries(properties)
        .map(([name, value]) => property(name, value))
        .join(''))

function sendFields(request: SendRequest): string {
  const { producerGroup, broker, topic, queue, uniqueKey, half, delay } = request
  const group = JSON.stringify(producerGroup)
  const transactional = half ? `TRAN_MSG\\u0001true\\u0002PGROUP\\u0001${group.slice(1, -1)}\\u0002` : ''
  return (
    `{"a":${group},"b":${JSON.stringify(topic)},"c":"TBW102","d":"4","e":"${queue}","f":"${half ? HALF : 0}","g":"${Date.now()}",` +
    `"h":"0","i":"UNIQ_KEY\\u0001${uniqueKey}\\u0002WAIT\\u0001true\\u0002${transactional}${labelled(request)}${delayed(delay)}","j":"0","k":"false","m":"false",` +
    `"n":${JSON.stringify(broker)}}`
  )
}

function physicalOffset(frame: Frame): number {
  const id = frame.fields['msgId'] ?? ''
  const at = Number.parseInt(id.slice(-AT_DIGITS), 16)
  if (id.length < AT_DIGITS || !Number.isSafeInteger(at)) throw new ProtocolError(`a send was answered with the message id "${id}"`)
  return at
}

/** @throws ConnectionLost, TimedOut, ProtocolError */
export async function sendMessage(connection: Connection, request: SendRequest, timeoutMs: number): Promise<SendAnswer> {
  const frame = await connection.request(REQUEST.sendMessageV2, sendFields(request), request.body, timeoutMs)
  const status = responseName(frame.code)
  if (!STORED.includes(status)) return { status, place: null }
  return {
    status,
    place: { queue: numberField(frame, 'queueId'), offset: numberField(frame, 'queueOffset'), at: physicalOffset(frame) },
  }
}

export function sendOneway(connection: Connection, request: SendRequest): void {
  connection.oneway(REQUEST.sendMessageV2, sendFields(request), request.body)
}

/** A half message that the broker holds: where it lies in the internal queue of halves, and its unique key. */
export interface Half {
  readonly topic: string
  readonly offset: number
  readonly at: number
  readonly uniqueKey: string
}

const OUTCOMES: Readonly<Record<TxnOutcome, number>> = { commit: 8, rollback: 12, unknown: 0 }

/** One-way, as every client does it: an end that is lost is asked for later (RMQ-127). */
export function endTransaction(connection: Connection, producerGroup: string, half: Half, outcome: TxnOutcome, fromCheck: boolean): void {
  const fields = fieldsOf({
    topic: half.topic,
    producerGroup,
    tranStateTableOffset: half.offset,
    commitLogOffset: half.at,
    commitOrRollback: OUTCOMES[outcome],
    fromTransactionCheck: fromCheck,
    msgId: half.uniqueKey,
    transactionId: half.uniqueKey,
  })
  connection.oneway(REQUEST.endTransaction, fields, null)
}

/** What a check asks about; the half may lie elsewhere by now than where it was acknowledged (RMQ-130). */
export const halfOfCheck = (frame: Frame, topic: string): Half => ({
  topic,
  offset: numberField(frame, 'tranStateTableOffset'),
  at: numberField(frame, 'commitLogOffset'),
  uniqueKey: frame.fields['msgId'] ?? '',
})

/** Announces a producer group, so that its members can be asked (RMQ-132). @throws ConnectionLost, TimedOut */
export async function announceProducer(connection: Connection, clientId: string, group: string, timeoutMs: number): Promise<void> {
  const body = JSON.stringify({ clientID: clientId, producerDataSet: [{ groupName: group }], consumerDataSet: [] })
  await connection.request(REQUEST.heartbeat, '{}', Buffer.from(body), timeoutMs)
}
