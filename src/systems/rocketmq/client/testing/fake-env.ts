/** One client without a world: what it sends and sets is kept, time moves when the test says so, and everything is lucky. */
import type { Event } from '../../../../history/event.ts'
import { Recorder } from '../../../../history/recorder.ts'
import { PLAN_FORMAT, type Item, type Plan } from '../../../../plan/plan.ts'
import { Entry, type EntryKind } from '../../../../sim/agenda.ts'
import { emptyDisk, openCell } from '../../../../sim/disk.ts'
import { settingOf } from '../../../../sim/run.ts'
import type { Env, Message, NodeId, Setting, System } from '../../../../sim/system.ts'
import type { RocketmqConfig } from '../../config.ts'
import type { RocketmqMessage } from '../../messages.ts'
import { rocketmq } from '../../system.ts'
import { clientRules, type ClientRules } from '../rules.ts'

/** Nodes: n1 0, b1 1, p1 2, c1 3, sentinel 4, auditor 5. */
export const BROKER: NodeId = 1
export const PRODUCER: NodeId = 2
export const CONSUMER: NodeId = 3

export const plan = (workload: readonly Item[], queues = 2, producers: readonly string[] = ['p1']): Plan => ({
  format: PLAN_FORMAT,
  version: 'test',
  system: 'rocketmq',
  seed: 1,
  policy: 'calm',
  cluster: {
    nameservers: ['n1'],
    brokers: ['b1'],
    producers: [...producers],
    topics: [{ name: 'T', queues }],
    groups: [{ name: 'g', topics: ['T'], consumers: ['c1'] }],
    config: {},
  },
  workload: [...workload],
  faults: [],
})

export const settingFor = (workload: readonly Item[], queues = 2, producers?: readonly string[]): Setting<RocketmqConfig> =>
  settingOf(rocketmq as System, plan(workload, queues, producers)) as Setting<RocketmqConfig>

interface Due {
  readonly at: number
  readonly name: string
  readonly a: number
  readonly b: number
  readonly once: boolean
}

export class FakeEnv implements Env<ClientRules> {
  now = 0
  uptime = 0
  readonly events: Event[] = []
  readonly record = new Recorder((event) => this.events.push(event))
  readonly rules: ClientRules
  readonly disk = emptyDisk()
  exited = false
  readonly sent: { readonly to: NodeId; readonly message: RocketmqMessage }[] = []
  private due: Due[] = []
  private readonly handle: (entry: Entry) => void

  constructor(handle: (entry: Entry, env: FakeEnv) => void, rules: Partial<ClientRules> = {}) {
    this.handle = (entry) => handle(entry, this)
    this.rules = { ...clientRules, ...rules }
  }

  choose = (): number => 0
  send = (to: NodeId, message: Message): void => void this.sent.push({ to, message: message as RocketmqMessage })

  timer(name: string, delay: number): void {
    this.cancel(name)
    this.due.push({ at: this.uptime + delay, name, a: 0, b: 0, once: false })
  }

  cancel(name: string): void {
    this.due = this.due.filter((one) => one.once || one.name !== name)
  }

  later = (name: string, delay: number, a: number, b = 0): void => void this.due.push({ at: this.uptime + delay, name, a, b, once: true })
  append = (): boolean => true
  diskFull = (): boolean => false
  force = (): number => 0
  save = (): number => 0
  put = (file: string, value: object): void => void (openCell(this.disk, file).value = value)
  truncate = (): void => undefined
  remove = (): void => undefined
  forceNow = (): boolean => true
  exit = (): void => void (this.exited = true)

  /** Hands an entry to the client. */
  give(kind: EntryKind, from: NodeId, body: RocketmqMessage | null = null, name = '', a = 0, b = 0): void {
    this.handle(new Entry(this.uptime, 0, 0, kind, -1, from, -1, name, a, b, body))
  }

  /** Lets timers fire up to a time. */
  until(time: number): void {
    for (;;) {
      const next = this.due.reduce<Due | undefined>(
        (first, one) => (one.at <= time && (first === undefined || one.at < first.at) ? one : first),
        undefined,
      )
      if (next === undefined) break
      this.due = this.due.filter((one) => one !== next)
      this.uptime = Math.max(this.uptime, next.at)
      this.now = this.uptime
      this.give('timer', -1, null, next.name, next.a, next.b)
    }
    this.uptime = time
    this.now = time
  }

  /** The messages of one type that were sent so far. */
  of<T extends RocketmqMessage['type']>(type: T): Extract<RocketmqMessage, { readonly type: T }>[] {
    return this.sent.flatMap(({ message }) => (message.type === type ? [message as Extract<RocketmqMessage, { readonly type: T }>] : []))
  }

  last<T extends RocketmqMessage['type']>(type: T): Extract<RocketmqMessage, { readonly type: T }> {
    const found = this.of(type)
    const last = found[found.length - 1]
    if (last === undefined) throw new Error(`no ${type} was sent`)
    return last
  }

  /** "invoke send", "fail send", ...: what the client recorded of its operations, in short. */
  get story(): string[] {
    return this.events.flatMap((event) => ('f' in event && event.f !== 'route' ? [`${event.type} ${event.f}`] : []))
  }
}
