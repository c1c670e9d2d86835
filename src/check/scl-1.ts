/**
 * SCL-1: queue resize leaves nothing unreachable. Every acknowledged message of a topic whose numbers of queues were changed was finished by each
 * group that subscribes to it, wherever it lies: in a queue that is still read, or in one that is read no more. On a dead letter its group was given up (RTY-2).
 */
import type { ConsumeOk, Event, Header, Pull } from '../history/event.ts'
import type { Acked } from './acknowledged.ts'
import type { Anomaly, Checker, Drain, Findings, Judge } from './checker.ts'
import { without } from './edit.ts'
import { clustering } from './groups.ts'
import { checker, evidence, whenDrained } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import { placeFacts, showPlace } from './per-queue.ts'
import { wanting, type Wanting } from './wanting.ts'

interface Reader {
  readonly name: string
  readonly topics: readonly string[]
  readonly finished: NumberMap<true>
  readonly deadLetters: Set<number>
}

interface Duty {
  readonly acked: Acked
  readonly reader: Reader
}

class Scl1 implements Judge {
  private readonly ledger: Ledger
  private readonly resized = new Set<string>()
  private readonly readers: readonly Reader[]
  private readonly byName: ReadonlyMap<string, Reader>
  private readonly wants: Wanting

  constructor(header: Header, ledger: Ledger) {
    this.ledger = ledger
    this.wants = wanting(header, ledger)
    this.readers = clustering(header).map(({ name, topics }) => ({
      name,
      topics,
      finished: new NumberMap<true>(),
      deadLetters: new Set<number>(),
    }))
    this.byName = new Map(this.readers.map((reader) => [reader.name, reader]))
  }

  on(event: Event): void {
    if (event.type !== 'ok') return
    if (event.f === 'resize') this.resized.add(event.v.topic)
    else if (event.f === 'consume') this.finished(event)
    else if (event.f === 'pull') this.found(event)
  }

  private finished({ v }: ConsumeOk): void {
    this.byName.get(v.group)?.finished.set(v.message, true)
  }

  private found({ v }: Pull): void {
    const owner = this.ledger.ownTopics.deadLettersOf(v.topic)
    if (owner !== null) this.byName.get(owner)?.deadLetters.add(v.message)
  }

  *duties(): Generator<Duty> {
    for (const acked of this.ledger.acknowledged.list) {
      if (!this.resized.has(acked.ok.v.topic)) continue
      for (const reader of this.readers) if (this.owes(reader, acked)) yield { acked, reader }
    }
  }

  private owes({ name, topics, deadLetters }: Reader, { ok }: Acked): boolean {
    return topics.includes(ok.v.topic) && !deadLetters.has(ok.op) && this.wants(name, ok.op)
  }

  end(drain: Drain): Findings {
    const duties = [...this.duties()]
    const found = evidence(duties.length, () => {
      const ok = duties[0]?.acked.ok
      return `${this.ledger.names.of(ok?.op ?? -1)} was acknowledged, and ${ok?.v.topic ?? ''} was given other numbers of queues`
    })
    return whenDrained(
      drain,
      found,
      duties.flatMap((duty) => this.judged(duty, drain)),
    )
  }

  /** A queue that is read may still be read to its end in a run that did not come to rest; one that is not, may not. */
  private judged({ acked, reader }: Duty, { drained }: Drain): Anomaly[] {
    const { ok, began } = acked
    if (reader.finished.has(ok.op)) return []
    const { operator, names, faults } = this.ledger
    const closed = operator.isClosed(ok.v.topic, ok.v.queue)
    if (!closed && !drained) return []
    const order = closed ? operator.orderFor(ok, (this.ledger.sends.get(ok.op)?.queue ?? null) !== null) : 'right'
    const what = closed ? `lies where nobody may read any more, and was never finished by` : 'was never finished by'
    const facts = {
      group: reader.name,
      message: ok.op,
      ...placeFacts(ok.v),
      broker: ok.v.broker,
      order,
      inOrder: order === 'right',
      inAudit: this.ledger.acknowledged.wasRead(ok.op),
      lastCrash: faults.culprit(ok.v.broker, began)?.kind ?? 'none',
    }
    const summary = `${names.of(ok.op)} (${showPlace(ok.v)}) ${what} ${reader.name}`
    return [{ guarantee: 'SCL-1', name: closed ? 'unreachable' : 'unread', summary, t: -1, facts, events: [ok.i] }]
  }
}

export const scl1: Checker = checker(
  'SCL-1',
  ['send', 'consume', 'resize', 'audit'],
  ['ok resize', 'ok consume', 'ok pull'],
  (header, ledger) => new Scl1(header, ledger),
  (judge, events) => {
    for (const { acked, reader } of judge.duties())
      return without(
        events,
        (event) => event.type === 'ok' && event.f === 'consume' && event.v.group === reader.name && event.v.message === acked.ok.op,
      )
    return [...events]
  },
  ({ resized = [] }) => (resized.length > 0 ? null : 'no topic was given other numbers of queues'),
)
