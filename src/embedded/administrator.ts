/** What an operator's tools ask a broker: is it there, make this topic, what does that queue hold. One request, one answer, a time limit. */
import { pause } from '../live/waits.ts'
import { BrokerDown, type SendResult, type TopicSetup } from '../live/target.ts'
import { salted, type PulledMessage, type RocketmqMessage } from '../systems/rocketmq/messages.ts'
import { HALF_TOPIC } from '../systems/rocketmq/broker/shape.ts'
import type { OpenWorld } from './open-world.ts'

const ANSWER_MS = 3_000
const BATCH = 1_000
const READY_MS = 50_000
const RETRY_MS = 100

type Answered = { readonly type: 'answer'; readonly answer: RocketmqMessage } | { readonly type: 'refused' | 'lost' }
type Question = Extract<RocketmqMessage, { readonly type: 'pull' | 'queryOffset' | 'createTopic' }>

/** A request's number, in whichever field it travels. */
const numberOf = (message: RocketmqMessage): number => {
  if ('request' in message) return message.request
  return 'op' in message ? message.op : -1
}

/** What a queue holds: `messages` in order, from `min` up to, not including, `max`. */
export interface Held {
  readonly min: number
  readonly max: number
  readonly messages: readonly PulledMessage[]
}

export class Administrator {
  private readonly world: () => OpenWorld
  private readonly waiting = new Map<number, (answered: Answered) => void>()
  private last = 0

  constructor(world: () => OpenWorld) {
    this.world = world
  }

  answered(answer: RocketmqMessage): void {
    this.waiting.get(numberOf(answer))?.({ type: 'answer', answer })
  }

  /** A connection that is gone takes everything with it that was asked on it. */
  lost(message: RocketmqMessage | null): void {
    if (message !== null) this.waiting.get(numberOf(message))?.({ type: 'refused' })
    else for (const settle of [...this.waiting.values()]) settle({ type: 'lost' })
  }

  private async ask(make: (number: number, salt: number) => Question): Promise<Answered> {
    const number = ++this.last
    const world = this.world()
    const answered = new Promise<Answered>((resolve) => {
      const timer = setTimeout(() => this.waiting.get(number)?.({ type: 'lost' }), ANSWER_MS)
      this.waiting.set(number, (one) => {
        clearTimeout(timer)
        this.waiting.delete(number)
        resolve(one)
      })
    })
    world.request(world.admin, { do: 'ask', to: world.broker, message: make(number, salted('admin', number)) })
    return answered
  }

  async createTopic({ topic, queues }: TopicSetup): Promise<SendResult> {
    const { type } = await this.ask((op, salt) => ({ type: 'createTopic', salt, op, topic, queues }))
    if (type === 'refused') return { type: 'fail', status: 'CONNECTION_REFUSED' }
    return type === 'lost'
      ? { type: 'info', status: 'TIMEOUT' }
      : { type: 'ok', status: 'SUCCESS', shown: { queue: -1, offset: -1, at: -1, broker: '' } }
  }

  /** Starts what is down until the broker answers. @throws BrokerDown */
  async ready(): Promise<void> {
    const untilMs = performance.now() + READY_MS
    while (performance.now() < untilMs) {
      this.world().revive()
      const { type } = await this.ask((request, salt) => ({
        type: 'queryOffset',
        salt,
        request,
        group: 'admin',
        topic: HALF_TOPIC,
        queue: 0,
        sinceUs: -1,
      }))
      if (type === 'answer') return
      await pause(RETRY_MS)
    }
    throw new BrokerDown('the simulated broker does not answer: its disk fails for longer than a minute')
  }

  /** @throws BrokerDown when the broker does not answer any more */
  async read(topic: string, queue: number): Promise<Held> {
    const messages: PulledMessage[] = []
    let min = -1
    const untilMs = performance.now() + READY_MS
    for (let next = 0; performance.now() < untilMs;) {
      const offset = next
      const answered = await this.ask((request, salt) => ({
        type: 'pull',
        salt,
        request,
        clientId: '',
        group: 'admin',
        topic,
        queue,
        offset,
        commit: -1,
        max: BATCH,
        hold: false,
        subVersion: -1,
      }))
      if (answered.type !== 'answer' || answered.answer.type !== 'pullAnswer' || answered.answer.status === 'ERROR') {
        await pause(RETRY_MS)
        continue
      }
      const { answer } = answered
      if (min < 0) min = answer.min
      messages.push(...answer.messages)
      next = answer.status === 'OFFSET_MOVED' ? Math.min(answer.next, answer.max) : Math.max(next, answer.next)
      if (next >= answer.max) return { min, max: answer.max, messages }
    }
    throw new BrokerDown(`the simulated broker does not show queue ${queue} of ${topic}`)
  }
}
