/**
 * A consumer that pops (RMQ-110): it has no queues of its own, takes what the broker hands out of any, and acknowledges message by message.
 * What a listener failed on is hidden for a moment only; what nobody acknowledges comes again by itself.
 */
import { messageOf } from '../../../plan/message-of.ts'
import { TargetBroken, type Consumer, type ConsumerEvents, type ConsumerSpec } from '../../target.ts'
import { pause } from '../../waits.ts'
import { Link } from '../link.ts'
import { isOutage, type Connection } from '../remoting/connection.ts'
import { Refused } from '../remoting/fields.ts'
import { acknowledge, changeInvisible, popMessages, type Popped } from '../remoting/pop.ts'
import type { ConsumerOptions } from './consumer.ts'

const BATCH = 32
/** What is delivered and not settled; with more, messages would come again while they wait for a listener. */
const HELD_MAX = 64
const FULL_DELAY_MS = 10

export class PopConsumer implements Consumer {
  private stopped = false
  private held = 0
  private readonly link: Link
  private readonly spec: ConsumerSpec
  private readonly events: ConsumerEvents
  private readonly options: ConsumerOptions

  constructor(spec: ConsumerSpec, events: ConsumerEvents, options: ConsumerOptions) {
    this.spec = spec
    this.events = events
    this.options = options
    this.link = new Link({ address: options.address, connectMs: options.times.requestMs })
    for (const { topic } of spec.topics) this.run(topic).catch(this.broke)
  }

  close(): Promise<void> {
    this.stopped = true
    this.link.close()
    return Promise.resolve()
  }

  abort(): void {
    this.stopped = true
    this.link.destroy()
  }

  private async run(topic: string): Promise<void> {
    while (!this.stopped) {
      if (this.held >= HELD_MAX) {
        await pause(FULL_DELAY_MS)
        continue
      }
      try {
        for (const popped of await this.pop(topic)) this.deliver(popped)
      } catch (error) {
        if (!isOutage(error) && !(error instanceof Refused)) throw error
        await pause(this.options.times.errorDelayMs)
      }
    }
  }

  /** In order, one at a time: the broker then gives nothing of a queue before that one is settled (RMQ-112). */
  private async pop(topic: string): Promise<Popped[]> {
    const { times, broker } = this.options
    const inOrder = this.spec.listener === 'orderly'
    const { invisibleMs, holdMs, pullTimeoutMs } = times
    const request = { group: this.spec.group, topic, broker, messagesMax: inOrder ? 1 : BATCH, invisibleMs, pollMs: holdMs, inOrder }
    return popMessages(this.link.current ?? (await this.link.open()), request, pullTimeoutMs)
  }

  private deliver(popped: Popped): void {
    if (this.stopped) return
    this.held++
    const { message, place } = popped
    this.events.delivered({
      ...place,
      payload: message.body,
      attempt: message.reconsumed,
      settle: (done) => this.settle(popped, done),
    })
  }

  /** What could not be told is forgotten: the message comes again. */
  private async settle(popped: Popped, done: boolean): Promise<void> {
    this.held--
    if (this.stopped) return
    try {
      await this.told(this.link.current ?? (await this.link.open()), popped, done)
    } catch (error) {
      if (!isOutage(error) && !(error instanceof Refused)) this.broke(error)
    }
  }

  private told(connection: Connection, popped: Popped, done: boolean): Promise<void> {
    const { requestMs, retryMs } = this.options.times
    const { group } = this.spec
    return done ? acknowledge(connection, group, popped, requestMs) : changeInvisible(connection, group, popped, retryMs, requestMs)
  }

  private readonly broke = (error: unknown): void => {
    this.abort()
    this.options.onBroken(new TargetBroken(`consumer ${this.spec.name}: the broker's answer is not understood: ${messageOf(error)}`))
  }
}
