/**
 * RET-3: an expired backlog is signalled. A group that stands before the beginning of its queue is told so, and moved to it: what it passes over is
 * known, and nothing that the queue still holds is among it.
 *
 * An offset that was given out twice, after a loss, is ORD-2's: who has passed over the one message has passed over the other.
 * A group that does not want every message may pass over any: it is left out.
 * A group that pops is moved by the broker itself, which tells nobody; a group that begins without any progress begins where its policy says.
 */
import type { Assign, ConsumeInvoke, Event, Header, Reset } from '../history/event.ts'
import type { Acked } from './acknowledged.ts'
import type { Anomaly, Checker, Drain, Findings, Judge } from './checker.ts'
import { eventAt, replaced } from './edit.ts'
import { clustering, popping, type Group } from './groups.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import { PerGroupQueue, PerQueue, placeFacts, showPlace, showQueue } from './per-queue.ts'
import { nothingDeleted } from './ret-2.ts'
import { Skips } from './skips.ts'
import { filtering } from './wanting.ts'

/** A consumer was moved onward, from `asked` to the offset of this event. */
interface Move {
  readonly event: Assign
  readonly index: number
  readonly asked: number
}

/** One consumer at a queue: where it took it up, and how far it was given messages since. */
interface Stay {
  readonly from: number
  to: number
}

interface Queue {
  readonly given: NumberMap<true>
  /** offset → the message that was last given from there. */
  readonly from: NumberMap<number>
  readonly moves: Move[]
  /** Where an administrator wants the group, until a consumer was told; or -1. */
  resetTo: number
  /** Where the group has begun without progress: what lies before is not for it. */
  begun: number
  readonly stays: Stay[]
  /** process → its present stay. */
  readonly present: Map<string, Stay>
}

class Ret3 implements Judge {
  private readonly ledger: Ledger
  private readonly groups: readonly Group[]
  private readonly skips: Skips
  private readonly queues = new PerGroupQueue<Queue>(() => ({
    given: new NumberMap(),
    from: new NumberMap(),
    moves: [],
    resetTo: -1,
    begun: 0,
    stays: [],
    present: new Map(),
  }))

  constructor(header: Header, ledger: Ledger) {
    this.ledger = ledger
    this.skips = new Skips(header)
    const [pops, filters] = [popping(header), filtering(header)]
    this.groups = clustering(header).filter(({ name }) => !pops.has(name) && !filters.has(name))
  }

  on(event: Event): void {
    if (event.type === 'invoke') {
      if (event.f === 'consume') this.given(event)
    } else if (event.type === 'ok') {
      if (event.f === 'assign') this.assigned(event)
    } else if (event.type === 'white' && event.f === 'reset') this.reset(event)
  }

  private assigned(event: Assign): void {
    const { p, v } = event
    this.skips.assigned(event, this.ledger.seq)
    const queue = this.queues.of(v.group, v.topic, v.queue)
    const isReset = v.from === 'corrected' && queue.resetTo === v.offset
    if (isReset) queue.resetTo = -1
    if (v.asked !== undefined && !isReset) queue.moves.push({ event, index: this.ledger.seq, asked: v.asked })
    if (v.from === 'none') queue.begun = Math.max(queue.begun, v.offset)
    const stay = { from: v.offset, to: v.offset }
    queue.stays.push(stay)
    queue.present.set(p, stay)
  }

  private reset(event: Reset): void {
    const { group, topic, queue, offset } = event.v
    this.skips.reset(event, this.ledger.seq)
    this.queues.of(group, topic, queue).resetTo = offset
  }

  private given({ p, v }: ConsumeInvoke): void {
    const queue = this.queues.of(v.group, v.topic, v.queue)
    queue.given.set(v.message, true)
    queue.from.set(v.offset, v.message)
    const stay = queue.present.get(p)
    if (stay !== undefined) stay.to = Math.max(stay.to, v.offset)
  }

  /** Each acknowledged message, and each group that subscribes to its topic. */
  private *pairs(): Generator<{ readonly acked: Acked; readonly group: string; readonly queue: Queue }> {
    for (const acked of this.ledger.acknowledged.list) {
      const { v } = acked.ok
      for (const { name, topics } of this.groups) {
        if (!topics.includes(v.topic) || this.skips.passes(name, v, acked)) continue
        yield { acked, group: name, queue: this.queues.of(name, v.topic, v.queue) }
      }
    }
  }

