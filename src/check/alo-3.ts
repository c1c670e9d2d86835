/**
 * ALO-3: bounded redelivery. A consumer that takes up a queue which its group has worked on begins neither behind what was delivered
 * (that would skip messages) nor before the progress that the broker has stored (that would repeat more than it must).
 * Groups that pop take up nothing: alo-3-pop.ts says what that means for them.
 *
 * What the broker would have answered is known from white-box events alone. The question is asked some time before the assignment
 * is seen, but not before the process started or last took up this queue, so the lowest value in that span is the bound.
 */
import type { QueueName } from '../plan/queues.ts'
import type { Assign, ConsumeInvoke, Event, Header, Recovered, WhiteEvent } from '../history/event.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { PopRedelivery } from './alo-3-pop.ts'
import { eventAt, replaced, withNext } from './edit.ts'
import { CRASHES } from './fault-log.ts'
import { popping, sharing } from './groups.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { orderlyGroups } from './orderly-groups.ts'
import { PerGroupQueue, showQueue } from './per-queue.ts'
import { StoredProgress } from './stored-progress.ts'
import { filtering } from './wanting.ts'

interface Track {
  readonly topic: string
  readonly queue: QueueName
  readonly stored: StoredProgress
  /** The next offset that nobody of the group was given. */
  reach: number
  assigned: boolean
  deliveredSince: boolean
  /** Who last moved the group: where that is a consumer itself, it goes there whatever the broker has stored. */
  movedBy: string
  /** process → where, and at which event, it last took up the queue. */
  readonly starts: Map<string, { readonly offset: number; readonly seq: number }>
}

/** Where the consumer began, what that is compared with, and who chose it. */
interface Bounds {
  readonly start: number
  readonly bound: number
  readonly from: Assign['v']['from']
  /** The broker's correction leads onward: what lies before is not there any more. */
  readonly onward: boolean
}

class Alo3 implements Judge {
  first: { readonly index: number; readonly reach: number } | null = null
  private readonly ledger: Ledger
  private readonly shares: (group: string) => boolean
  private readonly filters: ReadonlySet<string>
  /** Where groups begin that say so. */
  private readonly policies = new Map<string, string>()
  /** Null where no group pops. */
  readonly pops: PopRedelivery | null
  private chances = 0
  private readonly tracks = new PerGroupQueue<Track>((topic, queue) => ({
    topic,
    queue,
    stored: new StoredProgress(),
    reach: -1,
    assigned: false,
    deliveredSince: false,
    movedBy: '',
    starts: new Map(),
  }))
  private readonly ups = new Map<string, number>()
  private readonly anomalies: Anomaly[] = []

  constructor(header: Header, ledger: Ledger) {
    this.ledger = ledger
    this.shares = sharing(header)
    this.filters = filtering(header)
    for (const { name, startAt } of header.groups)
      if (startAt !== undefined) this.policies.set(name, typeof startAt === 'object' ? 'time' : startAt)
    const pops = popping(header)
    this.pops = pops.size === 0 ? null : new PopRedelivery(ledger, pops, orderlyGroups(header))
  }

  on(event: Event): void {
    switch (event.type) {
      case 'invoke':
        if (event.f === 'consume') this.delivered(event)
        else if (event.f === 'hide') this.pops?.hides(event)
        return
      case 'ok':
        if (event.f === 'assign') this.assigned(event)
        else if (event.f === 'ack') this.pops?.acked(event)
        else if (event.f === 'hide') this.pops?.hides(event)
        return
      case 'fault':
        if (event.effective && CRASHES.has(event.kind)) this.down(event.on, event.kind === 'diskLoss')
        return
      case 'white':
        this.white(event)
        return
      default:
        return
    }
  }

  private white(event: WhiteEvent): void {
    if (event.f === 'reset') {
      // Whoever begins there, or goes there, does as it is told.
      const track = this.tracks.of(event.v.group, event.v.topic, event.v.queue)
      track.reach = Math.max(track.reach, event.v.offset)
      track.movedBy = event.p
    } else if (event.f === 'storedOffset') {
      const { v } = event
      this.tracks.of(v.group, v.topic, v.queue).stored.store(event.p, this.ledger.seq, v.offset, v.durable)
    } else if (event.f === 'recovered') {
      this.recovered(event)
    } else if (event.f === 'recoveredQueue') {
      for (const track of this.tracks.values()) {
        if (track.queue === event.v.queue && track.topic === event.v.topic) track.stored.cut(this.ledger.seq, event.v.max)
      }
    } else if (event.f === 'down') {
      this.down(event.p, false)
    } else if (event.f === 'up') {
      this.ups.set(event.p, this.ledger.seq)
    }
  }

  /** A process is gone, and with it what its memory knew. */
  private down(node: string, diskGone: boolean): void {
    for (const { stored } of this.tracks.values()) if (stored.broker === node) stored.forget(this.ledger.seq, diskGone)
  }

