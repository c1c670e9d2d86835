/**
 * DUR-2: a crash loses a suffix of what was not yet forced, and nothing else: no message without a power or disk loss, none that lay
 * before one which survived, none that had been forced.
 */
import { withoutPullOf, type Acked, type Acknowledged } from './acknowledged.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import type { Strike } from './fault-log.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { placeFacts, showPlace } from './per-queue.ts'

/** cut → the survivor that lay furthest behind among those acknowledged before that cut. */
type Survivors = ReadonlyMap<Strike, Acked>

/**
 * Messages of one log: a broker's, where physical offsets are shown; else of one queue, in the order in which they were sent. Null: nobody
 * can say in which log it lies.
 */
function logOf({ ok: { v } }: Acked): string | null {
  if (v.at >= 0) return v.broker
  return v.queue === '' ? null : `${v.broker} ${v.topic} ${v.queue}`
}
/** Does `later` certainly lie behind `earlier` in their log? */
const liesBehind = (later: Acked, earlier: Acked): boolean =>
  later.ok.v.at >= 0 && earlier.ok.v.at >= 0 ? later.ok.v.at > earlier.ok.v.at : later.began > earlier.seq
/** The better witness of two survivors: it lies behind whatever the other lies behind. */
const isFurther = (one: Acked, other: Acked | null): boolean =>
  other === null || (one.ok.v.at >= 0 ? one.ok.v.at > other.ok.v.at : one.began > other.began)

interface Log {
  readonly cuts: readonly Strike[]
  next: number
  best: Acked | null
  readonly highest: Map<Strike, Acked>
}

/** The cuts before event `seq` have met no survivor but those seen so far. */
function passCuts(log: Log, seq: number): void {
  for (let cut = log.cuts[log.next]; cut !== undefined && cut.seq < seq; cut = log.cuts[++log.next]) {
    if (log.best !== null) log.highest.set(cut, log.best)
  }
}

class Dur2 implements Judge {
  private readonly ledger: Ledger
  private readonly acked: Acknowledged

  constructor(ledger: Ledger) {
    this.ledger = ledger
    this.acked = ledger.acknowledged
  }

  on(): void {
    // The ledger holds all that is asked for at the end.
  }

  private firstCut({ ok, began }: Acked): Strike | null {
    return this.ledger.faults.firstCut(ok.v.broker, began)
  }

  private survivors(): ReadonlyMap<string, Survivors> {
    const logs = new Map<string, Log>()
    // Where nothing was cut nothing had to outlast it.
    if (!this.ledger.faults.anyCrash) return new Map()
    for (const one of this.acked.list) {
      const name = logOf(one)
      if (name === null) continue
      let log = logs.get(name)
      if (log === undefined)
        logs.set(name, (log = { cuts: this.ledger.faults.cuts(one.ok.v.broker), next: 0, best: null, highest: new Map() }))
      passCuts(log, one.seq)
      if (one.fate === 'found' && isFurther(one, log.best)) log.best = one
    }
    for (const log of logs.values()) passCuts(log, Infinity)
    return new Map([...logs].map(([name, { highest }]) => [name, highest]))
  }

  /** Behind which survivor a loss of this message would leave a hole. */
  private behind(one: Acked, cut: Strike | null, survivors: ReadonlyMap<string, Survivors>): Acked | null {
    const name = logOf(one)
    const survivor = cut === null || name === null ? undefined : survivors.get(name)?.get(cut)
    return survivor !== undefined && liesBehind(survivor, one) ? survivor : null
  }

  /** Messages that have met a crash which must not take them. */
  chances(survivors = this.survivors()): Acked[] {
    return this.acked.crashed().filter((one) => {
      if (one.fate === 'not audited') return false
      const cut = this.firstCut(one)
      return cut === null || this.behind(one, cut, survivors) !== null || this.ledger.forced.outlastsPowerLoss(one.ok)
    })
  }

  end(): Findings {
    const lost = this.acked.settle()
    const survivors = this.survivors()
    const anomalies = lost.flatMap((one) => this.judged(one, survivors))
    const chances = this.chances(survivors)
    const found = evidence(chances.length, () => `${this.ledger.names.of(chances[0]?.ok.op ?? 0)} met a crash that must not take it`)
    const unaudited = this.acked.unaudited()
    return unaudited === null ? { anomalies, evidence: found } : { anomalies, evidence: found, unknown: unaudited }
  }

  private judged(one: Acked, survivors: ReadonlyMap<string, Survivors>): Anomaly[] {
    const cut = this.firstCut(one)
    const anomalies: Anomaly[] = []
    if (cut === null) {
      anomalies.push(this.anomaly(one, 'lost without power loss', 'is gone, although its broker lost neither power nor disk', cut, []))
    }
    const survivor = this.behind(one, cut, survivors)
    if (survivor !== null) {
      const { ok } = survivor
      const what = `is gone, although ${this.ledger.names.of(ok.op)} (${showPlace(ok.v)}), which lay behind it, survived`
      anomalies.push(this.anomaly(one, 'hole', what, cut, [ok.i]))
    }
    if (cut !== null && this.ledger.forced.outlastsPowerLoss(one.ok)) {
      anomalies.push(this.anomaly(one, 'forced and lost', 'is gone, although it had been forced', cut, []))
    }
    return anomalies
  }

  private anomaly({ ok, began, sentAtUs }: Acked, name: string, what: string, cut: Strike | null, events: number[]): Anomaly {
    const { faults, names } = this.ledger
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

export const dur2: Checker = checker(
  'DUR-2',
  ['send', 'pull', 'audit'],
  [],
  (_header, ledger) => new Dur2(ledger),
  (judge, events) => {
    const [first] = judge.chances()
    return first === undefined ? [...events] : withoutPullOf(events, first.ok)
  },
)
