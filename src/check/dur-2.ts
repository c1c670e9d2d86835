/**
 * DUR-2: a crash loses a suffix of what was not yet forced, and nothing else: no message without a power or disk loss, none that lay
 * before one which survived, none that had been forced.
 */
import type { Event } from '../history/event.ts'
import { Acknowledged, withoutPullOf, type Acked } from './acknowledged.ts'
import type { Anomaly, Checker, Findings } from './checker.ts'
import type { Strike } from './fault-log.ts'
import { ForcedRecords } from './forced-records.ts'
import { checker, evidence, type Judge } from './judge.ts'
import { placeFacts, showPlace } from './per-queue.ts'

interface Survivors {
  /** cut → the survivor with the largest physical offset among those acknowledged before that cut. */
  readonly highest: ReadonlyMap<Strike, Acked>
}

class Dur2 implements Judge {
  private readonly acked = new Acknowledged()
  private readonly forced = new ForcedRecords()

  on(event: Event): void {
    this.acked.on(event)
    this.forced.on(event)
  }

  private firstCut({ ok, began }: Acked): Strike | null {
    return this.acked.faults.firstCut(ok.v.broker, began)
  }

  private survivors(): Survivors {
    const brokers = new Map<string, { readonly cuts: readonly Strike[]; next: number; best: Acked | null }>()
    const highest = new Map<Strike, Acked>()
    const settle = (broker: { readonly cuts: readonly Strike[]; next: number; best: Acked | null }, seq: number): void => {
      for (let cut = broker.cuts[broker.next]; cut !== undefined && cut.seq < seq; cut = broker.cuts[++broker.next]) {
        if (broker.best !== null) highest.set(cut, broker.best)
      }
    }
    for (const one of this.acked.list) {
      const name = one.ok.v.broker
      let broker = brokers.get(name)
      if (broker === undefined) brokers.set(name, (broker = { cuts: this.acked.faults.cuts(name), next: 0, best: null }))
      settle(broker, one.seq)
      if (one.ok.v.at > (broker.best?.ok.v.at ?? -1) && one.fate === 'found') broker.best = one
    }
    for (const broker of brokers.values()) settle(broker, Infinity)
    return { highest }
  }

  /** Behind which survivor a loss of this message would leave a hole. */
  private behind(one: Acked, cut: Strike | null, { highest }: Survivors): Acked | null {
    const survivor = cut === null ? undefined : highest.get(cut)
    return survivor !== undefined && one.ok.v.at >= 0 && survivor.ok.v.at > one.ok.v.at ? survivor : null
  }

  /** Messages that have met a crash which must not take them. */
  *chances(survivors = this.survivors()): Generator<Acked> {
    for (const one of this.acked.list) {
      if (this.acked.crashAfter(one) === null || one.fate === 'not audited') continue
      const cut = this.firstCut(one)
      if (cut === null || this.behind(one, cut, survivors) !== null || this.forced.outlastsPowerLoss(one.ok)) yield one
    }
  }

  end(): Findings {
    const lost = this.acked.settle()
    const survivors = this.survivors()
    const anomalies = lost.flatMap((one) => this.judged(one, survivors))
    const [...chances] = this.chances(survivors)
    const found = evidence(chances.length, () => `${this.acked.names.of(chances[0]?.ok.op ?? 0)} met a crash that must not take it`)
    const unaudited = this.acked.unaudited()
    return unaudited === null ? { anomalies, evidence: found } : { anomalies, evidence: found, unknown: unaudited }
  }

  private judged(one: Acked, survivors: Survivors): Anomaly[] {
    const cut = this.firstCut(one)
    const anomalies: Anomaly[] = []
    if (cut === null) {
      anomalies.push(this.anomaly(one, 'lost without power loss', 'is gone, although its broker lost neither power nor disk', cut, []))
    }
    const survivor = this.behind(one, cut, survivors)
    if (survivor !== null) {
      const { ok } = survivor
      const what = `is gone, although ${this.acked.names.of(ok.op)} (${showPlace(ok.v)}), which lay behind it, survived`
      anomalies.push(this.anomaly(one, 'hole', what, cut, [ok.i]))
    }
    if (cut !== null && this.forced.outlastsPowerLoss(one.ok)) {
      anomalies.push(this.anomaly(one, 'forced and lost', 'is gone, although it had been forced', cut, []))
    }
    return anomalies
  }

  private anomaly({ ok, began, sentAtUs }: Acked, name: string, what: string, cut: Strike | null, events: number[]): Anomaly {
    const { faults, names } = this.acked
    return {
      guarantee: 'DUR-2',
      name,
      summary: `${names.of(ok.op)} (${showPlace(ok.v)}) was acknowledged and ${what}`,
      t: -1,
      facts: {
        message: ok.op,
        ...placeFacts(ok.v),
        at: ok.v.at,
        broker: ok.v.broker,
        sentAtUs,
        ackedAtUs: ok.t,
        cut: cut?.kind ?? 'none',
        lastCrash: faults.culprit(ok.v.broker, began)?.kind ?? 'none',
        corrupted: faults.isCorrupted(ok.v.broker),
      },
      events: [ok.i, ...events],
    }
  }
}

export const dur2: Checker<Dur2> = checker(
  'DUR-2',
  ['send', 'pull', 'audit'],
  () => new Dur2(),
  (judge, events) => {
    for (const { ok } of judge.chances()) return withoutPullOf(events, ok)
    return [...events]
  },
)
