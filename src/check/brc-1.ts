/**
 * BRC-1: broadcasting. Each instance of a broadcasting group is given every message that lies at or behind the place where it first took up
 * the queue; and a message whose listener failed is not given to it again, unless its process starts anew.
 */
import type { Assign, ConsumeFail, ConsumeInvoke, Event, Header } from '../history/event.ts'
import { isBroadcasting } from '../plan/groups.ts'
import { NO_LABELS } from '../plan/labels.ts'
import { wantsOf, type Wants } from '../plan/subscription.ts'
import type { Acked } from './acknowledged.ts'
import type { Anomaly, Checker, Drain, Findings, Hear, Judge } from './checker.ts'
import { without } from './edit.ts'
import { checker, evidence, whenDrained } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { isShown, PerQueue, placeFacts, showPlace } from './per-queue.ts'
import { disagreeing, filterFacts, isRefused } from './wanting.ts'

interface Line {
  /** Where the instance first took up the queue; null: it never did. */
  start: number | null
  /** It took the queue up once more without knowing where it had been, further on: what lies between it was not given. */
  forgot: boolean
}

interface Instance {
  readonly name: string
  readonly group: string
  readonly topics: readonly string[]
  /** Null: everything. */
  readonly wants: Wants | null
  readonly selector: string | undefined
  readonly given: Set<number>
  /** What a listener of the present process failed: a message at its place, since a copy at another is a message of its own. */
  failed: Set<string>
  readonly lines: PerQueue<Line>
}

interface Duty {
  readonly acked: Acked
  readonly instance: Instance
  readonly line: Line
}

const recordKey = ({ message, topic, queue, offset }: ConsumeFail['v']): string => `${message} ${topic}:${queue}@${offset}`

class Brc1 implements Judge {
  private readonly ledger: Ledger
  private readonly instances = new Map<string, Instance>()
  /** Instances that were stopped for good: what they have not read they do not read. */
  private readonly gone = new Set<string>()
  private readonly disagree: ReadonlySet<string>
  private readonly anomalies: Anomaly[] = []

  constructor(header: Header, ledger: Ledger, hear: Hear) {
    this.ledger = ledger
    this.disagree = disagreeing(header)
    const broadcastings = header.groups.filter(isBroadcasting)
    if (broadcastings.length > 0) hear('ok assign', 'ok churn', 'invoke consume', 'fail consume')
    for (const broadcasting of broadcastings) {
      const { name: group, topics, consumers } = broadcasting
      for (const name of consumers)
        this.instances.set(name, {
          name,
          group,
          topics,
          wants: wantsOf(broadcasting),
          selector: broadcasting.selector,
          given: new Set(),
          failed: new Set(),
          lines: new PerQueue<Line>(() => ({ start: null, forgot: false })),
        })
    }
  }

  on(event: Event): void {
    const instance = this.instances.get(event.p)
    if (instance === undefined) return
    if (event.type === 'ok' && event.f === 'churn') {
      if (event.v.act === 'stop') this.gone.add(event.p)
      else this.gone.delete(event.p)
    }
    if (event.type === 'ok' && event.f === 'assign') this.assigned(instance, event)
    else if (event.type === 'invoke' && event.f === 'consume') this.given(instance, event)
    else if (event.type === 'fail' && event.f === 'consume') this.failed(instance, event)
  }

  private assigned(instance: Instance, { v }: Assign): void {
    // A process that takes up its queues is a new one, or was sent elsewhere: what failed before may come again.
    instance.failed = new Set()
    const line = instance.lines.of(v.topic, v.queue)
    if (line.start === null) line.start = v.offset
    else if (v.from === 'none') line.forgot = true
  }

  private failed(instance: Instance, { v }: ConsumeFail): void {
    instance.failed.add(recordKey(v))
  }

  private given(instance: Instance, event: ConsumeInvoke): void {
    const { v } = event
    instance.given.add(v.message)
    if (instance.failed.size === 0 || !instance.failed.has(recordKey(v))) return
    this.anomalies.push({
      guarantee: 'BRC-1',
      name: 'retried',
      summary: `${this.ledger.names.of(v.message)} (${showPlace(v)}) failed at ${instance.name}, and was given to it again`,
      t: event.t,
      facts: { group: v.group, consumer: instance.name, message: v.message, ...placeFacts(v) },
      events: [event.i],
    })
  }

  /** An acknowledged message, and an instance that wants it and was reading its queue, which no operator has closed. */
  *duties(): Generator<Duty> {
    if (this.instances.size === 0) return
    for (const acked of this.ledger.acknowledged.list) {
      const { v } = acked.ok
      if (!isShown(v) || this.ledger.operator.isClosed(v.topic, v.queue)) continue
      for (const instance of this.instances.values()) {
        if (!instance.topics.includes(v.topic) || this.gone.has(instance.name)) continue
        if (isRefused(this.ledger, instance.group, instance.selector)) continue
        if (instance.wants?.(this.ledger.sends.get(acked.ok.op)?.labels ?? NO_LABELS) === false) continue
        const line = instance.lines.of(v.topic, v.queue)
        if (line.start !== null && v.offset >= line.start) yield { acked, instance, line }
      }
    }
  }

  end(drain: Drain): Findings {
    const duties = [...this.duties()]
    const found = evidence(
      duties.length,
      () => `${this.ledger.names.of(duties[0]?.acked.ok.op ?? -1)} was acknowledged while an instance read its queue`,
    )
    if (drain.drained) for (const duty of duties) if (!duty.instance.given.has(duty.acked.ok.op)) this.missed(duty)
    return whenDrained(drain, found, this.anomalies)
  }

  private missed({ acked: { ok, began }, instance, line }: Duty): void {
    this.anomalies.push({
      guarantee: 'BRC-1',
      name: 'missed',
      summary: `${this.ledger.names.of(ok.op)} (${showPlace(ok.v)}) was acknowledged and never given to ${instance.name} of ${instance.group}`,
      t: -1,
      facts: {
        group: instance.group,
        consumer: instance.name,
        message: ok.op,
        ...placeFacts(ok.v),
        broker: ok.v.broker,
        forgot: line.forgot,
        ...filterFacts(this.disagree, instance.group),
        inAudit: this.ledger.acknowledged.wasRead(ok.op),
        lastCrash: this.ledger.faults.culprit(ok.v.broker, began)?.kind ?? 'none',
      },
      events: [ok.i],
    })
  }
}

export const brc1: Checker = checker(
  'BRC-1',
  ['send', 'consume', 'assign'],
  // Where no group is broadcast to, nothing.
  [],
  (header, ledger, hear) => new Brc1(header, ledger, hear),
  (judge, events) => {
    for (const { acked, instance } of judge.duties())
      return without(
        events,
        (event) =>
          event.p === instance.name && event.type !== 'white' && 'f' in event && event.f === 'consume' && event.v.message === acked.ok.op,
      )
    return [...events]
  },
)
