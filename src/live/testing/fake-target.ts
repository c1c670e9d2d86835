/** A live target over a broker in memory, with faults, transactions and misbehaviour at will. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault, FaultKind } from '../../plan/faults.ts'
import { labelsOf } from '../../plan/labels.ts'
import type { TxnOutcome } from '../../plan/plan.ts'
import { SelectorError } from '../../plan/selector/parse.ts'
import { conditionOf } from '../../plan/subscription.ts'
import { ms } from '../../plan/units.ts'
import {
  BrokerDown,
  TargetBroken,
  type Consumer,
  type FaultActions,
  type HalfResult,
  type Hello,
  type Outgoing,
  type Producer,
  type ProducerEvents,
  type Reading,
  type SendResult,
  type Target,
  type TargetCapabilities,
} from '../target.ts'
import { FakeBroker, type Quirks } from './fake-broker.ts'

export interface FakeOptions {
  readonly quirks?: Quirks
  readonly capabilities?: Partial<TargetCapabilities>
  /** A restart takes so much longer than the plan says. */
  readonly startMs?: number
  /** It does not start again. */
  readonly staysDown?: boolean
  /** Every n-th send is never answered. */
  readonly hangsEvery?: number
  /** The n-th send shows that the target itself is broken. */
  readonly breaksAt?: number
  /** A half is committed at once, whatever its producer says later. */
  readonly commitsHalves?: boolean
  /** One round is all that it is good for. */
  readonly spent?: boolean
  /** Delayed messages come at once, or never. */
  readonly delayed?: 'at once' | 'never'
}

const CAPABILITIES: TargetCapabilities = {
  modes: ['sync', 'async', 'oneway'],
  offsets: true,
  read: true,
  commits: true,
  transactions: 'checked',
  queuesMax: 4,
  bytesMax: 1 << 20,
}
const CHECK_MS = 150

interface Half {
  readonly message: Outgoing
  ended: boolean
}

export class FakeTarget implements Target {
  readonly hello: Hello
  readonly broker: FakeBroker
  readonly faults: FaultActions
  rebalances = false
  readonly spent: boolean
  read?: (topic: string, queue: number) => Promise<Reading>
  closedProducers = 0
  openProducers = 0
  /** Who answers for the transactions of a producer: its latest process. */
  private readonly asked = new Map<string, ProducerEvents>()
  private sends = 0
  /** Changes with each stop: what was on its way then is in doubt. */
  private epoch = 0
  private woken = Promise.resolve()
  private wake: () => void = () => undefined
  private readonly options: FakeOptions

  constructor(options: FakeOptions = {}) {
    const capabilities = { ...CAPABILITIES, ...options.capabilities }
    this.options = options
    this.spent = options.spent ?? false
    this.broker = new FakeBroker(options.quirks ?? {}, capabilities)
    const names = { system: 'fake', contract: 'claims', version: '1', client: 'none', brokers: ['b1'] } as const
    this.hello = { ...names, capabilities, claims: [], config: {} }
    if (capabilities.read) this.read = (topic, queue) => Promise.resolve(this.reading(topic, queue))
    const kinds = new Set<FaultKind>(['processKill', 'gracefulRestart', 'pause'])
    this.faults = {
      kinds,
      unavailable: new Map([['powerLoss', 'a memory has no power to lose']]),
      begin: (fault, effect) => this.beginFault(fault, effect),
      end: (fault) => this.endFault(fault),
    }
  }

  private reading(topic: string, queue: number): Reading {
    const log = this.broker.log(topic, queue)
    return { min: 0, max: log.length, messages: log.map((payload, offset) => ({ offset, payload })) }
  }

  private beginFault(fault: Fault, effect: () => void): Promise<void> {
    if (this.broker.up && !this.broker.paused) {
      effect()
      if (fault.kind === 'pause') this.stall()
      else this.stop()
    }
    return Promise.resolve()
  }

  private stall(): void {
    this.broker.paused = true
    this.woken = new Promise((resolve) => {
      this.wake = resolve
    })
  }

  private stop(): void {
    this.epoch++
    this.broker.stop()
  }

  private async endFault(fault: Fault): Promise<void> {
    if (this.options.staysDown === true && fault.kind !== 'pause') throw new BrokerDown('its log says: no such luck')
    await sleep(this.options.startMs ?? 0)
    this.broker.goOn()
    this.wake()
  }

  setUp(...round: Parameters<Target['setUp']>): Promise<void> {
    this.broker.setUp(...round)
    return Promise.resolve()
  }