  end(_drain: Drain): Findings {
    this.ledger.acknowledged.settle()
    const anomalies: Anomaly[] = []
    const reused = this.reused()
    let chances = 0
    for (const { acked, group, queue } of this.pairs()) {
      const move = moveOver(queue, acked)
      if (this.isKept(acked)) {
        if (moveBefore(queue, acked) !== undefined) chances++
        if (move !== undefined) anomalies.push(this.skipped(acked, move))
      } else if (this.ledger.deleted.has(acked.ok.op) && isPassedOver(queue, acked)) {
        if (move === undefined && !reused.has(acked)) anomalies.push(this.silent(acked, group))
      }
    }
    return { anomalies, evidence: evidence(chances, () => 'a group stood before the beginning of its queue, and was moved there') }
  }

  /** It was found at the end; or nobody deleted it, and no crash can have taken it: then it is there, though the auditor was led past it. */
  private isKept({ ok, began, fate }: Acked): boolean {
    if (fate === 'found') return true
    const { deleted, faults } = this.ledger
    return fate === 'lost' && !deleted.has(ok.op) && faults.culprit(ok.v.broker, began) === null
  }

  /** Messages at whose places others were acknowledged as well. */
  private reused(): ReadonlySet<Acked> {
    const [places, reused] = [new PerQueue<NumberMap<Acked>>(() => new NumberMap()), new Set<Acked>()]
    for (const acked of this.ledger.deleted.size === 0 ? [] : this.ledger.acknowledged.list) {
      const { topic, queue, offset } = acked.ok.v
      const place = places.of(topic, queue)
      const other = place.get(offset)
      if (other === undefined) place.set(offset, acked)
      else reused.add(other).add(acked)
    }
    return reused
  }

  /** A move, and a message that was there behind it. */
  spoilable(): { readonly move: Move; readonly beyond: number } | null {
    for (const { acked, queue } of this.pairs()) {
      const move = moveBefore(queue, acked)
      if (this.isKept(acked) && move !== undefined) return { move, beyond: acked.ok.v.offset + 1 }
    }
    return null
  }

  private skipped({ ok }: Acked, { event }: Move): Anomaly {
    const { v } = event
    return {
      guarantee: 'RET-3',
      name: 'skipped within retention',
      summary: `${v.group} was moved to ${v.offset} of ${showQueue(v.topic, v.queue)}, past ${this.ledger.names.of(ok.op)} (${showPlace(ok.v)}), which is still there`,
      t: event.t,
      facts: { group: v.group, message: ok.op, ...placeFacts(ok.v), broker: ok.v.broker, to: v.offset },
      events: [ok.i, event.i],
    }
  }

  private silent({ ok, began }: Acked, group: string): Anomaly {
    const lastCrash = this.ledger.faults.culprit(ok.v.broker, began)?.kind ?? 'none'
    return {
      guarantee: 'RET-3',
      name: 'not signalled',
      summary: `${this.ledger.names.of(ok.op)} (${showPlace(ok.v)}) was deleted, and ${group} went on behind it without being told`,
      t: -1,
      facts: { group, message: ok.op, ...placeFacts(ok.v), broker: ok.v.broker, lastCrash },
      events: [ok.i],
    }
  }
}

/** The move of a group that passes over this message, acknowledged before. */
const moveOver = ({ moves }: Queue, { ok, seq }: Acked): Move | undefined =>
  moves.find(({ event, index, asked }) => seq < index && asked <= ok.v.offset && ok.v.offset < event.v.offset)

/** A move that has left this message, acknowledged before, to the group. */
const moveBefore = ({ moves }: Queue, { ok, seq }: Acked): Move | undefined =>
  moves.find(({ event, index }) => seq < index && ok.v.offset >= event.v.offset)

/** Nobody of the group was given it, and somebody who was to be was given what lies behind it. */
const isPassedOver = ({ given, from, begun, stays }: Queue, { ok }: Acked): boolean =>
  !given.has(ok.op) &&
  !from.has(ok.v.offset) &&
  ok.v.offset >= begun &&
  stays.some((stay) => stay.from <= ok.v.offset && ok.v.offset < stay.to)

const isAssign = (event: Event): event is Assign => event.type === 'ok' && event.f === 'assign'

export const ret3: Checker = checker(
  'RET-3',
  ['send', 'consume', 'assign', 'pull', 'audit'],
  ['invoke consume', 'ok assign', 'white reset'],
  (header, ledger) => new Ret3(header, ledger),
  (judge, events) => {
    const found = judge.spoilable()
    if (found === null) throw new Error('evidence without a chance')
    const assign = eventAt(events, found.move.index, isAssign)
    return replaced(events, found.move.index, { ...assign, v: { ...assign.v, offset: found.beyond } })
  },
  nothingDeleted,
)
