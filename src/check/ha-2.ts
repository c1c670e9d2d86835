/**
 * HA-2: a broker's name has one master in an epoch, what a master of an older epoch takes does not count, what is acknowledged outlives the change
 * of masters, and a master that dies has a successor in time, where somebody elects. Who was elected or promoted, and who took up which role, only the
 * reference can tell; what became of acknowledged messages, anybody who reads the queues.
 */
import type { Append, Event, Header, SendOk } from '../history/event.ts'
import type { Elected, RoleTaken } from '../history/roles.ts'
import { endsOf } from '../plan/faults.ts'
import { seconds, showMs, type Us } from '../plan/units.ts'
import { withoutPullOf, type Acked } from './acknowledged.ts'
import type { Anomaly, Checker, Drain, Findings, Judge } from './checker.ts'
import { Disturbances } from './disturbances.ts'
import { checker, evidence, whenDrained } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { placeFacts, showPlace } from './per-queue.ts'
import type { Home } from './reigns.ts'

/** RMQ-072: a heartbeat that is missed for 10 s, the next scan, and the next time that a broker makes sure of its role; and some slack. */
export const ELECTED_WITHIN: Us = seconds(22)

/** A master that is gone, while somebody is there who could be master. */
interface Vacancy {
  readonly home: Home
  readonly from: Us
  filledAt: Us | null
}

class Ha2 implements Judge {
  private readonly ledger: Ledger
  private readonly controllers: readonly string[]
  private readonly disturbances = new Disturbances()
  private readonly up = new Set<string>()
  private readonly known = new Set<string>()
  /** When processes went down or came up, or a disk failed: what else could explain that nobody is elected. */
  private readonly troubles: { readonly on: string; readonly t: Us }[] = []
  private readonly vacancies: Vacancy[] = []
  /** process → position → the message that it took there after somebody else had been elected. */
  private readonly late = new Map<string, Map<number, number>>()
  private readonly anomalies: Anomaly[] = []
  private endedAt: Us = 0

  constructor({ controllers = [] }: Header, ledger: Ledger) {
    this.ledger = ledger
    this.controllers = controllers
  }

  on(event: Event): void {
    this.endedAt = event.t
    for (const home of this.ledger.reigns.homes) this.lookForSecondMaster(home, event)
    if (event.type === 'fault' || event.type === 'phase') this.disturbed(event)
    else if (event.type === 'ok' && event.f === 'send') this.acknowledged(event)
    else if (event.type !== 'white') return
    else if (event.f === 'append') this.appended(event)
    else if (event.f === 'elected') this.elected(event)
    else if (event.f === 'role') this.took(event)
    else if (event.f === 'up' || event.f === 'down') this.lives(event.p, event.f === 'up', event.t)
  }

  private disturbed(event: Extract<Event, { readonly type: 'fault' | 'phase' }>): void {
    this.disturbances.on(event)
    if (event.type === 'fault' && event.effective && !['processKill', 'powerLoss', 'gracefulRestart'].includes(event.kind))
      this.troubles.push({ on: event.on, t: event.t })
  }

  private elected(event: Elected): void {
    const { v, t, i } = event
    const rival = this.ledger.reigns.rivalOf(event, this.ledger.seq)
    if (rival === undefined) return
    const summary = `${v.master} was elected in epoch ${v.epoch} of ${v.broker}, in which ${rival.master} is master`
    this.report('two masters', t, summary, { broker: v.master }, [i])
  }

  private took({ p, t, i, v }: RoleTaken): void {
    const home = this.ledger.reigns.homeOf(p)
    if (home === undefined || v.epoch === 0 || v.role !== 'master') return
    const first = home.masters.get(v.epoch)
    if (first !== undefined && first !== p) {
      const summary = `${p} became master of ${home.name} in epoch ${v.epoch}, in which ${first} is master`
      this.report('two masters', t, summary, { broker: p }, [i])
    }
    for (const vacancy of this.vacancies) if (vacancy.home === home) vacancy.filledAt ??= t
  }

  /** Who starts says at once what he was told to be, if he was told anything. */
  private lookForSecondMaster({ name, byHand }: Home, { p, t }: Event): void {
    const pair = byHand.noticePair(p)
    if (pair !== null) this.report('two masters', t, `${pair.join(' and ')} are both master of ${name}`, { broker: pair[0] }, [])
  }

  private lives(process: string, isUp: boolean, t: Us): void {
    if (isUp) this.up.add(process)
    else this.up.delete(process)
    const home = this.ledger.reigns.homeOf(process)
    home?.byHand.lives(process, isUp)
    // A cluster that boots is in no trouble.
    const boots = isUp && !this.known.has(process)
    this.known.add(process)
    if (boots) return
    const isMaster = home?.elections[home.elections.length - 1]?.master === process
    if (!isUp && home !== undefined && isMaster && home.set.some((one) => this.up.has(one)))
      this.vacancies.push({ home, from: t, filledAt: null })
    else this.troubles.push({ on: process, t })
  }

