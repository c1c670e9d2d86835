/** The acknowledged messages, and what the auditor found of them at the end. */
import type { Audit, Event, Pull, SendOk } from '../history/event.ts'
import type { Us } from '../plan/units.ts'
import type { FaultLog, Strike } from './fault-log.ts'
import { NumberMap } from './number-map.ts'
import { isShown, PerQueue, samePlace, showQueue } from './per-queue.ts'
import type { Operator } from './operator.ts'
import type { Recalls } from './recalls.ts'
import type { Sent } from './sent.ts'

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

const ANY_QUEUE = ''

interface Queue {
  readonly found: NumberMap<number>
  /** The messages found, wherever: all that counts where the acknowledgement did not show an offset. */
  readonly messages: Set<number>
  audited: boolean
}

export class Acknowledged {
  /** Halves and delayed messages are left out: where they are acknowledged no client can look. */
  readonly list: Acked[] = []
  private readonly waiting: Acked[] = []
  private readonly faults: FaultLog
  private readonly operator: Operator
  private readonly recalls: Recalls
  private lost: Acked[] | null = null
  private met: readonly Acked[] | null = null
  /** Some acknowledgement showed no offset. */
  private hidden = false
  /** The auditor did not come to the end of every queue: a message whose queue is not known may lie where nobody looked. */
  private partial = false
  private readonly read = new NumberMap<true>()
  private readonly queues = new PerQueue<Queue>(() => ({ found: new NumberMap(), messages: new Set(), audited: false }))

  constructor(faults: FaultLog, operator: Operator, recalls: Recalls) {
    this.faults = faults
    this.operator = operator
    this.recalls = recalls
  }

  /**
   * Delayed messages, which are found elsewhere once they are due, but for those that were recalled. What becomes of them is judged by DLY-2 to DLY-4, and
   * by ALO-1.
   */
  get delayed(): readonly Acked[] {
    return this.recalls.any ? this.waiting.filter(({ ok }) => !this.recalls.has(ok.op)) : this.waiting
  }

  /** Null: the message is a half or delayed, or this is not the first acknowledgement. */
  acked(ok: SendOk, sent: Sent | undefined, seq: number): Acked | null {
    if (!isShown(ok.v)) this.hidden = true
    if (sent === undefined || !sent.open || sent.half) return null
    sent.open = false
    const acked: Acked = { ok, began: sent.seq, sentAtUs: sent.t, seq, fate: 'not audited' }
    if (sent.delay !== null) {
      this.waiting.push(acked)
      return null
    }
    this.list.push(acked)
    return acked
  }

  pulled({ v }: Pull): void {
    const queue = this.queues.of(v.topic, v.queue)
    queue.found.set(v.offset, v.message)
    this.read.set(v.message, true)
    if (this.hidden) queue.messages.add(v.message)
  }

  /** Where acknowledgements do not even show the queue, the topic is looked at as one. */
  audited({ v }: Audit): void {
    this.queues.of(v.topic, v.queue).audited = true
    if (!this.hidden) return
    const whole = this.queues.of(v.topic, ANY_QUEUE)
    whole.audited = true
    for (const message of this.queues.of(v.topic, v.queue).messages) whole.messages.add(message)
  }

  /** The auditor has found it, wherever. */
  wasRead(message: number): boolean {
    return this.read.has(message)
  }

  /** Messages that the auditor has found in more than one place. */
  doubles(): Set<number> {
    const [once, twice] = [new Set<number>(), new Set<number>()]
    for (const { value } of this.queues.entries()) {
      for (let offset = 0; offset <= value.found.top; offset++) {
        const message = value.found.get(offset)
        if (message === undefined) continue
        if (once.has(message)) twice.add(message)
        once.add(message)
      }
    }
    return twice
  }

  unfinished(): void {
    this.partial = true
  }

  /** The history has ended: what became of each message? Gives those that are lost. */
  settle(): readonly Acked[] {
    this.lost ??= this.compared()
    return this.lost
  }

  private compared(): Acked[] {
    for (const one of this.list) {
      const { topic, queue: name, offset } = one.ok.v
      const queue = this.queues.of(topic, name)
      const found = isShown(one.ok.v) ? queue.found.get(offset) === one.ok.op : queue.messages.has(one.ok.op)
      if (queue.audited && !(this.partial && name === ANY_QUEUE)) one.fate = found ? 'found' : 'lost'
    }
    return this.list.filter((one) => one.fate === 'lost')
  }

  /** The history has ended: those that have met a crash of their broker. */
  crashed(): readonly Acked[] {
    this.met ??= this.faults.anyCrash ? this.list.filter((one) => this.crashAfter(one) !== null) : []
    return this.met
  }

  /** A queue that nobody looked into although he might and it held a message which has met a crash, as a reason, or null. */
  unaudited(): string | null {
    for (const one of this.crashed()) {
      const { topic, queue } = one.ok.v
      if (one.fate === 'not audited' && !this.operator.isClosed(topic, queue)) return `${showQueue(topic, queue)} was not audited`
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
