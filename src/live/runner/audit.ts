/**
 * The audit at the end of a live round: what does each queue really hold? Where queues can't be read, a group of its own, which has
 * existed all the time, is given everything now; then the n-th message of a queue stands for offset n.
 */
import { shownQueue } from './names.ts'
import { AUDITOR, SENTINEL_TRIES } from '../../plan/script.ts'
import type { Consumer, ConsumerEvents, Delivery, Reading, Target, TopicSetup } from '../target.ts'
import { identify } from './consumer.ts'
import type { RoundContext } from './context.ts'
import type { GroupWork } from './outstanding.ts'
import { pause, within } from '../waits.ts'

const READ_LIMIT_MS = 60_000
const LOOK_MS = 20
/** How long an acknowledged message may come after the last sentinel of its queue, and at most half of the time that an audit has. */
const LATE_MS = 3000

type Read = NonNullable<Target['read']>
/** Null where queues can't be read. */
export const readerOf = (target: Target): Read | null => target.read?.bind(target) ?? null

/** The topics of the round, and where its groups' dead letters lie. */
function* audited({ target, names, created }: RoundContext): Generator<TopicSetup> {
  yield* names.topics
  yield* created
  for (const { group } of names.groups) {
    const letters = target.deadLetters?.(group) ?? null
    if (letters !== null) yield letters
  }
}

/** What each queue of the round holds now. */
async function* readings(context: RoundContext, read: Read): AsyncGenerator<Reading & { topic: string; queue: string }> {
  const { names } = context
  for (const { topic, queues } of audited(context)) {
    for (let queue = 0; queue < queues; queue++) {
      const name = names.planTopic(topic)
      const reading = await within(READ_LIMIT_MS, `reading ${name}:${queue}`, read(topic, queue))
      yield { ...reading, topic: name, queue: `${queue}` }
    }
  }
}

/** Reads every queue. */
export async function auditByReading(context: RoundContext, read: Read): Promise<void> {
  const { round, record, serial } = context
  for await (const { topic, queue, min, max, messages } of readings(context, read)) {
    const op = serial()
    for (const { offset, payload } of messages) {
      const { message, digest } = identify(round, payload)
      record(AUDITOR).pull(op, topic, queue, offset, message, digest)
    }
    record(AUDITOR).audit(op, topic, queue, min, max)
  }
}

/** The messages that some queue holds. */
export async function storedMessages(context: RoundContext, read: Read): Promise<Set<number>> {
  const stored = new Set<number>()
  for await (const { messages } of readings(context, read))
    for (const { payload } of messages) stored.add(identify(context.round, payload).message)
  return stored
}

class Listener implements ConsumerEvents {
  private lastMs = performance.now()
  private readonly lateMs: number
  private readonly context: RoundContext
  private readonly work: GroupWork
  private readonly op: number
  /** How many messages of each queue have come. */
  private readonly counts = new Map<string, number>()
  /** When the last message of each queue came. */
  private readonly cameMs = new Map<string, number>()
  /** Queues, by their place in the script, whose sentinel has come. */
  private readonly marked = new Set<number>()

  constructor(context: RoundContext, work: GroupWork, lateMs: number) {
    this.context = context
    this.work = work
    this.lateMs = lateMs
    this.op = context.serial()
  }

  delivered(delivery: Delivery): void {
    const { names, round, record, script, trouble } = this.context
    const { message, digest } = identify(round, delivery.payload)
    const topic = names.planTopic(delivery.topic)
    const queue = shownQueue(delivery.queue)
    const key = `${topic}:${queue}`
    const position = this.counts.get(key) ?? 0
    this.counts.set(key, position + 1)
    record(AUDITOR).pull(this.op, topic, queue, position, message, digest)
    if (message >= script.sentinelFrom) this.marked.add(Math.floor((message - script.sentinelFrom) / SENTINEL_TRIES))
    this.lastMs = performance.now()
    this.cameMs.set(key, this.lastMs)
    this.work.finished(message)
    delivery.settle(true).catch(trouble.raise)
  }

  assigned(): void {}
  committed(): void {}

  /** Every queue was read to a sentinel, and what was acknowledged has come, or has had its time. */
  get complete(): boolean {
    if (this.marked.size < this.context.script.sentinels.length) return false
    return this.work.owes === 0 || performance.now() - this.lastMs > this.lateMs
  }

  /** What the limit has cut off while its messages still came is not audited: the others may only be on their way. */
  finish(): void {
    const { record, script } = this.context
    const quietMs = this.complete ? Infinity : performance.now() - this.lateMs
    script.sentinels.forEach(({ topic, to }, index) => {
      const name = to?.name ?? '0'
      const key = `${topic}:${name}`
      if (!this.marked.has(index) || (this.cameMs.get(key) ?? 0) > quietMs) return
      record(AUDITOR).audit(this.op, topic, name, 0, this.counts.get(key) ?? 0)
    })
  }
}

/** Consumes every queue from its beginning; a queue whose sentinel does not come within the limit stays unaudited. */
export async function auditByGroup(context: RoundContext, work: GroupWork, limitMs: number): Promise<void> {
  const { names, target, trouble } = context
  const listener = new Listener(context, work, Math.min(LATE_MS, limitMs / 2))
  const spec = { name: AUDITOR, group: names.auditGroup.group, topics: names.topics, members: [AUDITOR] }
  const consumer: Consumer = await within(limitMs, 'opening the auditor', target.openConsumer(spec, listener))
  const endMs = performance.now() + limitMs
  while (!listener.complete && performance.now() < endMs && !trouble.raised) await pause(LOOK_MS)
  listener.finish()
  await within(limitMs, 'closing the auditor', consumer.close())
}
