/**
 * RBL-2: exclusive ownership after convergence. Once nothing disturbs a cluster any more, each queue of a group comes to have one owner within
 * the time that it takes to notice a silent member and to share out anew; and in a cluster that has come to rest each has one.
 */
import type { Assign, Event, Header, PhaseEvent } from '../history/event.ts'
import { dealsOut, isPop } from '../plan/groups.ts'
import type { QueueName } from '../plan/queues.ts'
import { seconds, type Us } from '../plan/units.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { without } from './edit.ts'
import { clustering, toldQueues } from './groups.ts'
import { isRefused } from './wanting.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { PerGroupQueue, showQueue } from './per-queue.ts'

/** RMQ-101: a silent member expires after 120 s, is looked for every 10 s, and shares are computed every 20 s; and a few seconds for the answers. */
export const CONVERGED_WITHIN: Us = seconds(120 + 10 + 20 + 5)

interface Track {
  group: string
  readonly topic: string
  readonly queue: QueueName
  owners: string[]
  last: string
  /** Since when it has not had exactly one owner; -1 while it has. */
  wrongSince: Us
}

interface Move {
  readonly track: Track
  readonly example: string
}

class Rbl2 implements Judge {
  /** A queue that changed hands, and who has it: one that somebody must own in the end. */
  first: Move | null = null
  private readonly ledger: Ledger
  /**
   * In a broadcasting group each member owns every queue (RMQ-096), in one that pops nobody owns any (RMQ-110), and where queues are assigned by hand, if only
   * to some, who owns what is the application's affair.
   */
  private readonly groups: Header['groups']
  private readonly entries: Header['groups']
  private readonly clustering: ReadonlySet<string>
  private readonly tracks = new PerGroupQueue<Track>((topic, queue) => ({ group: '', topic, queue, owners: [], last: '', wrongSince: 0 }))
  private readonly known: Track[] = []
  private readonly anomalies: Anomaly[] = []
  private readonly moves: Move[] = []
  /** Nothing has disturbed the cluster since; Infinity before the heal. */
  private stableFrom: Us = Infinity
  private ended: PhaseEvent | null = null

  constructor(header: Header, ledger: Ledger) {
    const told = toldQueues(header)
    this.groups = clustering(header).filter((group) => !isPop(group) && !told.has(group.name))
    this.entries = header.groups
    this.clustering = new Set(this.groups.map(({ name }) => name))
    this.ledger = ledger
  }

  on(event: Event): void {
    if (event.type === 'ok') {
      if ((event.f === 'assign' || event.f === 'revoke') && !this.clustering.has(event.v.group)) return
      if (event.f === 'assign') this.assigned(event)
      else if (event.f === 'revoke') this.change(this.trackOf(event.v), event, (owners) => owners.filter((one) => one !== event.p))
      else if (event.f === 'audit') this.audited(event.v)
    } else if (event.type === 'white') {
      this.moved(event)
    } else if (event.type === 'phase') {
      this.phase(event)
    }
  }

  private trackOf({ group, topic, queue }: { group: string; topic: string; queue: QueueName }): Track {
    const track = this.tracks.of(group, topic, queue)
    if (track.group !== '') return track
    track.group = group
    this.known.push(track)
    return track
  }

  private assigned(event: Assign): void {
    const track = this.trackOf(event.v)
    // The auditor does not look for retry queues: one that nobody takes up is missed by nobody.
    if (track.last !== '' && !track.owners.includes(event.p) && this.ledger.ownTopics.retriesOf(track.topic) === null) {
      this.moves.push({ track, example: `${showQueue(track.topic, track.queue)} was ${track.last}'s, and ${event.p} took it up` })
    }
    track.last = event.p
    this.change(track, event, (owners) => (owners.includes(event.p) ? owners : [...owners, event.p]))
  }

  /** A process that comes or goes; what it owned is nobody's. */
  private moved(event: Event): void {
    if (this.stableFrom !== Infinity) this.stableFrom = event.t
    for (const track of this.known)
      if (track.owners.includes(event.p)) this.change(track, event, (owners) => owners.filter((one) => one !== event.p))
  }