  private appended({ p, v }: Append): void {
    const { elections = [], byHand } = this.ledger.reigns.homeOf(p) ?? {}
    const last = elections[elections.length - 1] ?? byHand?.changes[byHand.changes.length - 1]
    if (last === undefined || last.master === p) return
    let late = this.late.get(p)
    if (late === undefined) this.late.set(p, (late = new Map<number, number>()))
    late.set(v.at, v.message)
  }

  private isLate = ({ op, v }: SendOk): boolean => this.late.get(v.broker)?.get(v.at) === op

  private acknowledged(ok: SendOk): void {
    if (!this.isLate(ok)) return
    const { v, t, i } = ok
    const what = `${this.ledger.names.of(ok.op)} (${showPlace(v)}) was taken and acknowledged by ${v.broker}`
    const facts = { message: ok.op, ...placeFacts(v), at: v.at, broker: v.broker }
    this.report('acknowledged by a deposed master', t, `${what}, after somebody else had become master`, facts, [i])
  }

  private changedAfter({ ok, began }: Acked): boolean {
    const { elections = [], byHand } = this.ledger.reigns.homeOf(ok.v.broker) ?? {}
    return elections.some(({ seq, epoch }) => epoch > 1 && seq > began) || byHand?.changes.some(({ seq }) => seq > began) === true
  }

  /** Acknowledged messages that have lived through a change of masters, and were looked for. */
  chances(): Acked[] {
    return this.ledger.acknowledged.list.filter((one) => one.fate !== 'not audited' && (this.changedAfter(one) || this.isLate(one.ok)))
  }

  /** Was anything else wrong with those who elect, in the time in which they should have? */
  private isExplained({ home, from }: Vacancy): boolean {
    const those = [...home.processes, ...this.controllers]
    const near = (t: Us): boolean => t > from - ELECTED_WITHIN && t < from + ELECTED_WITHIN
    return (
      this.disturbances.calmSince(...those) > 0 ||
      this.troubles.some(({ on, t }) => near(t) && those.some((one) => endsOf(on).includes(one)))
    )
  }

  private unfilled(): readonly Vacancy[] {
    return this.vacancies.filter((vacancy) => {
      const until = vacancy.filledAt ?? this.endedAt
      return until - vacancy.from > ELECTED_WITHIN && !this.isExplained(vacancy)
    })
  }

  end(drain: Drain): Findings {
    this.ledger.acknowledged.settle()
    for (const { home, from } of this.unfilled())
      this.report(
        'no master',
        from + ELECTED_WITHIN,
        `${home.name} had no master ${showMs(ELECTED_WITHIN)} ms after it lost its last one`,
        { name: home.name },
        [],
      )
    const chances = this.chances()
    for (const one of chances) if (one.fate === 'lost') this.lost(one)
    const found = evidence(
      chances.length,
      () => `${this.ledger.names.of(chances[0]?.ok.op ?? 0)} was acknowledged before its master was succeeded`,
    )
    return whenDrained(drain, found, this.anomalies)
  }

  private lost(one: Acked): void {
    const { ok, sentAtUs } = one
    const summary = `${this.ledger.names.of(ok.op)} (${showPlace(ok.v)}) was acknowledged by ${ok.v.broker}, and is gone since somebody else became master`
    const { processes = [], byHand } = this.ledger.reigns.homeOf(ok.v.broker) ?? {}
    const roles = {
      slaves: processes.length > 2 ? 'several' : 'one',
      twoMasters: byHand?.hadTwo ?? false,
      ...this.ledger.reigns.factsOf(one),
    }
    const facts = { message: ok.op, ...placeFacts(ok.v), at: ok.v.at, broker: ok.v.broker, sentAtUs, ...roles }
    this.report('lost in a failover', -1, summary, facts, [ok.i])
  }

  private report(name: string, t: Us, summary: string, facts: Anomaly['facts'], events: number[]): void {
    this.anomalies.push({ guarantee: 'HA-2', name, summary, t, facts, events })
  }
}

export const ha2: Checker = checker(
  'HA-2',
  ['send', 'pull', 'audit', 'white:elected'],
  ['fault', 'phase', 'ok send', 'white append', 'white elected', 'white role', 'white up', 'white down'],
  (header, ledger) => new Ha2(header, ledger),
  (judge, events) => {
    const [first] = judge.chances()
    if (first === undefined) throw new Error('evidence without a chance')
    return withoutPullOf(events, first.ok)
  },
  ({ controllers, promotions }) => (controllers === undefined && promotions !== true ? 'no master is elected or promoted' : null),
)
