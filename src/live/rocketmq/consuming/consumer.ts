/**
 * A push consumer over long polling. The queues of each topic are dealt out among the group's members by the default strategy, once
 * (RMQ-102): a member that is away leaves its queues unread, as in the model.
 */
import { randomBytes } from 'node:crypto'
import { messageOf } from '../../../plan/message-of.ts'
import { TargetBroken, type Consumer, type ConsumerEvents, type ConsumerSpec } from '../../target.ts'
import { Link, type Address } from '../link.ts'
import type { QueueOf } from '../remoting/pulls.ts'
import { ConcurrentWork } from './concurrent-work.ts'
import { OrderlyWork } from './orderly-work.ts'
import { QueueConsumer, type QueueTimes } from './queue-consumer.ts'
import { QueueLock, type LockTimes } from './queue-lock.ts'

export interface ConsumerTimes extends QueueTimes, LockTimes {
  /** RMQ-095: five seconds in the Java client; a round is shorter than that. */
  readonly commitIntervalMs: number
  /** RMQ-099, RMQ-108: a message whose listener failed is run again. */
  readonly retryMs: number
}

export interface ConsumerOptions {
  readonly address: Address
  readonly broker: string
  readonly times: ConsumerTimes
  /** The driver lost its way: nothing that follows can be believed. */
  readonly onBroken: (error: TargetBroken) => void
}

/** AVG: contiguous slices, the larger ones first. */
export function shareOf(queues: number, members: number, member: number): number[] {
  const size = Math.floor(queues / members)
  const larger = queues % members
  const from = member * size + Math.min(member, larger)
  return Array.from({ length: size + (member < larger ? 1 : 0) }, (_, k) => from + k)
}

export class RemotingConsumer implements Consumer {
  private readonly link: Link
  private readonly queues: readonly QueueConsumer[]
  private readonly reporting: NodeJS.Timeout
  private readonly spec: ConsumerSpec
  private readonly events: ConsumerEvents
  private readonly options: ConsumerOptions
  /** RMQ-096: a process that is started again is another client. */
  private readonly clientId: string

  constructor(spec: ConsumerSpec, events: ConsumerEvents, options: ConsumerOptions) {
    this.spec = spec
    this.events = events
    this.options = options
    this.clientId = `${spec.name}@${randomBytes(6).toString('hex')}`
    this.link = new Link({ address: options.address, connectMs: options.times.requestMs })
    const member = spec.members.indexOf(spec.name)
    this.queues = spec.topics.flatMap(({ topic, queues }) =>
      shareOf(queues, spec.members.length, member).map((queue) => this.queueOf({ group: spec.group, topic, queue })),
    )
    this.reporting = setInterval(() => {
      this.report()
    }, options.times.commitIntervalMs)
    for (const queue of this.queues) queue.run().catch(this.broke)
  }

  close(): Promise<void> {
    const connection = this.link.current
    if (connection !== null) for (const queue of this.queues) queue.leave(connection)
    this.stop()
    this.link.close()
    return Promise.resolve()
  }

  abort(): void {
    this.stop()
    this.link.destroy()
  }

  private queueOf(place: QueueOf): QueueConsumer {
    const { link, events } = this
    const { times, broker } = this.options
    const common = { link, place, times, events }
    const handOver = events.delivered.bind(events)
    if (this.spec.listener !== 'orderly') {
      return new QueueConsumer({ ...common, lock: null, workFrom: (start) => new ConcurrentWork(place, start, times.retryMs, handOver) })
    }
    const lock = new QueueLock(link, { ...place, clientId: this.clientId, broker }, times, events, this.broke)
    return new QueueConsumer({ ...common, lock, workFrom: (start) => new OrderlyWork(place, start, lock, times.retryMs, handOver) })
  }

  private readonly broke = (error: unknown): void => {
    this.abort()
    this.options.onBroken(new TargetBroken(`consumer ${this.spec.name}: the broker's answer is not understood: ${messageOf(error)}`))
  }

  private report(): void {
    const connection = this.link.current
    if (connection !== null) for (const queue of this.queues) queue.report(connection)
  }

  private stop(): void {
    clearInterval(this.reporting)
    for (const queue of this.queues) queue.stop()
  }
}
