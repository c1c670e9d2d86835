/**
 * RBL-3: queue lock mutual exclusion. The broker grants the lock of a queue to one consumer of an orderly group at a time, and to another
 * only after a release or when the lock has lived its time; a consumer begins work only while its lock is valid by its own rule, and has
 * ended it when the broker may give the lock to another.
 *
 * What the broker grants to whom is known of the reference alone. Of a foreign broker less can be seen, and that is judged in rbl-3-outside.ts.
 */
import type { ConsumeFail, ConsumeInvoke, ConsumeOk, Event, Header, Lock, LockTable } from '../history/event.ts'
import type { QueueName } from '../plan/queues.ts'
import type { Us } from '../plan/units.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { eventAt, withNext } from './edit.ts'
import { CRASHES, PAUSES } from './fault-log.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { lockingGroups, withoutLocks } from './orderly-groups.ts'
import { PerGroupQueue, showPlace, showQueue } from './per-queue.ts'
import { Rbl3Outside } from './rbl-3-outside.ts'
import { withoutLock, type Told } from './told-locks.ts'

/** What the broker last granted. */
interface Grant {
  readonly client: string
  readonly t: Us
  readonly seq: number
  readonly lifeUs: Us
  released: boolean
}
interface Line {
  grant: Grant | null
  readonly told: Map<string, Told>
}

class Rbl3Inside implements Judge {
  /** A grant to another than before, and the grant that it followed. */
  first: { readonly before: Grant; readonly index: number; readonly queue: string } | null = null
  private readonly ledger: Ledger
  private readonly groups: ReadonlySet<string>
  private chances = 0
  private readonly lines = new PerGroupQueue<Line>(() => ({ grant: null, told: new Map() }))
  /** process → the event with which it was last gone: a stop in good order takes a while after the fault that asked for it. */
  private readonly downs = new Map<string, number>()
  private readonly anomalies: Anomaly[] = []

  constructor(header: Header, ledger: Ledger) {
    this.ledger = ledger
    this.groups = lockingGroups(header)
  }

  on(event: Event): void {
    switch (event.type) {
      case 'white':
        if (event.f === 'lock') this.table(event)
        else if (event.f === 'down') {
          this.downs.set(event.p, this.ledger.seq)
          this.gone(event.p)
        }
        return
      case 'invoke':
        if (event.f === 'consume' && this.groups.has(event.v.group)) this.begins(event)
        return
      case 'ok':
      case 'fail':
        if (event.f === 'lock') this.told(event)
        else if (event.f === 'consume' && this.groups.has(event.v.group)) this.ends(event)
        return
      case 'info':
        if (event.f === 'unlock') this.over(event.v.group, event.v.topic, event.v.queue, event.p)
        return
      case 'fault':
        if (event.effective && CRASHES.has(event.kind)) this.gone(event.on)
        return
      default:
        return
    }
  }

  /** A process that is started again holds nothing. */
  private gone(process: string): void {
    for (const line of this.lines.values()) line.told.delete(process)
  }

  private told(event: Lock): void {
    const { p, t, v } = event
    if (event.type === 'fail') return this.over(v.group, v.topic, v.queue, p)
    this.lines.of(v.group, v.topic, v.queue).told.set(p, { t, validUs: event.v.validUs, over: false })
  }

  private over(group: string, topic: string, queue: QueueName, p: string): void {
    const told = this.lines.of(group, topic, queue).told.get(p)
    if (told !== undefined) told.over = true
  }

  private table(event: LockTable): void {
    const { t, v } = event
    const line = this.lines.of(v.group, v.topic, v.queue)
    const before = line.grant
    if (v.act === 'released') {
      if (before?.client === v.client) before.released = true
      return
    }
    if (v.act === 'expired') return
    if (before !== null && before.client !== v.client) {
      this.chances++
      this.first ??= { before, index: this.ledger.seq, queue: showQueue(v.topic, v.queue) }
      if (!before.released && t - before.t <= before.lifeUs) this.twice(event, before)
    }
    line.grant = { client: v.client, t, seq: this.ledger.seq, lifeUs: v.lifeUs, released: false }
  }

  private twice(event: LockTable, before: Grant): void {
    const { t, v, p } = event
    const what = `${p} granted the lock of ${showQueue(v.topic, v.queue)} for ${v.group} to ${v.client}, while it was ${before.client}'s`
    this.report(event, 'granted twice', what, {
      client: v.client,
      holder: before.client,
      broker: p,
      heldUs: t - before.t,
      crashed: (this.downs.get(p) ?? -1) > before.seq || this.ledger.faults.lastCrash(p, before.seq) !== null,
    })
  }

  private begins(event: ConsumeInvoke): void {
    const { p, v } = event
    const anomaly = withoutLock(event, this.lines.of(v.group, v.topic, v.queue).told.get(p), this.ledger)
    if (anomaly !== null) this.anomalies.push(anomaly)
  }

  private ends(event: ConsumeOk | ConsumeFail): void {
    const { p, t, v } = event
    const { grant, told: all } = this.lines.of(v.group, v.topic, v.queue)
    const told = all.get(p)
    if (grant === null || told === undefined || t - told.t <= grant.lifeUs) return
    const what = `${p} ended ${this.ledger.names.of(v.message)} (${showPlace(v)}) for ${v.group} after its lock may have been given to another`
    this.report(event, 'outlived its lock', what, { consumer: p, message: v.message, paused: this.ledger.faults.hasStruck(PAUSES, p) })
  }

  private report(event: LockTable | ConsumeOk | ConsumeFail, name: string, summary: string, facts: Anomaly['facts']): void {
    const { group, topic, queue } = event.v
    this.anomalies.push({ guarantee: 'RBL-3', name, summary, t: event.t, facts: { group, topic, queue, ...facts }, events: [event.i] })
  }

  end(): Findings {
    return {
      anomalies: this.anomalies,
      evidence: evidence(this.chances, () => `the lock of ${this.first?.queue ?? ''} went from one consumer to another`),
    }
  }

  /** The history in which the other has the lock at once. */
  spoil(events: readonly Event[]): Event[] {
    const { first } = this
    if (first === null) throw new Error('evidence without a chance')
    const { v } = eventAt(events, first.index, isTable)
    const before = eventAt(events, first.before.seq, isTable)
    return withNext(events, first.before.seq, { ...before, v: { ...v, act: 'granted' } })
  }
}

const isTable = (event: Event): event is LockTable => event.type === 'white' && event.f === 'lock'

export const rbl3: Checker = checker(
  'RBL-3',
  ['consume', 'lock'],
  ['invoke consume', 'ok consume', 'fail consume', 'ok lock', 'fail lock', 'info unlock', 'fault', 'phase', 'white lock', 'white down'],
  (header, ledger): Rbl3Inside | Rbl3Outside =>
    header.records.includes('white:lock') ? new Rbl3Inside(header, ledger) : new Rbl3Outside(header, ledger),
  (judge, events) => judge.spoil(events),
  withoutLocks,
)
