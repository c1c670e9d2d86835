/**
 * HA-1: a slave takes nothing from producers; and while a master is gone, what its slave has can be read there. The second half is judged where
 * nothing but masters' processes has been struck: whoever else is away would explain it. Groups that listen in order need a lock, which a slave grants
 * where it stands in for its master.
 */
import type { Event, FaultEvent, Header, SendOk } from '../history/event.ts'
import type { Copied } from '../history/replicas.ts'
import { isBroadcasting, isOrderly } from '../plan/groups.ts'
import { seconds, showMs, type Us } from '../plan/units.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { withoutSlaves } from './copies.ts'
import { eventAt, replaced } from './edit.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { showPlace } from './per-queue.ts'

/** RMQ-012, RMQ-090: routes are polled every 30 s, a pull that has failed is tried again after three; and a slave may force before it shows. */
export const SERVED_WITHIN: Us = seconds(60)
/** RMQ-106: a slave that stands in may wait until the locks of its master have run out. */
export const SERVED_IN_ORDER_WITHIN: Us = SERVED_WITHIN + seconds(60)

/** A master whose process is gone. */
interface Absence {
  readonly master: string
  readonly from: Us
  until: Us
}

class Ha1 implements Judge {
  private readonly header: Header
  private readonly ledger: Ledger
  private readonly masters: ReadonlyMap<string, string>
  private readonly absences: Absence[] = []
  /** What slaves took, while their master was there. */
  private readonly taken: Copied[] = []
  /** group → message → when it was given to the group first. */
  private readonly given = new Map<string, Map<number, Us>>()
  /** Something else went wrong, from then on. */
  private disturbedAt: Us = Infinity
  private readonly anomalies: Anomaly[] = []
  private answered = 0
  private endedAt: Us = 0
  /** The first acknowledgement of a broker that has slaves. */
  first = -1

  constructor(header: Header, ledger: Ledger) {
    this.header = header
    this.ledger = ledger
    this.masters = new Map((header.slaves ?? []).map(({ name, of }) => [name, of]))
  }

  on(event: Event): void {
    this.endedAt = event.t
    if (event.type === 'fault') return this.struck(event)
    if (event.type === 'ok' && event.f === 'send') return this.acknowledged(event)
    if (event.type === 'ok' && event.f === 'churn') this.disturbedAt = Math.min(this.disturbedAt, event.t)
    if (event.type === 'invoke' && event.f === 'consume') return this.delivered(event.v.group, event.v.message, event.t)
    if (event.type !== 'white') return
    if (event.f === 'copied') this.taken.push(event)
    else if (event.f === 'up') for (const one of this.absences) if (one.master === event.p && one.until === Infinity) one.until = event.t
  }

  private struck({ kind, on, effective, t }: FaultEvent): void {
    if (!effective) return
    const isMaster = [...this.masters.values()].includes(on)
    if (isMaster && (kind === 'processKill' || kind === 'gracefulRestart')) this.absences.push({ master: on, from: t, until: Infinity })
    else this.disturbedAt = Math.min(this.disturbedAt, t)
  }

  private acknowledged(ok: SendOk): void {
    const master = this.masters.get(ok.v.broker)
    if (master !== undefined) {
      const summary = `${this.ledger.names.of(ok.op)} (${showPlace(ok.v)}) was taken by ${ok.v.broker}, a slave of ${master}`
      this.anomalies.push(
        this.anomaly('slave accepted a send', ok.t, summary, { message: ok.op, broker: master, slave: ok.v.broker }, [ok.i]),
      )
    } else if ([...this.masters.values()].includes(ok.v.broker)) {
      this.answered++
      if (this.first < 0) this.first = this.ledger.seq
    }
  }

  private delivered(group: string, message: number, t: Us): void {
    let given = this.given.get(group)
    if (given === undefined) this.given.set(group, (given = new Map<number, Us>()))
    if (!given.has(message)) given.set(message, t)
  }

  /** A long absence in which nothing else went wrong. */
  private isLong = ({ from, until }: Absence, within: Us): boolean =>
    Math.min(until, this.endedAt) - from > within && this.disturbedAt > from + within

  /** What groups of one sort are owed in an absence: how many messages that is. */
  private owed(inOrder: boolean, within: Us): number {
    const groups = this.header.groups.filter((group) => !isBroadcasting(group) && isOrderly(group) === inOrder)
    const long = this.absences.filter((absence) => this.isLong(absence, within))
    return long.reduce((sum, absence) => sum + this.unserved(absence, groups, within), 0)
  }

  /** Consumers read from one of several slaves: what another one lacks may not be there. */
  private isEverywhere({ master, from }: Absence, message: number): boolean {
    const slaves = [...this.masters].flatMap(([slave, of]) => (of === master ? [slave] : []))
    const has = (slave: string): boolean => this.taken.some(({ t, p, v }) => p === slave && t < from && v.message === message)
    return slaves.length === 1 || slaves.every(has)
  }

  private unserved(absence: Absence, groups: Header['groups'], within: Us): number {
    const due = absence.from + within
    let waiting = 0
    for (const { t, p, v } of this.taken) {
      if (t >= absence.from || this.masters.get(p) !== absence.master || !this.isEverywhere(absence, v.message)) continue
      for (const { name } of groups.filter(({ topics }) => topics.includes(v.topic))) {
        const given = this.given.get(name)?.get(v.message) ?? Infinity
        if (given < absence.from) continue
        waiting++
        if (given <= due) continue
        const left = `${this.ledger.names.of(v.message)} (${showPlace(v)}) was at ${p} when ${absence.master} went`
        const summary = `${left}, and ${name} had not got it ${showMs(within)} ms later`
        this.anomalies.push(
          this.anomaly('not served', due, summary, { message: v.message, broker: absence.master, slave: p, group: name }, []),
        )
      }
    }
    return waiting
  }

  private anomaly(name: string, t: Us, summary: string, facts: Anomaly['facts'], events: number[]): Anomaly {
    return { guarantee: 'HA-1', name, summary, t, facts, events }
  }

  end(): Findings {
    const standsIn = this.header.records.includes('white:acting')
    const waiting = this.owed(false, SERVED_WITHIN) + (standsIn ? this.owed(true, SERVED_IN_ORDER_WITHIN) : 0)
    const found = this.first < 0 ? 0 : this.answered + waiting
    return { anomalies: this.anomalies, evidence: evidence(found, () => 'a broker with slaves acknowledged a message') }
  }

  /** Some slave of this broker. */
  slaveOf(broker: string): string {
    return [...this.masters].find(([, master]) => master === broker)?.[0] ?? ''
  }
}

const isSendOk = (event: Event): event is SendOk => event.type === 'ok' && event.f === 'send'

export const ha1: Checker = checker(
  'HA-1',
  ['send', 'consume'],
  ['fault', 'ok send', 'ok churn', 'invoke consume', 'white copied', 'white up', 'phase'],
  (header, ledger) => new Ha1(header, ledger),
  (judge, events) => {
    const ok = eventAt(events, judge.first, isSendOk)
    return replaced(events, judge.first, { ...ok, v: { ...ok.v, broker: judge.slaveOf(ok.v.broker) } })
  },
  withoutSlaves,
)
