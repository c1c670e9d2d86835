/**
 * ORD-4: per-key order from end to end. Of the messages that one producer sends with a key, to the queue that a selector chooses by the key,
 * one that was acknowledged before another was sent is first processed before it in an orderly group. Sends that overlap have no order.
 */
import type { Attempt, ConsumeOk, Event, Header, SendInvoke, SendOk } from '../history/event.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { withNext } from './edit.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import { orderlyGroups, withoutOrderly } from './orderly-groups.ts'
import { showQueue } from './per-queue.ts'

/** A send with a key: where in the history it began, and was acknowledged. */
interface Keyed {
  readonly send: SendInvoke
  readonly began: number
  /** One producer, topic and key. */
  readonly line: string
  /** The list of queues by which its queue was chosen, as a text. */
  list: string
  ack: SendOk | null
  ackedAt: number
}

/** A message was processed for the first time in a group. */
interface First {
  readonly keyed: Keyed
  readonly event: ConsumeOk
  readonly at: number
}

class GroupOrder {
  readonly seen = new Set<number>()
  readonly lines = new Map<string, First[]>()
}

class Ord4 implements Judge {
  /** Two messages of a key that were sent, and processed, one after the other. */
  first: { readonly before: First; readonly after: First } | null = null
  private readonly ledger: Ledger
  private readonly groups: ReadonlyMap<string, GroupOrder>
  private readonly sends = new NumberMap<Keyed>()
  private chances = 0
  private readonly anomalies: Anomaly[] = []

  constructor(header: Header, ledger: Ledger) {
    this.ledger = ledger
    this.groups = new Map([...orderlyGroups(header)].map((name) => [name, new GroupOrder()]))
  }

  on(event: Event): void {
    if (event.type === 'invoke') {
      if (event.f === 'send' && event.v.select === 'key') this.began(event)
    } else if (event.type === 'info') {
      if (event.f === 'attempt') this.tried(event)
    } else if (event.type === 'ok') {
      if (event.f === 'send') this.acked(event)
      else if (event.f === 'consume') this.processed(event)
    }
  }

  /** A delayed message comes in its own time, whatever is sent after it. */
  private began(send: SendInvoke): void {
    if ((send.v.delay?.level ?? 0) > 0) return
    const line = JSON.stringify([send.p, send.v.topic, send.v.key])
    this.sends.set(send.op, { send, began: this.ledger.seq, line, list: '', ack: null, ackedAt: -1 })
  }

  private tried({ op, v }: Attempt): void {
    const keyed = this.sends.get(op)
    if (keyed !== undefined) keyed.list = [...v.brokers, v.queues].join(' ')
  }

  private acked(ack: SendOk): void {
    const keyed = this.sends.get(ack.op)
    if (keyed === undefined || keyed.ack !== null) return
    keyed.ack = ack
    keyed.ackedAt = this.ledger.seq
  }

  private processed(event: ConsumeOk): void {
    const order = this.groups.get(event.v.group)
    const keyed = order === undefined ? undefined : this.sends.get(event.v.message)
    if (order === undefined || keyed === undefined || order.seen.has(event.v.message)) return
    order.seen.add(event.v.message)
    const known = order.lines.get(keyed.line)
    const first = { keyed, event, at: this.ledger.seq }
    if (known === undefined) order.lines.set(keyed.line, [first])
    else known.push(first)
  }

  /** What nobody acknowledged may be stored at any time, or not at all. */
  private judge(processed: readonly First[]): void {
    let earliest: First | null = null
    let latest: First | null = null
    for (const one of processed) {
      const { ack, ackedAt, began } = one.keyed
      if (ack === null) continue
      if (latest !== null && ackedAt < latest.keyed.began) {
        this.chance(one, latest)
        this.report(one, latest)
      } else if (earliest !== null && earliest.keyed.ackedAt < began) {
        this.chance(earliest, one)
      }
      if (latest === null || began > latest.keyed.began) latest = one
      if (earliest === null || ackedAt < earliest.keyed.ackedAt) earliest = one
    }
  }

  private chance(before: First, after: First): void {
    this.chances++
    this.first ??= { before, after }
  }

  private report(late: First, other: First): void {
    const { send, ack } = late.keyed
    const { topic, key = '' } = send.v
    const [name, overtaker] = [this.ledger.names.of(send.op), this.ledger.names.of(other.keyed.send.op)]
    const [queue, otherQueue] = [ack?.v.queue ?? '', other.keyed.ack?.v.queue ?? '']
    const where = queue === otherQueue ? showQueue(topic, queue) : `${showQueue(topic, queue)} and ${showQueue(topic, otherQueue)}`
    this.anomalies.push({
      guarantee: 'ORD-4',
      name: 'inverted',
      summary: `${name} was acknowledged before ${overtaker} was sent with the same key, ${key}, and processed after it, from ${where}`,
      t: late.event.t,
      facts: {
        group: late.event.v.group,
        key,
        topic,
        message: send.op,
        other: other.keyed.send.op,
        queue,
        otherQueue,
        moved: queue !== otherQueue,
        listChanged: late.keyed.list !== other.keyed.list,
        loss: this.ledger.faults.lossSince('', late.keyed.began),
      },
      events: [send.i, other.keyed.send.i, other.event.i, late.event.i],
    })
  }

  end(): Findings {
    for (const { lines } of this.groups.values()) for (const processed of lines.values()) this.judge(processed)
    return { anomalies: this.anomalies, evidence: evidence(this.chances, () => 'two messages of a key were acknowledged and processed') }
  }
}

const isConsumed = (event: Event): event is ConsumeOk => event.type === 'ok' && event.f === 'consume'

export const ord4: Checker = checker(
  'ORD-4',
  ['send', 'attempt', 'consume'],
  ['invoke send', 'info attempt', 'ok send', 'ok consume'],
  (header, ledger) => new Ord4(header, ledger),
  // The history in which the earlier of two messages was processed only after the later, which may not have been sent yet when it was.
  ({ first }, events) => {
    if (first === null) throw new Error('evidence without a chance')
    const { v } = first.before.event
    const isEarlier = (event: Event, at: number): boolean =>
      at < first.after.at && isConsumed(event) && event.v.group === v.group && event.v.message === v.message
    const late = withNext(events, first.after.at, first.before.event)
    return late.filter((event, at) => !isEarlier(event, at))
  },
  withoutOrderly,
)
