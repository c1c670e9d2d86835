/**
 * DUR-7: what a Raft group has acknowledged is found at the end, whoever has led it since. The reference shows more: of what was committed nothing
 * is replaced, and no two members lead in one term. What may excuse it is said of the members: how many were struck, and whether by a fault that takes
 * back what a member has said.
 */
import type { Event, Header, SendOk } from '../history/event.ts'
import type { Committed, Leads } from '../history/groups-log.ts'
import { seconds, type Us } from '../plan/units.ts'
import { withoutPullOf, type Acked } from './acknowledged.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import { PerQueue, placeFacts, showPlace } from './per-queue.ts'

/** Who was away so shortly before a message was sent may lack it still: a fault that lasts is told of when it begins. */
const CATCHING_UP: Us = seconds(30)

interface Group {
  readonly name: string
  readonly members: readonly string[]
  /** Who led, by term. */
  readonly leaders: Map<number, string>
}

class Dur7 implements Judge {
  private readonly ledger: Ledger
  private readonly groups = new Map<string, Group>()
  /** What each offset was said to hold first. */
  private readonly committed = new PerQueue<NumberMap<Committed>>(() => new NumberMap<Committed>())
  private readonly anomalies: Anomaly[] = []
  /** Elections after the first of each group. */
  private changes = 0

  constructor({ brokers, slaves = [] }: Header, ledger: Ledger) {
    this.ledger = ledger
    for (const name of brokers) {
      const members = [name, ...slaves.filter(({ of }) => of === name).map((slave) => slave.name)]
      const group = { name, members, leaders: new Map<number, string>() }
      for (const member of members) this.groups.set(member, group)
    }
  }

  on(event: Event): void {
    if (event.type !== 'white') return
    if (event.f === 'leads') this.leads(event)
    else if (event.f === 'committed') this.shown(event)
  }

  private leads(event: Leads): void {
    const group = this.groups.get(event.p)
    if (group === undefined) return
    const { term } = event.v
    const other = group.leaders.get(term)
    if (group.leaders.size > 0) this.changes++
    group.leaders.set(term, event.p)
    if (other === undefined || other === event.p) return
    this.report('two leaders', group, -1, event, `${other} and ${event.p} were both elected to lead ${group.name} in term ${term}`, {
      term,
    })
  }

  private shown(event: Committed): void {
    const { v, p } = event
    const queue = this.committed.of(v.topic, v.queue)
    const first = queue.get(v.offset)
    if (first === undefined) return queue.set(v.offset, event)
    const group = this.groups.get(p)
    if (first.v.message === v.message || group === undefined) return
    const { names } = this.ledger
    const was = `${names.of(first.v.message)} (${showPlace(v)}) was committed in term ${first.v.term}`
    this.report('replaced', group, -1, event, `${was}, and in term ${v.term} ${names.of(v.message)} lies there`, {
      message: first.v.message,
      ...placeFacts(v),
      olderTerm: first.v.entryTerm < first.v.term,
    })
  }

  /** Acknowledged messages of a group of which a member was struck since, and which were looked for. */
  chances(): Acked[] {
    return this.ledger.acknowledged.list.filter((one) => {
      if (one.fate === 'not audited') return false
      const group = this.groups.get(one.ok.v.broker)
      return group !== undefined && (this.changes > 0 || this.struck(group, one.sentAtUs).count > 0)
    })
  }

  /** How many members were struck since: who was kept from talking to another is behind it, like one that was down. */
  private struck({ members }: Group, since: Us): { count: number; majority: boolean } {
    const count = this.ledger.faults.struckAmong(members, since).size
    return { count, majority: count > members.length / 2 }
  }

  end(): Findings {
    const lost = this.ledger.acknowledged.settle()
    const anomalies = [...this.anomalies, ...lost.flatMap((one) => this.lost(one))]
    const chances = this.chances()
    const found = evidence(
      chances.length,
      () => `${this.ledger.names.of(chances[0]?.ok.op ?? 0)} was acknowledged by a group that was struck`,
    )
    const unaudited = this.ledger.acknowledged.unaudited()
    return unaudited === null ? { anomalies, evidence: found } : { anomalies, evidence: found, unknown: unaudited }
  }

  private lost({ ok, sentAtUs }: Acked): Anomaly[] {
    const group = this.groups.get(ok.v.broker)
    if (group === undefined) return []
    const summary = `${this.ledger.names.of(ok.op)} (${showPlace(ok.v)}) was acknowledged by ${ok.v.broker} for ${group.name}, and is gone`
    return [this.anomaly('lost', group, sentAtUs - CATCHING_UP, ok, summary, { message: ok.op, ...placeFacts(ok.v), sentAtUs })]
  }

  private report(name: string, group: Group, since: Us, event: Committed | Leads, summary: string, more: Anomaly['facts']): void {
    this.anomalies.push({ ...this.anomaly(name, group, since, event, summary, more), t: event.t })
  }

  private anomaly(
    name: string,
    group: Group,
    since: Us,
    event: SendOk | Committed | Leads,
    summary: string,
    more: Anomaly['facts'],
  ): Anomaly {
    const facts = { group: group.name, majorityStruck: this.struck(group, since).majority, ...more }
    return { guarantee: 'DUR-7', name, summary, t: -1, facts, events: [event.i] }
  }
}

export const dur7: Checker = checker(
  'DUR-7',
  ['send', 'pull', 'audit', 'white:leads', 'white:committed'],
  ['white leads', 'white committed'],
  (header, ledger) => new Dur7(header, ledger),
  (judge, events) => {
    const [first] = judge.chances()
    return first === undefined ? [...events] : withoutPullOf(events, first.ok)
  },
)
