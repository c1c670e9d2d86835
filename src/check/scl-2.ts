/**
 * SCL-2: backlog transfer conserves messages. Where the members of a group send each message on to another topic, every acknowledged message of the
 * first topic is finished, as one of its copies at least, by each group that subscribes to the second. In which order is not promised.
 */
import type { ConsumeOk, Event, Header, SendInvoke } from '../history/event.ts'
import { NO_LABELS } from '../plan/labels.ts'
import type { Forward } from '../plan/plan.ts'
import { wantsOf, type Wants } from '../plan/subscription.ts'
import type { Acked } from './acknowledged.ts'
import type { Anomaly, Checker, Drain, Findings, Judge } from './checker.ts'
import { without } from './edit.ts'
import { clustering } from './groups.ts'
import { checker, evidence, whenDrained } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import { placeFacts, showPlace } from './per-queue.ts'
import { wanting, type Wanting } from './wanting.ts'

interface Forwarder {
  readonly name: string
  readonly topics: readonly string[]
  readonly forward: Forward
}

interface Reader {
  readonly name: string
  readonly topics: readonly string[]
  /** Null: everything. */
  readonly wants: Wants | null
  /** Originals, by the copies that it has finished, with the topic of the copy. */
  readonly finished: NumberMap<string>
}

/** An acknowledged message that a forwarder is given, and a group that is to get its copy. */
interface Duty {
  readonly acked: Acked
  readonly forwarder: Forwarder
  readonly reader: Reader
}

const forwardersOf = (header: Header): Forwarder[] =>
  clustering(header).flatMap(({ name, topics, forward }) => (forward === undefined ? [] : [{ name, topics, forward }]))

class Scl2 implements Judge {
  private readonly ledger: Ledger
  private readonly forwarders: readonly Forwarder[]
  private readonly readers: readonly Reader[]
  private readonly byName: ReadonlyMap<string, Reader>
  /** Of which message another is a copy, and how often each was sent on. */
  private readonly originals = new NumberMap<number>()
  private readonly sentOn = new NumberMap<true>()
  private readonly wants: Wanting

  constructor(header: Header, ledger: Ledger) {
    this.ledger = ledger
    this.wants = wanting(header, ledger)
    this.forwarders = forwardersOf(header)
    this.readers = clustering(header).map((group) => ({
      name: group.name,
      topics: group.topics,
      wants: wantsOf(group),
      finished: new NumberMap<string>(),
    }))
    this.byName = new Map(this.readers.map((reader) => [reader.name, reader]))
  }

  on(event: Event): void {
    if (event.type === 'invoke' && event.f === 'send') this.sent(event)
    else if (event.type === 'ok' && event.f === 'consume') this.finished(event)
  }

  private sent({ op, v }: SendInvoke): void {
    if (v.of === undefined) return
    this.originals.set(op, v.of)
    this.sentOn.set(v.of, true)
  }

  private finished({ v }: ConsumeOk): void {
    const original = this.originals.get(v.message)
    if (original !== undefined) this.byName.get(v.group)?.finished.set(original, v.topic)
  }

  *duties(): Generator<Duty> {
    for (const acked of this.ledger.acknowledged.list) {
      const { topic } = acked.ok.v
      // A copy has the tag of its original.
      const labels = this.ledger.sends.get(acked.ok.op)?.labels ?? NO_LABELS
      for (const forwarder of this.forwarders) {
        if (!forwarder.topics.includes(topic) || !this.wants(forwarder.name, acked.ok.op)) continue
        for (const reader of this.readers)
          if (reader.topics.includes(forwarder.forward.to) && reader.wants?.(labels) !== false) yield { acked, forwarder, reader }
      }
    }
  }

  /** Whether a message is a copy of another. */
  isCopyOf(message: number, original: number): boolean {
    return this.originals.get(message) === original
  }

  end(drain: Drain): Findings {
    const duties = [...this.duties()]
    const [first] = duties
    const found = evidence(duties.length, () => {
      const name = this.ledger.names.of(first?.acked.ok.op ?? -1)
      return `${name} was acknowledged, and ${first?.forwarder.name ?? ''} sends it on to ${first?.forwarder.forward.to ?? ''}`
    })
    const lost = duties.filter(({ acked, reader }) => !reader.finished.has(acked.ok.op))
    return whenDrained(drain, found, drain.drained ? lost.map((duty) => this.anomaly(duty)) : [])
  }

  private anomaly({ acked: { ok }, forwarder, reader }: Duty): Anomaly {
    const wasSent = this.sentOn.has(ok.op)
    const what = wasSent ? 'was sent on, and no copy of it was ever finished by' : 'was never sent on, so that it was never finished by'
    return {
      guarantee: 'SCL-2',
      name: 'lost in transfer',
      summary: `${this.ledger.names.of(ok.op)} (${showPlace(ok.v)}) ${what} ${reader.name}`,
      t: -1,
      facts: {
        group: reader.name,
        forwarder: forwarder.name,
        message: ok.op,
        ...placeFacts(ok.v),
        when: forwarder.forward.when,
        sentOn: wasSent,
      },
      events: [ok.i],
    }
  }
}

export const scl2: Checker = checker(
  'SCL-2',
  ['send', 'consume'],
  ['invoke send', 'ok consume'],
  (header, ledger) => new Scl2(header, ledger),
  (judge, events) => {
    for (const { acked, reader } of judge.duties())
      return without(
        events,
        (event) =>
          event.type === 'ok' && event.f === 'consume' && event.v.group === reader.name && judge.isCopyOf(event.v.message, acked.ok.op),
      )
    return [...events]
  },
  (header) => (forwardersOf(header).length > 0 ? null : 'no group sends messages on'),
)
