/**
 * A consumer with manual acknowledgements. The consumers of a group compete for its queues, as RabbitMQ has it; readers of streams can't, and
 * have the queues dealt out. When its connection is lost it opens another one, as an application does: unacknowledged messages come again.
 */
import { IllegalOperationError, type Channel, type ConsumeMessage } from 'amqplib'
import type { Consumer, ConsumerEvents, ConsumerSpec } from '../target.ts'
import type { RabbitmqLiveConfig } from './config.ts'
import { Link } from './link.ts'
import { queuesOf, type RealQueue } from './names.ts'
import { StreamWindow } from './stream-window.ts'

const RECONNECT_MS = 200
/** How soon a reader of a stream tries a message again: there is nobody to give it back to. */
const RETRY_MS = 50

export interface ConsumerOptions {
  readonly config: RabbitmqLiveConfig
  readonly url: () => Promise<string>
  /** a group's place in a queue → the offset of the next message wanted; it outlives the consumer. Streams only. */
  readonly progress: Map<string, number>
}

interface Session {
  readonly link: Link
  readonly channel: Channel
  over: boolean
}

type Headers = Readonly<Record<string, unknown>>
const numberIn = (headers: Headers | undefined, name: string): number | null => {
  const value = headers?.[name]
  return typeof value === 'number' ? value : null
}

/** Deliveries before this one, as far as the broker counts: quorum queues do (RAB-035), others say "perhaps seen" (RAB-023). */
export const attemptOf = (redelivered: boolean, headers: Headers | undefined): number =>
  Math.max(numberIn(headers, 'x-delivery-count') ?? 0, redelivered ? 1 : 0)

export class RabbitmqConsumer implements Consumer {
  private readonly spec: ConsumerSpec
  private readonly events: ConsumerEvents
  private readonly options: ConsumerOptions
  private readonly queues: readonly RealQueue[]
  private session: Session | null = null
  private ended = false
  private timer: NodeJS.Timeout | undefined

  constructor(spec: ConsumerSpec, events: ConsumerEvents, options: ConsumerOptions) {
    this.spec = spec
    this.events = events
    this.options = options
    const all = queuesOf(options.config.queueType, spec.group, spec.topics)
    this.queues = this.isStream ? all.filter((_, k) => k % spec.members.length === spec.members.indexOf(spec.name)) : all
  }

  private get isStream(): boolean {
    return this.options.config.queueType === 'stream'
  }

  /** Begins to consume, or to try. */
  async open(): Promise<void> {
    try {
      await this.attach()
    } catch {
      this.again()
    }
  }

  async close(): Promise<void> {
    this.end()
    await this.session?.link.close()
  }

  abort(): void {
    this.end()
    if (this.session === null) return
    this.session.over = true
    this.session.link.abort()
  }

  private end(): void {
    this.ended = true
    clearTimeout(this.timer)
  }

  private again(): void {
    if (this.ended) return
    this.timer = setTimeout(() => {
      void this.open()
    }, RECONNECT_MS)
  }

  private async attach(): Promise<void> {
    const link = await Link.open(await this.options.url(), this.spec.name)
    let subscribed = false
    try {
      const channel = await link.model.createChannel()
      link.note(channel)
      const session: Session = { link, channel, over: this.ended }
      this.session = session
      channel.once('close', () => {
        const lost = !session.over
        session.over = true
        link.abort()
        if (lost && subscribed) this.again()
      })
      await channel.prefetch(this.options.config.prefetch)
      for (const queue of this.queues) await this.subscribe(session, queue)
      subscribed = true
      if (session.over) throw new Error('the consumer was ended, or its channel closed, while it subscribed')
    } catch (error) {
      link.abort()
      throw error
    }
  }

  private async subscribe(session: Session, queue: RealQueue): Promise<void> {
    const take = this.isStream ? this.streamTaker(session, queue) : this.queueTaker(session, queue)
    const from = this.options.progress.get(queue.place) ?? 'first'
    await session.channel.consume(
      queue.name,
      (message) => {
        // The broker has cancelled the subscription: its queue is gone, or moves.
        if (message === null) session.channel.close().catch(() => null)
        else if (!session.over && !this.ended) take(message)
      },
      this.isStream ? { arguments: { 'x-stream-offset': from } } : {},
    )
  }

  private queueTaker(session: Session, { topic, queue }: RealQueue): (message: ConsumeMessage) => void {
    return (message) => {
      this.events.delivered({
        topic,
        queue,
        offset: -1,
        payload: message.content,
        attempt: attemptOf(message.fields.redelivered, message.properties.headers),
        settle: (done) => {
          settle(session, () => {
            if (done) session.channel.ack(message)
            else session.channel.nack(message, false, true)
          })
          return Promise.resolve()
        },
      })
    }
  }

  private streamTaker(session: Session, { place, topic, queue }: RealQueue): (message: ConsumeMessage) => void {
    const { progress } = this.options
    const window = new StreamWindow(progress.get(place) ?? 0)
    return (message) => {
      const offset = numberIn(message.properties.headers, 'x-stream-offset') ?? -1
      window.arrived(offset)
      const deliver = (attempt: number): void => {
        if (session.over || this.ended) return
        const done = (): void => {
          window.finish(offset)
          progress.set(place, window.next)
          // On a stream it gives credit for another message (RAB-038).
          session.channel.ack(message)
        }
        const settled = (success: boolean): Promise<void> => {
          if (success) settle(session, done)
          else setTimeout(deliver, RETRY_MS, attempt + 1)
          return Promise.resolve()
        }
        this.events.delivered({ topic, queue, offset, payload: message.content, attempt, settle: settled })
      }
      deliver(0)
    }
  }
}

/** What is settled on a channel that is gone was not settled: it comes again. */
function settle(session: Session, tell: () => void): void {
  if (session.over) return
  try {
    session.link.gather()
    tell()
  } catch (error) {
    if (!(error instanceof IllegalOperationError)) throw error
  }
}
