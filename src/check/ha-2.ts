/**
 * HA-2: a broker's name has one master in an epoch, what a master of an older epoch takes does not count, what is acknowledged outlives the change
 * of masters, and a master that dies has a successor in time, where somebody elects. Who was elected or promoted, and who took up which role, only the
 * reference can tell; what became of acknowledged messages, anybody who reads the queues.
 */
import type { Append, Event, Header, SendOk } from '../history/event.ts'
import type { Elected, InSync, RoleTaken } from '../history/roles.ts'
import { endsOf } from '../plan/faults.ts'
import { seconds, showMs, type Us } from '../plan/units.ts'
import { withoutPullOf, type Acked } from './acknowledged.ts'
import type { Anomaly, Checker, Drain, Findings, Judge } from './checker.ts'
import { Disturbances } from './disturbances.ts'
import { checker, evidence, whenDrained } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { MastersByHand } from './masters-by-hand.ts'
import { placeFacts, showPlace } from './per-queue.ts'

/** RMQ-072: a heartbeat that is missed for 10 s, the next scan, and the next time that a broker makes sure of its role; and some slack. */
export const ELECTED_WITHIN: Us = seconds(22)

/** A broker's name: its processes, and who is to be its master. */
interface Group {
  readonly name: string
  readonly processes: readonly string[]
  readonly elections: { readonly seq: number; readonly master: string; readonly epoch: number }[]
  /** Who may be elected. */
  set: readonly string[]
  /** epoch → who took up the role of a master in it. */
  readonly masters: Map<number, string>
  /** Who is master because somebody has said so. */
  readonly byHand: MastersByHand
}

/** A master that is gone, while somebody is there who could be master. */
interface Vacancy {
  readonly group: Group
  readonly from: Us
  filledAt: Us | null
}

class Ha2 implements Judge {
  private readonly ledger: Ledger
  private readonly controllers: readonly string[]
  private readonly groups: readonly Group[]
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

  constructor({ brokers, slaves = [], controllers = [] }: Header, ledger: Ledger) {
    this.ledger = ledger
    this.controllers = controllers
    this.groups = brokers.map((name) => ({
      name,
      processes: [name, ...slaves.flatMap((slave) => (slave.of === name ? [slave.name] : []))],
      elections: [],
      set: [],
      masters: new Map(),
      byHand: new MastersByHand(name),
    }))
  }

  on(event: Event): void {
    this.endedAt = event.t
    for (const group of this.groups) this.lookForSecondMaster(group, event)
    if (event.type === 'fault' || event.type === 'phase') this.disturbed(event)
    else if (event.type === 'ok' && event.f === 'send') this.acknowledged(event)
    else if (event.type !== 'white') return
    else if (event.f === 'append') this.appended(event)
    else if (event.f === 'elected') this.elected(event)
    else if (event.f === 'inSync') this.inSync(event)
    else if (event.f === 'role') this.took(event)
    else if (event.f === 'up' || event.f === 'down') this.lives(event.p, event.f === 'up', event.t)
  }

  private disturbed(event: Extract<Event, { readonly type: 'fault' | 'phase' }>): void {
    this.disturbances.on(event)
    if (event.type === 'fault' && event.effective && !['processKill', 'powerLoss', 'gracefulRestart'].includes(event.kind))
      this.troubles.push({ on: event.on, t: event.t })
  }

  private groupOf(process: string): Group | undefined {
    return this.groups.find(({ processes }) => processes.includes(process))
  }

  private elected({ t, i, v }: Elected): void {
    const group = this.groups.find(({ name }) => name === v.broker)
    if (group === undefined) return
    const before = group.elections[group.elections.length - 1]
    if (before !== undefined && before.epoch >= v.epoch && before.master !== v.master)
      this.report(
        'two masters',
        t,
        `${v.master} was elected in epoch ${v.epoch} of ${v.broker}, in which ${before.master} is master`,
        { broker: v.master },
        [i],
      )
    group.elections.push({ seq: this.ledger.seq, master: v.master, epoch: v.epoch })
    group.set = [v.master]
  }

  private inSync({ v }: InSync): void {
    const group = this.groups.find(({ name }) => name === v.broker)
    if (group !== undefined) group.set = v.set
  }

  private took({ p, t, i, v }: RoleTaken): void {
    const group = this.groupOf(p)
    if (group === undefined) return
    if (v.epoch === 0) return group.byHand.told(p, v.role, this.ledger.seq)
    if (v.role !== 'master') return
    const other = group.masters.get(v.epoch)
    if (other !== undefined && other !== p)
      this.report('two masters', t, `${p} became master of ${group.name} in epoch ${v.epoch}, in which ${other} is master`, { broker: p }, [
        i,
      ])
    group.masters.set(v.epoch, p)
    for (const vacancy of this.vacancies) if (vacancy.group === group) vacancy.filledAt ??= t
  }

  /** Who starts says at once what he was told to be, if he was told anything. */
  private lookForSecondMaster({ name, byHand }: Group, { p, t }: Event): void {
    const pair = byHand.noticePair(p)
    if (pair !== null) this.report('two masters', t, `${pair.join(' and ')} are both master of ${name}`, { broker: pair[0] }, [])
  }

  private lives(process: string, isUp: boolean, t: Us): void {
    if (isUp) this.up.add(process)
    else this.up.delete(process)
    const group = this.groupOf(process)
    group?.byHand.lives(process, isUp)
    // A cluster that boots is in no trouble.
    const boots = isUp && !this.known.has(process)
    this.known.add(process)
    if (boots) return
    const isMaster = group !== undefined && group.elections[group.elections.length - 1]?.master === process
    if (!isUp && isMaster && group.set.some((one) => this.up.has(one))) this.vacancies.push({ group, from: t, filledAt: null })
    else this.troubles.push({ on: process, t })
  }

  private appended({ p, v }: Append): void {
    const { elections = [], byHand } = this.groupOf(p) ?? {}
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
    const { elections = [], byHand } = this.groupOf(ok.v.broker) ?? {}
    return elections.some(({ seq, epoch }) => epoch > 1 && seq > began) || byHand?.changes.some(({ seq }) => seq > began) === true
  }

  /** Acknowledged messages that have lived through a change of masters, and were looked for. */
  chances(): Acked[] {
    return this.ledger.acknowledged.list.filter((one) => one.fate !== 'not audited' && (this.changedAfter(one) || this.isLate(one.ok)))
  }

  /** Was anything else wrong with those who elect, in the time in which they should have? */
  private isExplained({ group, from }: Vacancy): boolean {
    const those = [...group.processes, ...this.controllers]
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
    for (const { group, from } of this.unfilled())
      this.report(
        'no master',
        from + ELECTED_WITHIN,
        `${group.name} had no master ${showMs(ELECTED_WITHIN)} ms after it lost its last one`,
        { name: group.name },
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
    const { processes = [], byHand } = this.groupOf(ok.v.broker) ?? {}
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
  ['fault', 'phase', 'ok send', 'white append', 'white elected', 'white inSync', 'white role', 'white up', 'white down'],
  (header, ledger) => new Ha2(header, ledger),
  (judge, events) => {
    const [first] = judge.chances()
    if (first === undefined) throw new Error('evidence without a chance')
    return withoutPullOf(events, first.ok)
  },
  ({ controllers, promotions }) => (controllers === undefined && promotions !== true ? 'no master is elected or promoted' : null),
)
