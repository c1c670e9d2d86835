/**
 * RET-1: consumption does not delete, and replay works. What a group has read, committed or acknowledged can still be read by everybody; and a group
 * that an administrator sends back is given again whatever is stored from there on. Both hold within retention: a message whose file was deleted in
 * its time is RET-2's, and one that a crash took is DUR-1's.
 */
import type { Assign, Commit, ConsumeInvoke, Event, Reset } from '../history/event.ts'
import type { Ack } from '../history/popped.ts'
import { withoutPullOf, type Acked } from './acknowledged.ts'
import type { Anomaly, Checker, Drain, Findings, Hear, Judge } from './checker.ts'
import { without } from './edit.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import { isShown, PerGroupQueue, PerQueue, placeFacts, showPlace } from './per-queue.ts'

/** The last time that a group was moved in a queue. */
interface Replay {
  reset: Reset | null
  seq: number
  /** Who went there, and reads on. */
  reader: string
  /** Some consumer has begun anew since, and what it goes by need not be what it was told; or its reader has left it, maybe to nobody. */
  unsettled: boolean
  given: NumberMap<true>
}

class Ret1 implements Judge {
  private readonly ledger: Ledger
  private readonly hear: Hear
  /** How far any group has told that it is. */
  private readonly told = new PerQueue<{ offset: number }>(() => ({ offset: 0 }))
  private readonly acks = new NumberMap<true>()
  private readonly replays = new PerGroupQueue<Replay>(() => ({
    reset: null,
    seq: -1,
    reader: '',
    unsettled: false,
    given: new NumberMap(),
  }))
  private isReplayed = false

  constructor(ledger: Ledger, hear: Hear) {
    this.ledger = ledger
    this.hear = hear
  }

  on(event: Event): void {
    if (event.type === 'invoke') {
      if (event.f === 'consume') this.given(event)
      else if (event.f === 'ack') this.acknowledged(event)
    } else if (event.type === 'info' && event.f === 'commit') this.committed(event)
    else if (event.type === 'ok' && event.f === 'assign') this.assigned(event)
    else if (event.type === 'ok' && event.f === 'revoke') this.replays.of(event.v.group, event.v.topic, event.v.queue).unsettled = true
    else if (event.type === 'ok' && event.f === 'churn' && event.v.act === 'stop') this.stopped(event.p)
    else if (event.type === 'white' && event.f === 'reset') this.reset(event)
  }

  private committed({ v }: Commit): void {
    const told = this.told.of(v.topic, v.queue)
    told.offset = Math.max(told.offset, v.offset)
  }

  private acknowledged({ v }: Ack): void {
    this.acks.set(v.message, true)
  }

  private reset(event: Reset): void {
    const { group, topic, queue } = event.v
    // What is given and taken up is of interest from the first reset on.
    if (!this.isReplayed) this.hear('invoke consume', 'ok assign', 'ok revoke', 'ok churn')
    this.isReplayed = true
    const begun: Replay = { reset: event, seq: this.ledger.seq, reader: '', unsettled: false, given: new NumberMap() }
    Object.assign(this.replays.of(group, topic, queue), begun)
  }

  private stopped(p: string): void {
    for (const replay of this.replays.values()) if (replay.reader === p) replay.unsettled = true
  }

  private assigned({ p, v }: Assign): void {
    const replay = this.replays.of(v.group, v.topic, v.queue)
    if (v.from === 'corrected') replay.reader = p
    else replay.unsettled = true
  }

  private given({ v }: ConsumeInvoke): void {
    this.replays.of(v.group, v.topic, v.queue).given.set(v.message, true)
  }

  /** Messages that somebody was done with, and that nothing else has taken away. */
  consumed(): Acked[] {
    const { acknowledged, deleted, faults } = this.ledger
    return acknowledged.list.filter(({ ok, began, fate }) => {
      const isDone = (isShown(ok.v) && ok.v.offset < this.told.of(ok.v.topic, ok.v.queue).offset) || this.acks.has(ok.op)
      return isDone && fate !== 'not audited' && !deleted.has(ok.op) && faults.culprit(ok.v.broker, began) === null
    })
  }

  /** Messages that a group was sent back to, and whether it was given them again. No fault was in the way. */
  *repeated(): Generator<{ readonly acked: Acked; readonly reset: Reset; readonly given: boolean }> {
    if (!this.isReplayed || this.ledger.faults.effective > 0) return
    for (const { reset, seq, unsettled, given } of this.replays.values()) {
      if (reset === null || unsettled) continue
      const { topic, queue, offset } = reset.v
      for (const acked of this.ledger.acknowledged.list) {
        const { ok, fate } = acked
        if (ok.v.topic !== topic || ok.v.queue !== queue || ok.v.offset < offset || acked.seq > seq || fate !== 'found') continue
        yield { acked, reset, given: given.has(ok.op) }
      }
    }
  }

  end(drain: Drain): Findings {
    this.ledger.acknowledged.settle()
    const [consumed, repeated] = [this.consumed(), [...this.repeated()]]
    const anomalies = consumed.filter(({ fate }) => fate === 'lost').map((one) => this.gone(one))
    const missing = drain.drained ? repeated.filter(({ given }) => !given) : []
    for (const { acked, reset } of missing) anomalies.push(this.notReplayed(acked, reset))
    const example = (): string =>
      `${this.ledger.names.of((consumed[0] ?? repeated[0]?.acked)?.ok.op ?? -1)} was consumed, and is still there`
    return { anomalies, evidence: evidence(consumed.length + repeated.length, example) }
  }

  private gone({ ok }: Acked): Anomaly {
    return {
      guarantee: 'RET-1',
      name: 'consumed and gone',
      summary: `${this.ledger.names.of(ok.op)} (${showPlace(ok.v)}) was consumed, and can not be read any more`,
      t: -1,
      facts: { message: ok.op, ...placeFacts(ok.v), broker: ok.v.broker },
      events: [ok.i],
    }
  }

  private notReplayed({ ok }: Acked, reset: Reset): Anomaly {
    const { group } = reset.v
    return {
      guarantee: 'RET-1',
      name: 'not replayed',
      summary: `${this.ledger.names.of(ok.op)} (${showPlace(ok.v)}) lies where ${group} was sent back to, and was not given to it again`,
      t: -1,
      facts: { group, message: ok.op, ...placeFacts(ok.v), broker: ok.v.broker },
      events: [ok.i, reset.i],
    }
  }
}

export const ret1: Checker = checker(
  'RET-1',
  ['send', 'consume', 'pull', 'audit'],
  ['invoke ack', 'info commit', 'white reset'],
  (_header, ledger, hear) => new Ret1(ledger, hear),
  (judge, events) => {
    const [consumed] = judge.consumed()
    if (consumed !== undefined) return withoutPullOf(events, consumed.ok)
    const [repeated] = [...judge.repeated()]
    return without(
      events,
      (event) =>
        event.type === 'invoke' &&
        event.f === 'consume' &&
        event.v.group === repeated?.reset.v.group &&
        event.v.message === repeated.acked.ok.op,
    )
  },
)
