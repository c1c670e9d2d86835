/**
 * Messages that a producer sent with a key, to the queue that a selector chose by it, and the order in which groups that listen in order first
 * processed them: what ORD-4 and ORD-5 judge.
 */
import type { Attempt, ConsumeOk, Event, Header, SendInvoke, SendOk } from '../history/event.ts'
import { isDelayed } from '../plan/delay-levels.ts'
import type { Sort } from './checker.ts'
import { withNext } from './edit.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import { orderlyGroups } from './orderly-groups.ts'
import { showQueue } from './per-queue.ts'

/** The list of queues by which a queue was chosen, as far as a history tells it. */
export type QueueList = Pick<Attempt['v'], 'brokers' | 'queues'>

/** A send with a key: where in the history it began, and was acknowledged. */
export interface Keyed {
  readonly send: SendInvoke
  readonly began: number
  /** One producer, topic and key. */
  readonly line: string
  /** Of its last attempt. */
  list: QueueList | null
  ack: SendOk | null
  ackedAt: number
}

/** A message that was acknowledged, and processed for the first time in a group. */
export interface First {
  readonly keyed: Keyed
  readonly ack: SendOk
  readonly event: ConsumeOk
  readonly at: number
}

/** Two of a line: the earlier was acknowledged before the later was sent. */
export interface Pair {
  readonly before: First
  readonly after: First
}

class GroupOrder {
  readonly seen = new Set<number>()
  readonly lines = new Map<string, { keyed: Keyed; event: ConsumeOk; at: number }[]>()
}

export const HEARD: readonly Sort[] = ['invoke send', 'info attempt', 'ok send', 'ok consume']

export class KeyedOrder {
  private readonly ledger: Ledger
  private readonly groups: ReadonlyMap<string, GroupOrder>
  private readonly sends = new NumberMap<Keyed>()

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
    if (isDelayed(send.v.delay)) return
    const line = JSON.stringify([send.p, send.v.topic, send.v.key])
    this.sends.set(send.op, { send, began: this.ledger.seq, line, list: null, ack: null, ackedAt: -1 })
  }

  private tried({ op, v }: Attempt): void {
    const keyed = this.sends.get(op)
    if (keyed !== undefined) keyed.list = v
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
    // What comes from a retry topic has given up its place.
    if (order === undefined || keyed === undefined || this.ledger.ownTopics.has(event.v.topic) || order.seen.has(event.v.message)) return
    order.seen.add(event.v.message)
    const known = order.lines.get(keyed.line)
    const first = { keyed, event, at: this.ledger.seq }
    if (known === undefined) order.lines.set(keyed.line, [first])
    else known.push(first)
  }

  /** Each line in each group, as it was processed. What nobody acknowledged may be stored at any time, or not at all. */
  *lines(): Generator<readonly First[]> {
    for (const { lines } of this.groups.values())
      for (const processed of lines.values())
        yield processed.flatMap((one) => (one.keyed.ack === null ? [] : [{ ...one, ack: one.keyed.ack }]))
  }
}

/** How two messages, of which the later was processed first, are told of. */
export function inversion({ names }: Ledger, { before, after }: Pair): { readonly summary: string; readonly events: readonly number[] } {
  const { send } = before.keyed
  const { topic, key = '' } = send.v
  const [queue, otherQueue] = [before.ack.v.queue, after.ack.v.queue]
  const where = queue === otherQueue ? showQueue(topic, queue) : `${showQueue(topic, queue)} and ${showQueue(topic, otherQueue)}`
  const [name, overtaker] = [names.of(send.op), names.of(after.keyed.send.op)]
  return {
    summary: `${name} was acknowledged before ${overtaker} was sent with the same key, ${key}, and processed after it, from ${where}`,
    events: [send.i, after.keyed.send.i, after.event.i, before.event.i],
  }
}

export const inversionFacts = ({ faults }: Ledger, { before, after }: Pair) => ({
  group: before.event.v.group,
  key: before.keyed.send.v.key ?? '',
  topic: before.keyed.send.v.topic,
  message: before.keyed.send.op,
  other: after.keyed.send.op,
  queue: before.ack.v.queue,
  otherQueue: after.ack.v.queue,
  moved: before.ack.v.queue !== after.ack.v.queue,
  loss: faults.lossSince('', before.keyed.began),
})

const isConsumed = (event: Event): event is ConsumeOk => event.type === 'ok' && event.f === 'consume'

/** The history in which the earlier of two messages was processed only after the later, which may not have been sent yet when it was. */
export function inverted(events: readonly Event[], pair: Pair | null): Event[] {
  if (pair === null) throw new Error('evidence without a chance')
  const { v } = pair.before.event
  const isEarlier = (event: Event, at: number): boolean =>
    at < pair.after.at && isConsumed(event) && event.v.group === v.group && event.v.message === v.message
  return withNext(events, pair.after.at, pair.before.event).filter((event, at) => !isEarlier(event, at))
}
