/**
 * POP (RMQ-110, RML-021): the broker hands out whatever is free of any queue, hides it for a while, and brings what is not acknowledged again.
 * What it handed out is named by a receipt: "startOffset popTime invisibleTime reviveQueue retryFlag broker queue offset".
 */
import { retryTopic } from '../../../plan/group-topics.ts'
import { REQUEST, responseName } from './codes.ts'
import type { Connection } from './connection.ts'
import { accepted, fieldsOf, numberField, Refused } from './fields.ts'
import { ProtocolError, type Frame } from './frame.ts'
import { decodeRecords, propertyOf, type StoredMessage } from './record.ts'

export interface PopRequest {
  readonly group: string
  readonly topic: string
  readonly broker: string
  readonly messagesMax: number
  /** How long what is handed out stays hidden from others. */
  readonly invisibleMs: number
  /** How long the broker may hold the request until there is something; 0: not at all. */
  readonly pollMs: number
  /** RMQ-112: a queue gives nothing more until all that was handed out of it is acknowledged, or to be seen again. */
  readonly inOrder: boolean
}

export interface Popped {
  readonly message: StoredMessage
  readonly receipt: string
  /** Where it lies. What comes again lies in a topic of the group's own, though it says that it is of the old one. */
  readonly place: { readonly topic: string; readonly queue: number; readonly offset: number }
}

const NOTHING: readonly string[] = ['PULL_NOT_FOUND', 'POLLING_FULL', 'POLLING_TIMEOUT']
const RECEIPT_PARTS = 8
const RETRY = '1'
const RETRY_V2 = '2'

function topicOf(flag: string, group: string, topic: string): string {
  if (flag === RETRY) return `${retryTopic(group)}_${topic}`
  return flag === RETRY_V2 ? `${retryTopic(group)}+${topic}` : topic
}

/** @throws ProtocolError */
export function poppedOf(message: StoredMessage, receipt: string, group: string): Popped {
  const parts = receipt.split(' ')
  const [queue, offset] = [Number(parts[6]), Number(parts[7])]
  if (parts.length < RECEIPT_PARTS || !Number.isSafeInteger(queue) || !Number.isSafeInteger(offset))
    throw new ProtocolError(`a message was popped with the receipt "${receipt}"`)
  return { message, receipt, place: { topic: topicOf(parts[4] ?? '', group, message.topic), queue, offset } }
}

/** "0 3 17;0 1 4": where what was handed out of queue 3 begins. */
function startsIn(info: string): Map<number, string> {
  const starts = new Map<number, string>()
  for (const part of info.split(';')) {
    const [flag, queue, offset] = part.split(' ')
    if (flag === '0' && queue !== undefined && offset !== undefined) starts.set(Number(queue), offset)
  }
  return starts
}

function poppedIn(frame: Frame, { group, broker }: PopRequest): Popped[] {
  const starts = startsIn(frame.fields['startOffsetInfo'] ?? '')
  const [popTime, invisible, revive] = ['popTime', 'invisibleTime', 'reviveQid'].map((name) => numberField(frame, name))
  return decodeRecords(frame.body).map((message) => {
    const { queue, offset } = message
    const own = `${starts.get(queue) ?? offset} ${popTime} ${invisible} ${revive} 0 ${broker} ${queue} ${offset}`
    return poppedOf(message, propertyOf(message, 'POP_CK') ?? own, group)
  })
}

/** @throws ConnectionLost, TimedOut, Refused, ProtocolError */
export async function popMessages(connection: Connection, request: PopRequest, timeoutMs: number): Promise<Popped[]> {
  const fields = fieldsOf({
    consumerGroup: request.group,
    topic: request.topic,
    queueId: -1,
    maxMsgNums: request.messagesMax,
    invisibleTime: request.invisibleMs,
    pollTime: request.pollMs,
    bornTime: Date.now(),
    initMode: 0,
    exp: '*',
    expType: 'TAG',
    order: request.inOrder,
  })
  const frame = await connection.request(REQUEST.popMessage, fields, null, timeoutMs)
  const status = responseName(frame.code)
  if (status === 'SEND_OK') return poppedIn(frame, request)
  if (NOTHING.includes(status)) return []
  throw new Refused(`popping ${request.topic}`, frame)
}

/** RML-021: under another topic than that of its place the broker says yes, and brings it again. */
const placeFields = (group: string, { receipt, place }: Popped) => ({
  consumerGroup: group,
  topic: place.topic,
  queueId: place.queue,
  extraInfo: receipt,
  offset: place.offset,
})

/** @throws ConnectionLost, TimedOut, Refused */
export async function acknowledge(connection: Connection, group: string, popped: Popped, timeoutMs: number): Promise<void> {
  const frame = await connection.request(REQUEST.ackMessage, fieldsOf(placeFields(group, popped)), null, timeoutMs)
  accepted(`acknowledging ${popped.place.topic}:${popped.place.queue}@${popped.place.offset}`, frame)
}

/** It is to be seen again after so long, from now on. @throws ConnectionLost, TimedOut, Refused */
export async function changeInvisible(
  connection: Connection,
  group: string,
  popped: Popped,
  invisibleMs: number,
  timeoutMs: number,
): Promise<void> {
  const fields = fieldsOf({ ...placeFields(group, popped), invisibleTime: invisibleMs })
  accepted(
    `hiding ${popped.place.topic}:${popped.place.queue}@${popped.place.offset}`,
    await connection.request(REQUEST.changeInvisibleTime, fields, null, timeoutMs),
  )
}
