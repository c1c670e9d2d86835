/**
 * ALO-2: a committed offset never passes unfinished work. Whenever a consumer tells the broker its progress, each offset between its
 * start (or what it told before) and the new progress was finished by some consumer of the group, or taken back by the broker. A consumer that
 * pops tells no progress: what it acknowledges was finished. A group that does not want every message passes by what it is never given, and whether
 * that was right is FLT-1's to say: here only what it was given counts.
 */
import type { Assign, Commit, ConsumeInvoke, ConsumeOk, Event, Header } from '../history/event.ts'
import type { SentBack } from '../history/send-back.ts'
import type { Ack } from '../history/popped.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { eventAt, replaced, without } from './edit.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import { PerGroupQueue, showPlace, showQueue } from './per-queue.ts'
import { filtering } from './wanting.ts'

interface Given {
  readonly group: string
  readonly message: number
}

interface Progress {
  /** offset → the message that was last delivered from there, and the one that was last finished. */
  readonly delivered: NumberMap<number>
  readonly finished: NumberMap<number>
  /** offset → what lay there before the message that was last delivered, and was finished after that was. */
  readonly outdated: NumberMap<number>
  /** process → where its next commit is judged from. */
  readonly cursors: Map<string, number>
}

const isFinished = (progress: Progress, offset: number): boolean => {
  const message = progress.finished.get(offset)
  return message !== undefined && (progress.delivered.get(offset) ?? message) === message
}

/** Asked of what is not finished: was something else that lay there? */
const wasAnother = ({ finished, outdated }: Progress, offset: number): boolean => finished.has(offset) || outdated.has(offset)

class Alo2 implements Judge {
  first: { readonly index: number; readonly from: number } | null = null
  /** A progress past a message that a group was given which does not want every one. */
  firstGiven: Given | null = null
  /** An acknowledgement of one message. */
  firstAck: number | null = null
  private readonly ledger: Ledger
  private chances = 0
  private readonly progress = new PerGroupQueue<Progress>(() => ({
    delivered: new NumberMap(),
    finished: new NumberMap(),
    outdated: new NumberMap(),
    cursors: new Map(),
  }))
  private readonly filters: ReadonlySet<string>
  private readonly anomalies: Anomaly[] = []

  constructor(header: Header, ledger: Ledger) {
    this.ledger = ledger
    this.filters = filtering(header)
  }

  on(event: Event): void {
    if (event.type === 'invoke') {
      if (event.f === 'consume') this.delivered(event)
      else if (event.f === 'ack') this.acknowledged(event)
    } else if (event.type === 'ok') {
      if (event.f === 'consume') this.finished(event)
      else if (event.f === 'sendBack') this.finished(event)
      else if (event.f === 'assign') this.assigned(event)
    } else if (event.type === 'info' && event.f === 'commit') this.committed(event)
  }

  private delivered({ p, v }: ConsumeInvoke): void {
    const progress = this.progress.of(v.group, v.topic, v.queue)
    progress.delivered.set(v.offset, v.message)
    // A source that records no assignment: the consumer began where its first message lay.
    if (!progress.cursors.has(p)) progress.cursors.set(p, v.offset)
  }

  private finished({ v }: ConsumeOk | SentBack): void {
    const { delivered, finished, outdated } = this.progress.of(v.group, v.topic, v.queue)
    // An offset may be given away again after a loss: work on the message that was there before counts no more.
    if ((delivered.get(v.offset) ?? v.message) === v.message) finished.set(v.offset, v.message)
    else outdated.set(v.offset, v.message)
  }

  /** What the broker's own correction jumps over was skipped by the broker: the consumer begins behind it. */
  private assigned({ p, v }: Assign): void {
    this.progress.of(v.group, v.topic, v.queue).cursors.set(p, v.offset)
  }

  private committed(event: Commit): void {
    const { p, v } = event
    const progress = this.progress.of(v.group, v.topic, v.queue)
    const cursor = progress.cursors.get(p) ?? v.offset
    progress.cursors.set(p, Math.max(cursor, v.offset))
    if (v.offset <= cursor) return
    if (this.filters.has(v.group)) return this.passedGiven(event, progress, cursor)
    this.chances++
    this.first ??= { index: this.ledger.seq, from: cursor }
    // Stops at the first unfinished offset, so this costs no more than the consumer's own work did.
    for (let offset = cursor; offset < v.offset; offset++) {
      if (isFinished(progress, offset)) continue
      this.anomalies.push(this.passed(event, progress, offset))
      return
    }
  }

