/**
 * RBL-3 from outside: what consumers can see of the broker's locks without looking into it. Two consumers, or two lives of one, are never told
 * at once that a queue is theirs; and each begins work only while its lock is valid. When the broker gives a lock up, only the broker knows: the
 * time for which a holder takes it for valid is the least that it must live.
 */
import type { ConsumeInvoke, Event, Header, Lock, Unlock } from '../history/event.ts'
import type { Anomaly, Findings, Judge } from './checker.ts'
import { eventAt, withNext } from './edit.ts'
import { CRASHES } from './fault-log.ts'
import { evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { lockingGroups } from './orderly-groups.ts'
import { PerGroupQueue, showQueue } from './per-queue.ts'
import { isValid, withoutLock, type Told } from './told-locks.ts'

interface Holder extends Told {
  readonly p: string
  /** A process that is started again is another client. */
  readonly life: number
  readonly seq: number
}

interface Line {
  holders: Holder[]
}

export class Rbl3Outside implements Judge {
  private readonly ledger: Ledger
  private readonly groups: ReadonlySet<string>
  private readonly brokers: readonly string[]
  private chances = 0
  /** A lock that went from one client to another, and the event with which the one before was told of it. */
  private first: { readonly before: number; readonly index: number; readonly queue: string } | null = null
  private readonly lines = new PerGroupQueue<Line>(() => ({ holders: [] }))
  private readonly lives = new Map<string, number>()
  private allLives = 0
  private readonly anomalies: Anomaly[] = []

  constructor(header: Header, ledger: Ledger) {
    this.ledger = ledger
    this.groups = lockingGroups(header)
    this.brokers = header.brokers
  }

  on(event: Event): void {
    switch (event.type) {
      case 'invoke':
        if (event.f === 'consume' && this.groups.has(event.v.group)) this.begins(event)
        return
      case 'ok':
        if (event.f === 'lock') this.told(event)
        return
      case 'fail':
        if (event.f === 'lock') this.refused(event)
        return
      case 'info':
        if (event.f === 'unlock') this.returned(event)
        return
      case 'fault':
        if (event.effective && CRASHES.has(event.kind)) this.lives.set(event.on, this.ledger.seq)
        return
      case 'phase':
        if (event.phase === 'fresh') this.allLives = this.ledger.seq
        return
      default:
        return
    }
  }

  private lifeOf(p: string): number {
    return Math.max(this.lives.get(p) ?? 0, this.allLives)
  }

  private lineOf({ group, topic, queue }: Lock['v']): Line {
    return this.lines.of(group, topic, queue)
  }

  private holderOf(place: Lock['v'], p: string): Holder | undefined {
    const life = this.lifeOf(p)
    return this.lineOf(place).holders.find((one) => one.p === p && one.life === life)
  }

  private refused({ v, p }: Lock): void {
    const holder = this.holderOf(v, p)
    if (holder !== undefined) holder.over = true
  }

  /** A process that stops in good order says so after the fault that asked for it. */
  private returned({ v, p }: Unlock): void {
    const holder = this.lineOf(v).holders.findLast((one) => one.p === p)
    if (holder !== undefined) holder.over = true
  }

  private told(event: Lock & { type: 'ok' }): void {
    const { p, t, v } = event
    const line = this.lines.of(v.group, v.topic, v.queue)
    const life = this.lifeOf(p)
    const others = line.holders.filter((one) => one.p !== p || one.life !== life)
    const [before] = others
    if (before !== undefined) {
      this.chances++
      this.first ??= { before: before.seq, index: this.ledger.seq, queue: showQueue(v.topic, v.queue) }
    }
    const holding = others.find((one) => isValid(one, t))
    if (holding !== undefined) this.twice(event, holding)
    line.holders = [...(holding === undefined ? [] : [holding]), { p, life, t, validUs: v.validUs, over: false, seq: this.ledger.seq }]
  }

  private twice(event: Lock, { p: holder, t: since, seq }: Holder): void {
    const { i, p, t, v } = event
    const { group, topic, queue } = v
    const whose = holder === p ? 'an earlier life of its own' : holder
    this.anomalies.push({
      guarantee: 'RBL-3',
      name: 'granted twice',
      summary: `${p} was granted the lock of ${showQueue(topic, queue)} for ${group}, while it was that of ${whose}`,
      t,
      facts: {
        group,
        topic,
        queue,
        client: p,
        holder,
        heldUs: t - since,
        crashed: this.brokers.some((broker) => this.ledger.faults.lastCrash(broker, seq) !== null),
      },
      events: [i],
    })
  }

  private begins(event: ConsumeInvoke): void {
    const anomaly = withoutLock(event, this.holderOf(event.v, event.p), this.ledger)
    if (anomaly !== null) this.anomalies.push(anomaly)
  }

  end(): Findings {
    return {
      anomalies: this.anomalies,
      evidence: evidence(this.chances, () => `the lock of ${this.first?.queue ?? ''} went from one client to another`),
      notExercised: 'no lock went from one client to another',
    }
  }

  /** The history in which somebody else is told of the lock as soon as its holder is. */
  spoil(events: readonly Event[]): Event[] {
    if (this.first === null) throw new Error('evidence without a chance')
    const told = eventAt(events, this.first.before, isGrant)
    return withNext(events, this.first.before, { ...told, p: `${told.p}'` })
  }
}

const isGrant = (event: Event): event is Lock & { type: 'ok' } => event.type === 'ok' && event.f === 'lock'
