/** A message whose listener failed goes back to the broker, which brings it again by its schedule, or gives it up (RMQ-113). */
import { REQUEST } from './codes.ts'
import type { Connection } from './connection.ts'
import { accepted, fieldsOf } from './fields.ts'
import type { StoredMessage } from './record.ts'

export interface SendBack {
  readonly group: string
  readonly broker: string
  /** 0: the broker's own schedule, a level more with each time; below 0: to the dead letters at once. */
  readonly delayLevel: number
  /** How often it may come again before it is given up. */
  readonly retriesMax: number
}

/** The broker finds it by its physical offset. @throws ConnectionLost, TimedOut, Refused */
export async function sendBack(connection: Connection, message: StoredMessage, how: SendBack, timeoutMs: number): Promise<void> {
  const fields = fieldsOf({
    group: how.group,
    originTopic: message.topic,
    offset: message.at,
    originMsgId: '',
    delayLevel: how.delayLevel,
    unitMode: false,
    maxReconsumeTimes: how.retriesMax,
    bname: how.broker,
  })
  accepted(
    `sending ${message.topic}:${message.queue}@${message.offset} back`,
    await connection.request(REQUEST.sendBack, fields, null, timeoutMs),
  )
}
