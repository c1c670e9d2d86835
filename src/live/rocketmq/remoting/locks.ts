/** Locks of queues, which orderly consumers ask for and give back (RMQ-106, RML-020). */
import { z } from 'zod'
import { REQUEST } from './codes.ts'
import type { Connection } from './connection.ts'
import { accepted } from './fields.ts'
import { ProtocolError } from './frame.ts'

export interface LockRequest {
  readonly group: string
  readonly clientId: string
  readonly broker: string
  readonly topic: string
  readonly queue: number
}

const Granted = z.object({ lockOKMQSet: z.array(z.object({ topic: z.string(), queueId: z.int() })) })

const bodyOf = ({ group, clientId, broker, topic, queue }: LockRequest): Buffer =>
  Buffer.from(JSON.stringify({ consumerGroup: group, clientId, mqSet: [{ topic, brokerName: broker, queueId: queue }] }))

function grantedIn(text: string): z.infer<typeof Granted> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new ProtocolError(`granted locks that are no JSON: ${text.slice(0, 80)}`)
  }
  const parsed = Granted.safeParse(value)
  if (!parsed.success) throw new ProtocolError(`an answer about locks without those that were granted: ${text.slice(0, 80)}`)
  return parsed.data
}

/** Whether the queue is the client's now; asking again renews it. @throws ConnectionLost, TimedOut, Refused, ProtocolError */
export async function lockQueue(connection: Connection, request: LockRequest, timeoutMs: number): Promise<boolean> {
  const frame = await connection.request(REQUEST.lockBatch, '{}', bodyOf(request), timeoutMs)
  const { body } = accepted(`asking for the lock of ${request.topic}:${request.queue}`, frame)
  return grantedIn(body.toString()).lockOKMQSet.some(({ topic, queueId }) => topic === request.topic && queueId === request.queue)
}

/** One-way, as every client does it. */
export function unlockQueue(connection: Connection, request: LockRequest): void {
  connection.oneway(REQUEST.unlockBatch, '{}', bodyOf(request))
}
