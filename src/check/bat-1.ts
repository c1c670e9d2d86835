/**
 * BAT-1: batch append atomicity. The messages of a batch lie side by side in one queue, in the order of its list, all of them or none.
 * Judged by what the auditor finds in the end: a batch that was sent again may lie there twice, each time whole.
 */
import type { Event, Place, Pull, SendFail, SendInvoke } from '../history/event.ts'
import { groupOfDeadLetters } from '../plan/group-topics.ts'
import type { Us } from '../plan/units.ts'
import type { Anomaly, Checker, Drain, Findings, Hear, Judge } from './checker.ts'
import { without } from './edit.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { showPlace } from './per-queue.ts'

interface Batch {
  readonly first: number
  readonly seq: number
  readonly i: number
  readonly t: Us
  /** In the order of the list. */
  readonly messages: number[]
  readonly found: Pull[]
  refused: SendFail | null
}

interface Copies {
  readonly whole: number
  /** What is found besides whole copies. */
  readonly parts: readonly Pull[]
}

class Bat1 implements Judge {
  /** A batch that was found whole. */
  first: Batch | null = null
  private readonly ledger: Ledger
  private readonly hear: Hear
  private readonly batches = new Map<number, Batch>()
  /** message → its batch. */
  private readonly of = new Map<number, Batch>()
  private partial = ''
  private readonly anomalies: Anomaly[] = []

  constructor(ledger: Ledger, hear: Hear) {
    this.ledger = ledger
    this.hear = hear
  }

  on(event: Event): void {
    switch (event.type) {
      case 'invoke':
        if (event.f === 'send' && event.v.batch !== undefined) this.sent(event, event.v.batch)
        return
      case 'ok':
        // A dead letter is a copy: where it lies is not where it was sent.
        if (event.f === 'pull' && groupOfDeadLetters(event.v.topic) === '') this.of.get(event.v.message)?.found.push(event)
        return
      case 'fail':
        if (event.f === 'send') this.refused(event)
        return
      case 'phase':
        if (event.phase === 'end') this.partial = event.note
        return
      default:
        return
    }
  }

  private sent({ op, i, t }: SendInvoke, first: number): void {
    if (this.batches.size === 0) this.hear('fail send', 'ok pull')
    const known = this.batches.get(first)
    const batch = known ?? { first, seq: this.ledger.seq, i, t, messages: [], found: [], refused: null }
    if (known === undefined) this.batches.set(first, batch)
    batch.messages.push(op)
    this.of.set(op, batch)
  }

  private refused(event: SendFail): void {
    const batch = this.of.get(event.op)
    if (batch !== undefined) batch.refused = event
  }

  private judge(batch: Batch): void {
    if (batch.found.length === 0) return
    const { whole, parts } = copiesOf(batch)
    if (whole > 0 && batch.messages.length > 1) this.first ??= batch
    if (batch.refused !== null) {
      this.report('refused and stored', batch, `was refused with ${batch.refused.v.reason}, and is there`, batch.found)
      return
    }
    if (parts.length === 0) return
    const seen = new Set(parts.map(({ v }) => v.message))
    const places = parts.map(({ v }) => showPlace(v)).join(', ')
    if (seen.size === batch.messages.length) this.report('not consecutive', batch, `lies scattered: ${places}`, parts)
    else this.report('torn', batch, `is there in part: ${seen.size} of ${batch.messages.length} messages, at ${places}`, parts)
  }

  private report(name: string, batch: Batch, what: string, found: readonly Pull[]): void {
    const { faults, names } = this.ledger
    this.anomalies.push({
      guarantee: 'BAT-1',
      name,
      summary: `the batch of ${names.of(batch.first)} ${what}`,
      t: -1,
      facts: {
        message: batch.first,
        messages: batch.messages.length,
        sentAtUs: batch.t,
        effectiveFaults: faults.effective,
        loss: faults.lossSince('', batch.seq),
      },
      events: [batch.i, ...found.map(({ i }) => i)],
    })
  }

  end(drain: Drain): Findings {
    for (const batch of this.batches.values()) this.judge(batch)
    const [one] = this.batches.keys()
    const chances = [...this.batches.values()].filter((batch) => batch.messages.length > 1 && copiesOf(batch).whole > 0).length
    const found = evidence(chances, () => `the batch of ${this.ledger.names.of(this.first?.first ?? one ?? 0)} was found whole`)
    if (this.partial === '' || drain.broken !== undefined) return { anomalies: this.anomalies, evidence: found }
    // Where nobody has looked something may lie that is taken for missing here.
    return { anomalies: [], evidence: found, unknown: this.partial }
  }
}

/** Groups what was found by where the batch would begin. */
function copiesOf({ messages, found }: Batch): Copies {
  const starts = new Map<string, Map<number, Pull>>()
  for (const pull of found) {
    const start = startOf(pull.v, messages.indexOf(pull.v.message))
    const copy = starts.get(start) ?? new Map<number, Pull>()
    starts.set(start, copy.set(pull.v.message, pull))
  }
  const copies = [...starts.values()]
  const parts = copies.filter((copy) => copy.size < messages.length).flatMap((copy) => [...copy.values()])
  return { whole: copies.filter((copy) => copy.size === messages.length).length, parts }
}

const startOf = ({ topic, queue, offset }: Place, nth: number): string => `${topic}:${queue}@${offset - nth}`

const isPullOf = (event: Event, message: number): boolean => event.type === 'ok' && event.f === 'pull' && event.v.message === message

export const bat1: Checker = checker(
  'BAT-1',
  ['send', 'pull', 'audit'],
  ['invoke send', 'phase'],
  (_header, ledger, hear) => new Bat1(ledger, hear),
  // The history in which the last message of a batch was not found.
  ({ first }, events) => without(events, (event) => isPullOf(event, first?.messages[first.messages.length - 1] ?? -1)),
)
