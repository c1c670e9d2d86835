/**
 * A push consumer over long polling. The queues of each topic are dealt out among the group's members by the default strategy, once
 * (RMQ-102): a member that is away leaves its queues unread, as in the model.
 */
import { messageOf } from '../../plan/message-of.ts'
import { TargetBroken, type Consumer, type ConsumerEvents, type ConsumerSpec } from '../target.ts'
import { Link, type Address } from './link.ts'
import { QueueConsumer, type QueueTimes } from './queue-consumer.ts'

export interface ConsumerOptions {
  readonly address: Address
  readonly times: QueueTimes
  /** RMQ-095: five seconds in the Java client; a round is shorter than that. */
  readonly commitIntervalMs: number
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

  constructor(spec: ConsumerSpec, events: ConsumerEvents, options: ConsumerOptions) {
    this.link = new Link({ address: options.address, connectMs: options.times.requestMs })
    const member = spec.members.indexOf(spec.name)
    this.queues = spec.topics.flatMap(({ topic, queues }) =>
      shareOf(queues, spec.members.length, member).map(
        (queue) => new QueueConsumer(this.link, { group: spec.group, topic, queue }, options.times, events),
      ),
    )
    this.reporting = setInterval(() => {
      this.report()
    }, options.commitIntervalMs)
    for (const queue of this.queues)
      queue.run().catch((error: unknown) => {
        this.abort()
        options.onBroken(new TargetBroken(`consumer ${spec.name}: the broker's answer is not understood: ${messageOf(error)}`))
      })
  }

  close(): Promise<void> {
    this.report()
    this.stop()
    this.link.close()
    return Promise.resolve()
  }

  abort(): void {
    this.stop()
    this.link.destroy()
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