  private change(track: Track, event: Event, next: (owners: string[]) => string[]): void {
    track.owners = next(track.owners)
    if (track.owners.length !== 1) {
      if (track.wrongSince < 0) track.wrongSince = event.t
      return
    }
    if (track.wrongSince >= 0 && this.isLate(track, event.t)) this.report('late', track, event)
    track.wrongSince = -1
  }

  private isLate = (track: Track, t: Us): boolean => t - Math.max(track.wrongSince, this.stableFrom) > CONVERGED_WITHIN

  private phase(event: PhaseEvent): void {
    if (event.phase === 'heal') this.stableFrom = event.t
    if (event.phase !== 'drained' && event.phase !== 'stuck' && event.phase !== 'fresh') return
    for (const track of this.known) {
      if (track.wrongSince < 0 || (event.phase !== 'drained' && !this.isLate(track, event.t))) continue
      this.report(track.owners.length === 0 ? 'unowned' : 'owned twice', track, event)
    }
    if (event.phase === 'fresh') this.stableFrom = event.t
    else this.ended = event
  }

  /** The auditor knows of queues that nobody ever took up. */
  private audited({ topic, queue }: { topic: string; queue: QueueName }): void {
    const { ended } = this
    if (ended === null) return
    for (const { name: group, topics, selector } of this.groups) {
      // Whose selector was refused, has nobody who reads.
      if (isRefused(this.ledger, group, selector)) continue
      if (!topics.includes(topic) || this.tracks.of(group, topic, queue).group !== '') continue
      if (ended.phase === 'drained' || ended.t - this.stableFrom > CONVERGED_WITHIN)
        this.report('unowned', this.trackOf({ group, topic, queue }), ended)
    }
  }

  private report(name: 'unowned' | 'owned twice' | 'late', { group, topic, queue, owners }: Track, event: Event): void {
    const which = showQueue(topic, queue)
    const summary = {
      unowned: `${which} has no owner in ${group}, although nothing disturbs the cluster`,
      'owned twice': `${which} belongs to ${owners.join(' and ')} of ${group} at once, although nothing disturbs the cluster`,
      late: `${which} had one owner in ${group} only ${Math.floor((event.t - this.stableFrom) / seconds(1))} s after the last disturbance`,
    }[name]
    const dealtOut = dealsOut(this.entries, group)
    const facts = { group, topic, queue, owners: owners.length, faults: this.ledger.faults.effective, dealtOut }
    this.anomalies.push({ guarantee: 'RBL-2', name, summary, t: event.t, facts, events: [event.i] })
  }

  end(): Findings {
    // A queue that an operator has closed is nobody's, and need not be.
    const { operator } = this.ledger
    const isClosed = ({ topic, queue }: Anomaly['facts']): boolean => operator.isClosed(String(topic), String(queue))
    const anomalies = this.anomalies.filter(({ name, facts }) => name !== 'unowned' || !isClosed(facts))
    const moves = this.ended === null ? [] : this.moves.filter(({ track }) => !operator.isClosed(track.topic, track.queue))
    this.first = moves[0] ?? null
    return { anomalies, evidence: evidence(moves.length, () => this.first?.example ?? '') }
  }
}

export const rbl2: Checker = checker(
  'RBL-2',
  ['assign', 'revoke', 'white:down'],
  ['ok assign', 'ok revoke', 'ok audit', 'white up', 'white down', 'phase'],
  (header, ledger) => new Rbl2(header, ledger),
  ({ first }, events) => {
    const track = first?.track
    const owner = track?.owners[0] ?? track?.last
    return without(
      events,
      (event) =>
        event.type === 'ok' &&
        event.f === 'assign' &&
        event.p === owner &&
        event.v.queue === track?.queue &&
        event.v.topic === track.topic &&
        event.v.group === track.group,
    )
  },
)
