/** What DUR-1 and DUR-2 have in common: the acknowledged messages, and what the auditor found of them at the end. */
import type { Event, Pull, SendOk } from '../history/event.ts'
import type { Us } from '../plan/units.ts'
import { FaultLog, type Strike } from './fault-log.ts'
import { MessageNames } from './message-names.ts'
import { NumberMap } from './number-map.ts'
import { PerQueue, samePlace, showQueue } from './per-queue.ts'

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

interface Queue {
  readonly found: NumberMap<number>
  audited: boolean
}

export class Acknowledged {
  seq = -1
  readonly list: Acked[] = []
  readonly faults = new FaultLog()
  readonly names = new MessageNames()
  private readonly open = new NumberMap<{ readonly seq: number; readonly t: Us }>()
  private readonly queues = new PerQueue<Queue>(() => ({ found: new NumberMap(), audited: false }))

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
      else if (event.f === 'audit') this.queues.of(event.v.topic, event.v.queue).audited = true
    } else if (event.type === 'fault') {
      this.faults.note(event, this.seq)
    }
  }

  private acked(ok: SendOk): void {
    const began = this.open.get(ok.op)
    if (began === undefined) return
    this.open.delete(ok.op)
    this.list.push({ ok, began: began.seq, sentAtUs: began.t, seq: this.seq, fate: 'not audited' })
  }

  private pulled({ v }: Pull): void {
    this.queues.of(v.topic, v.queue).found.set(v.offset, v.message)
  }

  /** The history has ended: what became of each message? Gives those that are lost. */
  settle(): Acked[] {
    for (const one of this.list) {
      const { topic, queue: number, offset } = one.ok.v
      const queue = this.queues.of(topic, number)
      if (queue.audited) one.fate = queue.found.get(offset) === one.ok.op ? 'found' : 'lost'
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
  event.type === 'ok' && event.f === 'pull' && event.v.message === ok.op && samePlace(event.v, ok.v)

/** The history in which the auditor did not find this message. */
export const withoutPullOf = (events: readonly Event[], ok: SendOk): Event[] => events.filter((event) => !isPullOf(event, ok))