  /** Progress beyond the end of a queue that has lost records may be lowered to that end. */
  private recovered(event: Recovered): void {
    for (const { stored } of this.tracks.values()) {
      if (stored.broker === event.p && this.ledger.faults.lastLoss(event.p, stored.storedAt) !== null) stored.mayBeCut()
    }
  }

  private delivered(event: ConsumeInvoke): void {
    const { v } = event
    if (!this.shares(v.group)) return
    if (v.hiddenForUs !== undefined) return this.pops?.delivered(event)
    const track = this.tracks.of(v.group, v.topic, v.queue)
    track.deliveredSince = true
    if (v.offset >= track.reach) track.reach = v.offset + 1
    const start = track.starts.get(event.p)
    if (start === undefined || v.offset >= start.offset) return
    this.report(
      'redelivered below the start',
      event,
      { start: start.offset, bound: start.offset, from: 'none', onward: false },
      `${event.p} began ${showQueue(v.topic, v.queue)} at ${start.offset}, and was then given offset ${v.offset}`,
    )
  }

  private assigned(event: Assign): void {
    const { v } = event
    if (!this.shares(v.group)) return
    const track = this.tracks.of(v.group, v.topic, v.queue)
    if (track.movedBy === event.p) track.movedBy = ''
    else if (track.assigned) this.compare(event, track)
    track.reach = Math.max(track.reach, v.offset)
    track.assigned = true
    track.deliveredSince = false
    track.starts.set(event.p, { offset: v.offset, seq: this.ledger.seq })
  }

  private compare(event: Assign, track: Track): void {
    const { v } = event
    // Where a group is not given every message, it goes on behind what nobody has seen it pass: FLT-1 looks at that.
    const filters = this.filters.has(v.group)
    if (track.deliveredSince && !filters) {
      this.chances++
      this.first ??= { index: this.ledger.seq, reach: track.reach }
    }
    const facts = { start: v.offset, from: v.from, onward: v.asked !== undefined }
    if (v.offset > track.reach && !filters) {
      this.report(
        'skipped ahead',
        event,
        { ...facts, bound: track.reach },
        `${v.group} took up ${showQueue(v.topic, v.queue)} at ${v.offset}, although nothing beyond ${track.reach - 1} was delivered to it`,
      )
    }
    // A correction onward, past what was deleted, repeats nothing: where the consumer was before it has been looked at.
    if (v.asked !== undefined) return
    // The broker's own correction leads back to the end of a queue that has lost records.
    if (v.from === 'corrected' && this.ledger.faults.lastLoss(track.stored.broker, -1) !== null) return
    const floor = track.stored.lowestSince(Math.max(this.ups.get(event.p) ?? -1, track.starts.get(event.p)?.seq ?? -1))
    if (v.offset < floor) {
      this.report(
        'regressed',
        event,
        { ...facts, bound: floor },
        `${v.group} took up ${showQueue(v.topic, v.queue)} at ${v.offset}, although the broker had stored its progress ${floor}`,
      )
    }
  }

  private report(name: string, event: Assign | ConsumeInvoke, facts: Bounds, summary: string): void {
    const { group, topic, queue, offset } = event.v
    const { broker } = this.tracks.of(group, topic, queue).stored
    this.anomalies.push({
      guarantee: 'ALO-3',
      name,
      summary,
      t: event.t,
      facts: {
        group,
        topic,
        queue,
        offset,
        consumer: event.p,
        ...facts,
        broker,
        lastCrash: this.ledger.faults.culprit(broker, -1)?.kind ?? 'none',
        ...(facts.from === 'none' ? { policy: this.policies.get(group) ?? 'usual' } : {}),
      },
      events: [event.i],
    })
  }

  end(): Findings {
    const popped = this.pops?.end()
    return {
      anomalies: [...this.anomalies, ...(popped?.anomalies ?? [])],
      evidence: evidence(this.chances + (popped?.chances.length ?? 0), () => this.example()),
    }
  }

  private example(): string {
    return this.first === null
      ? 'a message was acknowledged before its invisible time was over'
      : `a queue was taken up again after offset ${this.first.reach - 1} was delivered`
  }
}

const isAssign = (event: Event): event is Assign => event.type === 'ok' && event.f === 'assign'

export const alo3: Checker = checker(
  'ALO-3',
  ['consume', 'assign'],
  [
    'invoke consume',
    'ok assign',
    'ok ack',
    'invoke hide',
    'ok hide',
    'fault',
    'white storedOffset',
    'white reset',
    'white recovered',
    'white recoveredQueue',
    'white up',
    'white down',
  ],
  (header, ledger) => new Alo3(header, ledger),
  (judge, events) => {
    const { first, pops } = judge
    const [popped] = pops?.end().chances ?? []
    // What was acknowledged comes again.
    if (first === null && popped !== undefined) return withNext(events, popped.index, popped.delivery)
    if (first === null) throw new Error('evidence without a chance')
    const assign = eventAt(events, first.index, isAssign)
    return replaced(events, first.index, { ...assign, v: { ...assign.v, offset: first.reach + 1 } })
  },
)
