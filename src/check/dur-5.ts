/**
 * DUR-5: what a master that waits for its slaves has acknowledged is in a slave's log by then, and can be read there in the end, whatever has
 * become of the master. When a record came to a slave only the reference can tell; what a slave holds in the end, anybody who reads it.
 */
import type { Event, Header, SendOk } from '../history/event.ts'
import type { Acked } from './acknowledged.ts'
import type { Anomaly, Checker, Drain, Findings, Judge } from './checker.ts'
import { Copies, withoutSlaves, type Copy } from './copies.ts'
import { checker, evidence, whenDrained } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { placeFacts, showPlace } from './per-queue.ts'

class Dur5 implements Judge {
  private readonly ledger: Ledger
  private readonly copies: Copies
  /** Whether it can be seen when a slave takes a record. */
  private readonly sees: boolean
  private readonly anomalies: Anomaly[] = []
  private answered = 0
  /** The first acknowledgement, which a sabotage lets come before its copy. */
  first: SendOk | null = null

  constructor(header: Header, ledger: Ledger) {
    this.ledger = ledger
    this.copies = new Copies(header)
    this.sees = header.records.includes('white:copied')
  }

  on(event: Event): void {
    this.copies.on(event, this.ledger.seq)
    if (this.sees && event.type === 'ok' && event.f === 'send') this.acknowledged(event)
  }

  private acknowledged(ok: SendOk): void {
    const copies = this.copies.ofMaster(ok.v.broker)
    if (copies.length === 0) return
    this.answered++
    if (copies.some((copy) => copy.took(ok.v, ok.op))) {
      this.first ??= ok
      return
    }
    const what = `${this.ledger.names.of(ok.op)} (${showPlace(ok.v)}) was acknowledged before any slave of ${ok.v.broker} had it`
    this.anomalies.push(this.anomaly('acknowledged without copy', ok, ok.t, what, {}))
  }

  /** Acknowledged messages whose master was struck, and which a slave that can be read was to have. */
  chances(): { readonly one: Acked; readonly copies: readonly Copy[] }[] {
    return this.ledger.acknowledged.list.flatMap((one) => {
      if (this.ledger.faults.lastCrash(one.ok.v.broker, one.seq) === null) return []
      const copies = this.copies.ofMaster(one.ok.v.broker).filter((copy) => copy.fateOf(one.ok.v, one.ok.op) !== 'not audited')
      return copies.length === 0 ? [] : [{ one, copies }]
    })
  }

  end(drain: Drain): Findings {
    const chances = this.chances()
    const missing = chances.filter(({ one, copies }) => copies.every((copy) => copy.fateOf(one.ok.v, one.ok.op) === 'gone'))
    const count = Math.max(chances.length, this.answered)
    const found = evidence(count, () => 'a message was acknowledged by a master with slaves')
    // Before a run has come to rest, what a slave lacks may be on its way.
    if (missing.length > 0 && !drain.drained) return whenDrained(drain, found, this.anomalies)
    return { anomalies: [...this.anomalies, ...missing.map(({ one, copies }) => this.lost(one, copies))], evidence: found }
  }

  private lost({ ok, began, sentAtUs, seq }: Acked, copies: readonly Copy[]): Anomaly {
    const { faults, names } = this.ledger
    const struck = copies.flatMap(({ slave }) => faults.lastLoss(slave, began) ?? [])
    const crash = faults.culprit(ok.v.broker, began)
    const summary = `${names.of(ok.op)} (${showPlace(ok.v)}) was acknowledged, ${ok.v.broker} met ${crash?.kind ?? 'a crash'}, and no slave holds it`
    return this.anomaly('lost with the master', ok, -1, summary, {
      sentAtUs,
      copied: copies.some((copy) => copy.took(ok.v, ok.op)),
      afterLoss: faults.hadLost(ok.v.broker, seq),
      slaveLoss: struck[0]?.kind ?? 'none',
      slaveStruck: struck.length > 0,
      slaveSpoilt: copies.some(({ slave }) => faults.isCorrupted(slave)),
    })
  }

  private anomaly(name: string, ok: SendOk, t: number, summary: string, more: Anomaly['facts']): Anomaly {
    const facts = { message: ok.op, ...placeFacts(ok.v), at: ok.v.at, broker: ok.v.broker, ...more }
    return { guarantee: 'DUR-5', name, summary, t, facts, events: [ok.i] }
  }
}

const isOfMessage = (event: Event, message: number): boolean =>
  (event.type === 'white' && event.f === 'copied' && event.v.message === message) ||
  (event.type === 'ok' && event.f === 'replicaPull' && event.v.message === message)

export const dur5: Checker = checker(
  'DUR-5',
  ['send', 'replicaPull', 'replicaAudit'],
  ['ok send', 'ok replicaPull', 'ok replicaAudit', 'white copied', 'white copyRecovered'],
  (header, ledger) => new Dur5(header, ledger),
  (judge, events) => {
    const message = judge.first?.op ?? judge.chances()[0]?.one.ok.op ?? -1
    return events.filter((event) => !isOfMessage(event, message))
  },
  withoutSlaves,
)
