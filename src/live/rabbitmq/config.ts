/** The configuration of a live RabbitMQ: what differs between the rows of the control table, and how the client consumes. */
import { z } from 'zod'

export const QueueType = z.enum(['classic-v1', 'classic-v2', 'quorum', 'stream'])
export type QueueType = z.infer<typeof QueueType>

export const RabbitmqLiveConfig = z.strictObject({
  queueType: QueueType.default('classic-v1'),
  /** Delivery mode 2. Quorum queues and streams store every message anyway (RAB-006). */
  persistent: z.boolean().default(true),
  /** Without confirms a publish has no acknowledgement at all, and nothing could be judged (RAB-001). */
  confirms: z.literal(true).default(true),
  /** Deliveries that one consumer may hold unacknowledged, per queue (RAB-024). */
  prefetch: z.int().min(1).max(65_535).default(256),
  /** A warm store is forced to disk once when a round is set up; a fresh one meets a power loss in its first seconds of life (RAB-144). */
  store: z.enum(['warm', 'fresh']).default('warm'),
})
export type RabbitmqLiveConfig = z.infer<typeof RabbitmqLiveConfig>

export const CONFIGS: Readonly<Record<string, unknown>> = {
  'classic-v1': {},
  'classic-v2': { queueType: 'classic-v2' },
  quorum: { queueType: 'quorum' },
  stream: { queueType: 'stream' },
  transient: { persistent: false },
}

/** The arguments by which a queue becomes one of its type; without any it is a classic queue of the server's default version (RAB-009). */
export const QUEUE_ARGUMENTS: Readonly<Record<QueueType, Readonly<Record<string, string | number>>>> = {
  'classic-v1': {},
  'classic-v2': { 'x-queue-version': 2 },
  quorum: { 'x-queue-type': 'quorum' },
  stream: { 'x-queue-type': 'stream' },
}

/** The one broker's name, as faults call it. */
export const BROKER = 'b1'
