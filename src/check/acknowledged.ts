/** What DUR-1 and DUR-2 have in common: the acknowledged messages, and what the auditor found of them at the end. */
import type { Audit, Event, Pull, SendOk } from '../history/event.ts'
import type { Us } from '../plan/units.ts'
import { FaultLog, type Strike } from './fault-log.ts'
import { MessageNames } from './message-names.ts'
import { NumberMap } from './number-map.ts'
import { isShown, PerQueue, samePlace, showQueue } from './per-queue.ts'

export type Fate = 'found' | 'lost' | 'not audited'

export interface Acked {
  readonly ok: SendOk
  /** The events of its send and of its acknowledgement. */
  readonly began: number
  readonly sentAtUs: Us
  readonly seq: number
  /** Known once the history has ended. */
  fate: Fate
}

const ANY_QUEUE = -1

interface Queue {
  readonly found: NumberMap<number>
  /** The messages found, wherever: all that counts where the acknowledgement did not show an offset. */
  readonly messages: Set<number>
  audited: boolean
}

export class Acknowledged {
  seq = -1
  readonly list: Acked[] = []
  readonly faults = new FaultLog()
  readonly names = new MessageNames()
  /** Some acknowledgement showed no offset. */
  private hidden = false
  private readonly open = new NumberMap<{ readonly seq: number; readonly t: Us }>()
  private readonly queues = new PerQueue<Queue>(() => ({ found: new NumberMap(), messages: new Set(), audited: false }))

  /** Halves are left out: where they are acknowledged no client can look. */
  on(event: Event): void {
    this.seq++
    if (event.type === 'invoke') {
      if (event.f !== 'send') return
      this.names.note(event)
      if (!event.v.half) this.open.set(event.op, { seq: this.seq, t: event.t })
    } else if (event.type === 'ok') {
      if (event.f === 'send') this.acked(event)
      else if (event.f === 'pull') this.pulled(event)
      else if (event.f === 'audit') this.audited(event)
    } else if (event.type === 'fault') {
      this.faults.note(event, this.seq)
    }
  }

  private acked(ok: SendOk): void {
    if (!isShown(ok.v)) this.hidden = true
    const began = this.open.get(ok.op)
    if (began === undefined) return
    this.open.delete(ok.op)
    this.list.push({ ok, began: began.seq, sentAtUs: began.t, seq: this.seq, fate: 'not audited' })
  }

  private pulled({ v }: Pull): void {
    const queue = this.queues.of(v.topic, v.queue)
    queue.found.set(v.offset, v.message)
    if (this.hidden) queue.messages.add(v.message)
  }

  /** Where acknowledgements do not even show the queue, the topic is looked at as one. */
  private audited({ v }: Audit): void {
    this.queues.of(v.topic, v.queue).audited = true
    if (!this.hidden) return
    const whole = this.queues.of(v.topic, ANY_QUEUE)
    whole.audited = true
    for (const message of this.queues.of(v.topic, v.queue).messages) whole.messages.add(message)
  }

  /** The history has ended: what became of each message? Gives those that are lost. */
  settle(): Acked[] {
    for (const one of this.list) {
      const { topic, queue: number, offset } = one.ok.v
      const queue = this.queues.of(topic, number)
      const found = isShown(one.ok.v) ? queue.found.get(offset) === one.ok.op : queue.messages.has(one.ok.op)
      if (queue.audited) one.fate = found ? 'found' : 'lost'
    }
    return this.list.filter((one) => one.fate === 'lost')
  }

  /** A queue that nobody looked into although it held a message which has met a crash, as a reason, or null. */
  unaudited(): string | null {
    for (const one of this.list) {
      if (one.fate === 'not audited' && this.crashAfter(one) !== null) return `${showQueue(one.ok.v.topic, one.ok.v.queue)} was not audited`
    }
    return null
  }

  /** A crash of its broker that the message, acknowledged before, has certainly met. */
  crashAfter({ ok, seq }: Acked): Strike | null {
    return this.faults.lastCrash(ok.v.broker, seq)
  }
}

const isPullOf = (event: Event, ok: SendOk): boolean =>
  event.type === 'ok' && event.f === 'pull' && event.v.message === ok.op && (!isShown(ok.v) || samePlace(event.v, ok.v))

/** The history in which the auditor did not find this message. */
export const withoutPullOf = (events: readonly Event[], ok: SendOk): Event[] => events.filter((event) => !isPullOf(event, ok))
