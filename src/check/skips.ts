/**
 * What a group need not be given: what lay before the place where its start policy let it begin, what an administrator's reset passed over, and what
 * lies in a queue that none of its consumers was told to read, where queues are assigned by hand. A
 * group that begins at its policy's place again, because no progress of its was stored yet, passes over what came meanwhile: that is none of these,
 * but it is known.
 */
import type { Assign, Header, Place, Reset } from '../history/event.ts'
import { assignedTo } from '../plan/groups.ts'
import type { StartAt } from '../plan/plan.ts'
import { numberOfQueue } from '../plan/queues.ts'
import { PerGroupQueue } from './per-queue.ts'

/** What lies before `offset`, and was begun to be sent before event `seq`, is passed over; only if it was sent before `sinceUs`, where that is said. */
interface Skip {
  offset: number
  readonly seq: number
  readonly sinceUs: number | null
}
interface Queue {
  /** Where the group has begun without any progress. */
  readonly starts: { readonly offset: number; readonly seq: number; readonly sinceUs: number | null }[]
  readonly skips: Skip[]
  /** What was passed over until a reset went back behind it. */
  readonly returned: Skip[]
}

/** A message as its send began. */
interface Sent {
  readonly began: number
  readonly sentAtUs: number
}

const isPassed = ({ offset, seq, sinceUs }: Skip, place: Place, { began, sentAtUs }: Sent): boolean =>
  place.offset < offset && began < seq && (sinceUs === null || sentAtUs < sinceUs)

export class Skips {
  /** Groups that need not begin at the beginning. */
  private readonly policies = new Map<string, StartAt>()
  private readonly queues = new PerGroupQueue<Queue>(() => ({ starts: [], skips: [], returned: [] }))
  private known = false
  /** The queues that each group's consumers were told to read, of groups that deal none out. */
  private readonly told = new Map<string, ReadonlySet<number>>()

  constructor({ groups }: Header) {
    for (const { name, startAt } of groups) {
      if (startAt !== undefined && startAt !== 'first') this.policies.set(name, startAt)
      const told = assignedTo(groups, name)
      if (told !== null) this.told.set(name, told)
    }
  }

  /** A group of which the broker knew no progress takes up a queue. */
  assigned({ v }: Assign, seq: number): void {
    const policy = v.from === 'none' ? this.policies.get(v.group) : undefined
    if (policy === undefined) return
    this.known = true
    const queue = this.queues.of(v.group, v.topic, v.queue)
    const sinceUs = typeof policy === 'object' ? policy.timestampUs : null
    const skip = { offset: v.offset, seq, sinceUs }
    queue.starts.push(skip)
    if (queue.starts.length === 1) queue.skips.push({ ...skip })
  }

  /** The last reset counts: one that goes back takes back what others passed over. */
  reset({ v }: Reset, seq: number): void {
    this.known = true
    const { skips, returned } = this.queues.of(v.group, v.topic, v.queue)
    for (const skip of skips) {
      if (skip.offset > v.offset) returned.push({ ...skip })
      skip.offset = Math.min(skip.offset, v.offset)
    }
    skips.push({ offset: v.offset, seq, sinceUs: null })
  }

  passes(group: string, place: Place, sent: Sent): boolean {
    if (this.told.get(group)?.has(numberOfQueue(place.queue)) === false) return true
    return this.known && this.queues.of(group, place.topic, place.queue).skips.some((skip) => isPassed(skip, place, sent))
  }

  /** A reset has brought it back, which had been passed over before: whoever is told of that reset may forget it (RMQ-098). */
  isBroughtBack(group: string, place: Place, sent: Sent): boolean {
    return this.known && this.queues.of(group, place.topic, place.queue).returned.some((skip) => isPassed(skip, place, sent))
  }

  /** Did a start pass it over that came too often, or one at a time that was over when it was sent? */
  startBehind(group: string, place: Place, sent: Sent): 'again' | 'late' | null {
    const { starts } = this.known ? this.queues.of(group, place.topic, place.queue) : { starts: [] }
    if (starts.some((start) => isPassed(start, place, sent))) return 'again'
    return starts.some((start) => isPassed({ ...start, sinceUs: null }, place, sent)) ? 'late' : null
  }
}