  private passedGiven(event: Commit, progress: Progress, cursor: number): void {
    for (let offset = cursor; offset < event.v.offset; offset++) {
      const message = progress.delivered.get(offset)
      if (message === undefined) continue
      this.chances++
      this.firstGiven ??= { group: event.v.group, message }
      if (isFinished(progress, offset)) continue
      const passed = this.passed(event, progress, offset)
      // Once something was lost, what lies there now may be another message, which the group does not want.
      const reused = this.ledger.faults.lastLoss('', -1) !== null
      this.anomalies.push(reused ? { ...passed, facts: { ...passed.facts, reused } } : passed)
      return
    }
  }

  private acknowledged(event: Ack): void {
    const { group, topic, queue, offset, message } = event.v
    this.chances++
    this.firstAck ??= this.ledger.seq
    const progress = this.progress.of(group, topic, queue)
    if (progress.finished.get(offset) === message) return
    this.anomalies.push({
      guarantee: 'ALO-2',
      name: 'acknowledged unfinished',
      summary: `${event.p} acknowledged ${this.ledger.names.of(message)} (${showPlace(event.v)}), which ${group} has not finished`,
      t: event.t,
      facts: { group, topic, queue, offset, message, consumer: event.p, reused: wasAnother(progress, offset) },
      events: [event.i],
    })
  }

  /** `reused`: another message, which lay there before, was finished. */
  private passed(event: Commit, progress: Progress, offset: number): Anomaly {
    const { group, topic, queue, offset: to } = event.v
    const message = progress.delivered.get(offset)
    const what =
      message === undefined ? 'which was never delivered to the group' : `${this.ledger.names.of(message)}, which is not finished`
    return {
      guarantee: 'ALO-2',
      name: 'passed unfinished',
      summary: `${event.p} told the broker that ${group} is at ${to} of ${showQueue(topic, queue)}, past offset ${offset}: ${what}`,
      t: event.t,
      facts: { group, topic, queue, offset, to, message: message ?? -1, consumer: event.p, reused: wasAnother(progress, offset) },
      events: [event.i],
    }
  }

  /** The first offset that nobody of the group was given. */
  unreached(event: Commit | Ack): number {
    const { delivered, finished } = this.progress.of(event.v.group, event.v.topic, event.v.queue)
    return Math.max(event.v.offset, delivered.top, finished.top) + 1
  }

  end(): Findings {
    return {
      anomalies: this.anomalies,
      evidence: evidence(this.chances, () =>
        this.first === null
          ? 'a consumer acknowledged a message, or moved its progress past one'
          : `a consumer moved its progress on from offset ${this.first.from}`,
      ),
    }
  }
}

const isDone = (event: Event, { group, message }: Given): boolean =>
  event.type === 'ok' && (event.f === 'consume' || event.f === 'sendBack') && event.v.group === group && event.v.message === message
const isAck = (event: Event): event is Ack => event.type === 'invoke' && event.f === 'ack'
const isCommit = (event: Event): event is Commit => event.type === 'info' && event.f === 'commit'

export const alo2: Checker = checker(
  'ALO-2',
  ['consume', 'commit'],
  ['invoke consume', 'invoke ack', 'ok consume', 'ok sendBack', 'ok assign', 'info commit'],
  (header, ledger) => new Alo2(header, ledger),
  (judge, events) => {
    if (judge.first === null && judge.firstAck !== null) {
      const ack = eventAt(events, judge.firstAck, isAck)
      return replaced(events, judge.firstAck, { ...ack, v: { ...ack.v, offset: judge.unreached(ack) } })
    }
    const { firstGiven } = judge
    if (judge.first === null && firstGiven !== null) return without(events, (event) => isDone(event, firstGiven))
    const index = judge.first?.index ?? -1
    const commit = eventAt(events, index, isCommit)
    return replaced(events, index, { ...commit, v: { ...commit.v, offset: judge.unreached(commit) + 1 } })
  },
)
