/**
 * A push consumer over long polling. The queues of each topic are dealt out among the group's members by the default strategy, once
 * (RMQ-102): a member that is away leaves its queues unread, as in the model.
 */
import { randomBytes } from 'node:crypto'
import { retryTopic } from '../../../plan/group-topics.ts'
import { messageOf } from '../../../plan/message-of.ts'
import { TargetBroken, type Consumer, type ConsumerEvents, type ConsumerSpec, type TopicSetup } from '../../target.ts'
import { pause } from '../../waits.ts'
import { Link, type Address, type Whereabouts } from '../link.ts'
import { checkSelector, refusesSelector, type QueueOf, type Wanted } from '../remoting/pulls.ts'
import { isOutage } from '../remoting/connection.ts'
import { Refused } from '../remoting/fields.ts'
import type { StoredMessage } from '../remoting/record.ts'
import { sendBack } from '../remoting/send-back.ts'
import { ConcurrentWork, type Failing } from './concurrent-work.ts'
import { OrderlyWork } from './orderly-work.ts'
import { QueueConsumer, type QueueTimes } from './queue-consumer.ts'
import { QueueLock, type LockTimes } from './queue-lock.ts'

export interface ConsumerTimes extends QueueTimes, LockTimes {
  /** How long what was popped stays hidden from others. */
  readonly invisibleMs: number
  /** RMQ-095: five seconds in the Java client; a round is shorter than that. */
  readonly commitIntervalMs: number
  /** RMQ-099, RMQ-108: a message whose listener failed is run again. */
  readonly retryMs: number
}

export interface ConsumerOptions {
  readonly address: Address | Whereabouts
  readonly broker: string
  readonly times: ConsumerTimes
  /** How often a message that was sent back may come again; null: what fails is run again here. */
  readonly retriesMax: number | null
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

function wantedBy({ tags, selector }: ConsumerSpec): Wanted | undefined {
  if (selector !== undefined) return { type: 'SQL92', expression: selector }
  return tags === undefined ? undefined : { type: 'TAG', expression: tags }
}

export class RemotingConsumer implements Consumer {
  private readonly link: Link
  private readonly queues: readonly QueueConsumer[]
  private readonly reporting: NodeJS.Timeout
  private readonly spec: ConsumerSpec
  private readonly events: ConsumerEvents
  private readonly options: ConsumerOptions
  private stopped = false
  /** RMQ-096: a process that is started again is another client. */
  private readonly clientId: string

  constructor(spec: ConsumerSpec, events: ConsumerEvents, options: ConsumerOptions) {
    this.spec = spec
    this.events = events
    this.options = options
    this.clientId = `${spec.name}@${randomBytes(6).toString('hex')}`
    this.link = new Link({ address: options.address, connectMs: options.times.requestMs })
    const member = spec.members.indexOf(spec.name)
    // RMQ-116: the retry topic is subscribed as well, and has one queue.
    const retried = options.retriesMax === null || spec.listener === 'orderly' ? [] : [{ topic: retryTopic(spec.group), queues: 1 }]
    const shared = (topics: readonly TopicSetup[], wanted?: Wanted): QueueConsumer[] =>
      topics.flatMap(({ topic, queues }) =>
        shareOf(queues, spec.members.length, member).map((queue) => this.queueOf({ group: spec.group, topic, queue }, wanted)),
      )
    // What comes again was wanted before: of its retry topic a group takes everything.
    this.queues = [...shared(spec.topics, wantedBy(spec)), ...shared(retried)]
    this.reporting = setInterval(() => {
      this.report()
    }, options.times.commitIntervalMs)
    this.begin().catch(this.broke)
  }

  /** One whose selector is refused takes up nothing. */
  private async begin(): Promise<void> {
    if (this.spec.selector !== undefined && !(await this.isAdmitted(this.spec.selector))) return
    await Promise.all(this.queues.map((queue) => queue.run()))
  }

  /** RMQ-137: asked until the broker says yes, or says of the selector itself that it will never take it. */
  private async isAdmitted(selector: string): Promise<boolean> {
    const { group, topics } = this.spec
    const { requestMs, errorDelayMs } = this.options.times
    while (!this.stopped) {
      try {
        for (const { topic } of topics)
          await checkSelector(await this.link.open(), { group, topic, clientId: this.clientId, selector }, requestMs)
        this.events.subscribed?.('')
        return true
      } catch (error) {
        if (error instanceof Refused && refusesSelector(error)) {
          this.events.subscribed?.(error.message)
          return false
        }
        // A broker that is busy, or has just started, says nothing about the selector.
        if (!isOutage(error) && !(error instanceof Refused)) throw error
        await pause(errorDelayMs)
      }
    }
    return false
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

  private queueOf(place: QueueOf, wanted?: Wanted): QueueConsumer {
    const { link, events } = this
    const { times, broker } = this.options
    const common = { link, place, times, events, wanted }
    const handOver = events.delivered.bind(events)
    if (this.spec.listener !== 'orderly') {
      const { failing } = this
      return new QueueConsumer({ ...common, lock: null, workFrom: (start) => new ConcurrentWork(place, start, failing, handOver) })
    }
    const lock = new QueueLock(link, { ...place, clientId: this.clientId, broker }, times, events, this.broke)
    return new QueueConsumer({ ...common, lock, workFrom: (start) => new OrderlyWork(place, start, lock, times.retryMs, handOver) })
  }

  private get failing(): Failing {
    const { retriesMax, times } = this.options
    return {
      retryMs: times.retryMs,
      sendBack: retriesMax === null ? null : (message) => this.sendBack(message, retriesMax),
      told: (delivery, what) => this.events.sendBack?.(delivery, what),
    }
  }

  private async sendBack(message: StoredMessage, retriesMax: number): Promise<'ok' | 'fail' | 'info'> {
    const { broker, times } = this.options
    try {
      const connection = this.link.current ?? (await this.link.open())
      await sendBack(connection, message, { group: this.spec.group, broker, delayLevel: 0, retriesMax }, times.requestMs)
      return 'ok'
    } catch (error) {
      if (error instanceof Refused) return 'fail'
      if (!isOutage(error)) this.broke(error)
      return 'info'
    }
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
    this.stopped = true
    clearInterval(this.reporting)
    for (const queue of this.queues) queue.stop()
  }
}