  tearDown(...round: Parameters<Target['tearDown']>): Promise<void> {
    this.broker.tearDown(...round)
    return Promise.resolve()
  }

  createTopic(topic: { topic: string; queues: number }): Promise<SendResult> {
    this.broker.setUp([topic], [])
    return Promise.resolve({ type: 'ok', status: 'OK', shown: { queue: -1, offset: -1, at: -1, broker: 'b1' } })
  }

  private async sent(message: Outgoing, store: () => SendResult): Promise<SendResult> {
    const { hangsEvery, breaksAt } = this.options
    this.sends++
    if (this.sends === breaksAt) throw new TargetBroken('line 7: this is no answer')
    if (!this.broker.up) return { type: 'fail', status: 'REFUSED' }
    const { epoch } = this
    if (this.broker.paused) await this.woken
    if (hangsEvery !== undefined && this.sends % hangsEvery === 0) return new Promise(() => undefined)
    if (epoch !== this.epoch) return { type: 'info', status: 'LOST' }
    const result = store()
    return message.mode === 'oneway' ? { type: 'info', status: 'ONEWAY' } : result
  }

  private put({ topic, queue, payload, delayLevel = 0, delayMs, tag, properties }: Outgoing): SendResult {
    const longMs = delayMs ?? (this.hello.capabilities.delayLevels?.[delayLevel - 1] ?? 0) / ms(1)
    if (longMs > 0) return this.putLater(topic, queue ?? 0, payload, longMs)
    return { type: 'ok', status: 'SEND_OK', shown: this.broker.append(topic, queue, payload, labelsOf(tag, properties)) }
  }

  private putLater(topic: string, queue: number, payload: Uint8Array, longMs: number): SendResult {
    const { delayed } = this.options
    const due = (): void => void this.broker.append(topic, queue, payload)
    if (delayed !== 'never') setTimeout(due, delayed === 'at once' ? 0 : longMs + 1)
    return { type: 'ok', status: 'SEND_OK', shown: { queue, offset: -1, at: -1, broker: 'b1' } }
  }

  openProducer(name: string, events: ProducerEvents): Promise<Producer> {
    if (!this.broker.up) return Promise.reject(new BrokerDown('refused'))
    this.openProducers++
    this.asked.set(name, events)
    const gone = (): void => {
      this.closedProducers++
    }
    const halves = this.hello.capabilities.transactions === 'none' ? {} : this.halves(name)
    return Promise.resolve({
      send: (message) => this.sent(message, () => this.put(message)),
      ...halves,
      close: () => Promise.resolve(gone()),
      abort: gone,
    })
  }

  private halves(name: string): Pick<Producer, 'begin' | 'end'> {
    const end = (half: Half, outcome: TxnOutcome): void => {
      if (half.ended || outcome === 'unknown' || !this.broker.up) return
      half.ended = true
      if (outcome === 'commit') this.put(half.message)
    }
    const check = (half: Half): void => {
      if (half.ended) return
      end(half, this.asked.get(name)?.check(half.message.payload) ?? 'unknown')
      setTimeout(() => check(half), CHECK_MS).unref()
    }
    return {
      begin: async (message): Promise<HalfResult> => {
        const half: Half = { message, ended: false }
        const result = await this.sent(message, () => ({
          type: 'ok',
          status: 'SEND_OK',
          shown: { queue: 0, offset: -1, at: -1, broker: 'b1' },
        }))
        if (this.options.commitsHalves === true) end(half, 'commit')
        if (result.type === 'ok') setTimeout(() => check(half), CHECK_MS).unref()
        return { result, handle: half }
      },
      end: ({ handle }, outcome) => Promise.resolve(end(handle as Half, outcome)),
    }
  }

  openConsumer(...[spec, events]: Parameters<Target['openConsumer']>): Promise<Consumer> {
    if (!this.broker.up) return Promise.reject(new BrokerDown('refused'))
    const condition = spec.selector === undefined ? null : conditionOf(spec.selector)
    if (condition instanceof SelectorError) {
      events.subscribed?.(condition.message)
      return Promise.resolve({ close: () => Promise.resolve(), abort: () => undefined })
    }
    if (condition !== null) events.subscribed?.('')
    const leave = this.broker.join(spec, events)
    return Promise.resolve({ close: () => Promise.resolve(leave()), abort: leave })
  }

  ready(): Promise<void> {
    return this.broker.up ? Promise.resolve() : Promise.reject(new BrokerDown('it is down'))
  }

  evidence(): readonly string[] {
    return []
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
