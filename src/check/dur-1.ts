/**
 * DUR-1: what was acknowledged is found at the end, at the same queue and offset. Which losses a flush mode allows is the contract's
 * business: each one says what struck the broker, how old the message was then, and whether it had been forced.
 */
import { withoutPullOf, type Acked, type Acknowledged } from './acknowledged.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { placeFacts, showPlace } from './per-queue.ts'

class Dur1 implements Judge {
  private readonly ledger: Ledger
  private readonly acked: Acknowledged

  constructor(ledger: Ledger) {
    this.ledger = ledger
    this.acked = ledger.acknowledged
  }

  on(): void {
    // The ledger holds all that is asked for at the end.
  }

  /** Acknowledged messages that have lived through a crash, and were looked for. */
  chances(): Acked[] {
    return this.acked.crashed().filter(({ fate }) => fate !== 'not audited')
  }

  end(): Findings {
    const anomalies = this.acked.settle().map((one) => this.lost(one))
    const chances = this.chances()
    const found = evidence(
      chances.length,
      () => `${this.ledger.names.of(chances[0]?.ok.op ?? 0)} was acknowledged before its broker crashed`,
    )
    const unaudited = this.acked.unaudited()
    return unaudited === null ? { anomalies, evidence: found } : { anomalies, evidence: found, unknown: unaudited }
  }

  private lost(one: Acked): Anomaly {
    const { faults, names, reigns } = this.ledger
    const { ok, began, sentAtUs } = one
    const crash = faults.culprit(ok.v.broker, began)
    const forced = this.ledger.forced.isForced(ok)
    const after = crash === null ? '' : ` after ${crash.kind} of ${crash.on}`
    return {
      guarantee: 'DUR-1',
      name: 'lost',
      summary: `${names.of(ok.op)} (${showPlace(ok.v)}) was acknowledged and is gone${after}`,
      t: -1,
      facts: {
        message: ok.op,
        ...placeFacts(ok.v),
        at: ok.v.at,
        broker: ok.v.broker,
        sentAtUs,
        ackedAtUs: ok.t,
        lastCrash: crash?.kind ?? 'none',
        // Negative: the acknowledgement was still on its way when the broker died.
        ageUs: crash === null ? -1 : (faults.firstCut(ok.v.broker, began) ?? crash).t - ok.t,
        ...(forced === null ? {} : { forced }),
        ...reigns.factsOf(one),
      },
      events: [ok.i],
    }
  }
}

export const dur1: Checker = checker(
  'DUR-1',
  ['send', 'pull', 'audit'],
  [],
  (_header, ledger) => new Dur1(ledger),
  (judge, events) => {
    const [first] = judge.chances()
    return first === undefined ? [...events] : withoutPullOf(events, first.ok)
  },
)
