/**
 * ALO-5: single delivery without faults. Where nothing went wrong, each message is stored once, and each group is given it once.
 *
 * Consumers that were told the same queue by hand are given what lies there each: that is no repetition, and such groups are left out.
 *
 * Repetitions are reported whatever happened, as the run's faults decide by themselves whether they are excused. For the same reason
 * a hundred of a kind are enough.
 */
import type { Assign, ConsumeInvoke, Event, Header, Place } from '../history/event.ts'
import type { Ack } from '../history/popped.ts'
import { dealsOut, isPulling } from '../plan/groups.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { eventAt, withNext } from './edit.ts'
import { sharing, toldQueues } from './groups.ts'
import { checker, ENOUGH, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import { OffsetSet } from './offset-set.ts'
import { isShown, PerGroupQueue, placeFacts, samePlace, showPlace } from './per-queue.ts'
import { messageOf, type Sighting } from './sighting.ts'

/** What a group was given of a queue: by offset, or by message where the broker shows no offset. */
interface Seen {
  readonly offsets: OffsetSet
  readonly messages: OffsetSet
  assigned: boolean
  /** The broker moved the group to where it thinks that the queue ends. */
  corrected: boolean
  /** Who took it up last; and what he was given since, if he took it over from somebody else. */
  holder: string
  inherited: { readonly offsets: OffsetSet; readonly messages: OffsetSet } | null
}

class Alo5 implements Judge {
  /** A delivery that could have come twice. */
  first: { readonly index: number; readonly place: string } | null = null
  private readonly ledger: Ledger
  private readonly shares: (group: string) => boolean
  private readonly groups: Header['groups']
  /** Groups whose members ask for their messages. */
  private readonly pulling: ReadonlySet<string>
  private deliveries = 0
  private failedListeners = 0
  /** Messages that their clients tried more than once to send; null where attempts are not recorded. */
  private readonly retried: Set<number> | null
  private reassigned = 0
  /** The clients were restarted, since the run did not come to rest: they may be given again what they had in hand. Or a group was moved. */
  private restarted = false
  /** A consumer came or went: what it had in hand is given again to whoever has its queues next. */
  private churned = false
  /** Groups and messages whose listener failed: a second delivery is what the group then needs, and no anomaly. */
  private readonly failed = new Set<string>()
  private readonly seen = new PerGroupQueue<Seen>(() => ({
    offsets: new OffsetSet(),
    messages: new OffsetSet(),
    assigned: false,
    corrected: false,
    holder: '',
    inherited: null,
  }))
  private readonly places = new NumberMap<Place>()
  /** Popped: group → message → until when it is hidden. */
  private readonly hidden = new Map<string, NumberMap<number>>()
  private readonly twice: Anomaly[] = []
  private readonly stored: Anomaly[] = []

  constructor(header: Header, ledger: Ledger) {
    this.ledger = ledger
    const shares = sharing(header)
    const told = toldQueues(header)
    this.shares = (group) => shares(group) && !told.has(group)
    this.groups = header.groups
    this.pulling = new Set(header.groups.filter(isPulling).map(({ name }) => name))
    this.retried = header.records.includes('attempt') ? new Set() : null
  }

  on(event: Event): void {
    switch (event.type) {
      case 'invoke':
        if (event.f === 'consume') this.delivered(event)
        return
      case 'ok':
        if (event.f === 'assign') this.assigned(event)
        else if (event.f === 'churn') this.churned = true
        else if (event.f === 'ack') this.acked(event)
        else if (event.f === 'pull') this.sight(event, event.v)
        // A half, and what is delayed, is acknowledged at a place in an internal queue.
        else if (event.f === 'send' && !this.ledger.isElsewhere(event.op)) this.sight(event, event.v)
        return
      case 'fail':
        if (event.f !== 'consume') return
        this.failedListeners++
        this.failed.add(`${event.v.group} ${event.v.message}`)
        return
      case 'phase':
        if (event.phase === 'fresh') this.restarted = true
        return
      case 'info':
        if (event.f === 'attempt' && event.v.attempt > 1) this.retried?.add(event.op)
        return
      case 'white':
        // An administrator may want everything again.
        if (event.f === 'reset') this.restarted = true
        return
      default:
        return
    }
  }

  private delivered(event: ConsumeInvoke): void {
    const { v } = event
    if (!this.shares(v.group)) return this.sight(event, v)
    if (!this.restarted && (v.hiddenForUs ?? 1) > 0) {
      this.deliveries++
      this.first ??= { index: this.ledger.seq, place: showPlace(v) }
    }
    const again = this.isAgain(event)
    const handedOver = this.isInherited(event)
    if (again && !this.restarted && !this.churned && this.twice.length < ENOUGH && !this.failed.has(`${v.group} ${v.message}`)) {
      const summary = `${this.ledger.names.of(v.message)} (${showPlace(v)}) was delivered to ${v.group} a second time`
      const twice = this.anomaly('delivered twice', event, summary, v.group)
      this.twice.push(handedOver ? { ...twice, facts: { ...twice.facts, handedOver } } : twice)
    }
    this.sight(event, v)
  }

  /** Popped messages come again from the group's own topic. One whose time was over before it was acknowledged is to come again. */
  private isAgain(event: ConsumeInvoke): boolean {
    const { v } = event
    const popped = v.hiddenForUs === undefined ? null : this.popped(v.group)
    if (popped !== null) {
      const before = popped.get(v.message)
      popped.set(v.message, event.t + (v.hiddenForUs ?? 0))
      return before !== undefined && event.t < before
    }
    const seen = this.seen.of(v.group, v.topic, v.queue)
    return isShown(v) ? !seen.offsets.add(v.offset) : !seen.messages.add(v.message)
  }

  /** A member of a group that pulls has taken the queue over, and is given this for the first time since. */
  private isInherited({ p, v }: ConsumeInvoke): boolean {
    if (!this.pulling.has(v.group)) return false
    const { holder, inherited } = this.seen.of(v.group, v.topic, v.queue)
    if (inherited === null || p !== holder) return false
    return isShown(v) ? inherited.offsets.add(v.offset) : inherited.messages.add(v.message)
  }

  /** What was acknowledged in time is to come never. */
  private acked({ t, v }: Ack): void {
    const popped = this.popped(v.group)
    if (t < (popped.get(v.message) ?? -1)) popped.set(v.message, Infinity)
  }

  private popped(group: string): NumberMap<number> {
    const known = this.hidden.get(group) ?? new NumberMap<number>()
    this.hidden.set(group, known)
    return known
  }

  private sight(event: Sighting, place: Place): void {
    if (!isShown(place)) return
    const message = messageOf(event)
    const known = this.places.get(message)
    if (known !== undefined && samePlace(known, place)) return
    if (this.ledger.ownTopics.has(place.topic)) return
    if (known === undefined) {
      this.places.set(message, place)
    } else if (this.stored.length < ENOUGH) {
      const summary = `${this.ledger.names.of(message)} is stored at ${showPlace(known)} and at ${showPlace(place)}`
      this.stored.push(this.anomaly('stored twice', event, summary, ''))
    }
  }

  private assigned({ p, v }: Assign): void {
    if (!this.shares(v.group)) return
    const seen = this.seen.of(v.group, v.topic, v.queue)
    if (seen.assigned && p !== seen.holder && this.pulling.has(v.group))
      seen.inherited = { offsets: new OffsetSet(), messages: new OffsetSet() }
    seen.holder = p
    if (seen.assigned) this.reassigned++
    seen.assigned = true
    if (v.from === 'corrected') seen.corrected = true
  }

  private anomaly(name: string, event: Sighting, summary: string, group: string): Anomaly {
    const message = messageOf(event)
    return {
      guarantee: 'ALO-5',
      name,
      summary,
      t: event.t,
      facts: {
        message,
        ...placeFacts(event.v),
        group,
        half: this.ledger.isHalf(message),
        effectiveFaults: this.ledger.faults.effective,
        failedListeners: this.failedListeners,
        reassigned: this.reassigned,
        dealtOut: group === '' || dealsOut(this.groups, group),
        corrected: group !== '' && this.seen.of(group, event.v.topic, event.v.queue).corrected,
        ...(this.retried === null ? {} : { retried: this.retried.has(message) }),
      },
      events: [event.i],
    }
  }

  end(): Findings {
    const quiet = this.ledger.faults.effective === 0 && this.failedListeners === 0 && this.reassigned === 0 && !this.churned
    return {
      anomalies: [...this.twice, ...this.stored],
      evidence: evidence(quiet ? this.deliveries : 0, () => `${this.first?.place ?? ''} was delivered, and nothing had gone wrong`),
    }
  }
}

const isDelivery = (event: Event): event is ConsumeInvoke => event.type === 'invoke' && event.f === 'consume'

export const alo5: Checker = checker(
  'ALO-5',
  ['send', 'consume'],
  ['invoke consume', 'ok send', 'ok pull', 'ok assign', 'ok churn', 'ok ack', 'fail consume', 'info attempt', 'phase', 'white reset'],
  (header, ledger) => new Alo5(header, ledger),
  (judge, events) => {
    const index = judge.first?.index ?? -1
    return withNext(events, index, eventAt(events, index, isDelivery))
  },
  // RMQ-104: queues are dealt out anew when there are more of them, or fewer.
  ({ resized = [] }) => (resized.length === 0 ? null : 'queues changed hands, since their numbers did: delivery is at least once'),
)
