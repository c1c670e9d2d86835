/**
 * The order of a queue whose broker does not show offsets: where the auditor found the messages, in reading order. It speaks of the end of the run
 * only, and of what was still there.
 */
import type { Event, Pull } from '../history/event.ts'
import type { Acked } from './acknowledged.ts'
import { NumberMap } from './number-map.ts'
import { PerQueue } from './per-queue.ts'

/** One was acknowledged before the other was sent, and both were found. */
export interface Pair {
  readonly earlier: Acked
  readonly later: Acked
  readonly swapped: boolean
}

export class ReadOrder {
  /** In the order of their acknowledgements. */
  private readonly sent: Acked[] = []
  private readonly found = new NumberMap<Pull>()

  acked(acked: Acked): void {
    this.sent.push(acked)
  }

  pulled(pull: Pull): void {
    if (this.sent.length > 0 && !this.found.has(pull.v.message)) this.found.set(pull.v.message, pull)
  }

  /** Each found message with the one that lies furthest behind among those acknowledged before it was sent to the same queue. */
  *pairs(): Generator<Pair> {
    const queues = new PerQueue<Acked[]>(() => [])
    for (const one of this.sent) {
      const pull = this.found.get(one.ok.op)
      if (pull !== undefined) queues.of(pull.v.topic, pull.v.queue).push(one)
    }
    for (const { value: acked } of queues.entries()) yield* this.pairsOf(acked)
  }

  private *pairsOf(acked: readonly Acked[]): Generator<Pair> {
    let next = 0
    let furthest: Acked | null = null
    for (const later of acked.toSorted((x, y) => x.began - y.began)) {
      for (let one = acked[next]; one !== undefined && one.seq < later.began; one = acked[++next]) {
        if (furthest === null || this.positionOf(one) > this.positionOf(furthest)) furthest = one
      }
      if (furthest !== null) yield { earlier: furthest, later, swapped: this.positionOf(later) < this.positionOf(furthest) }
    }
  }

  private positionOf({ ok }: Acked): number {
    return this.found.get(ok.op)?.v.offset ?? -1
  }

  /** The history in which the auditor found the two in the other order. */
  swap(events: readonly Event[], { earlier, later }: Pair): Event[] {
    const [first, second] = [this.found.get(earlier.ok.op), this.found.get(later.ok.op)]
    if (first === undefined || second === undefined) throw new Error('a pair of messages that were not found')
    return events.map((event) => {
      if (event === first) return { ...first, v: { ...first.v, offset: second.v.offset } }
      return event === second ? { ...second, v: { ...second.v, offset: first.v.offset } } : event
    })
  }
}
