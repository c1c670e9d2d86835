/**
 * What the two guarantees about filters have in common: a group is given what it wants and nothing else, and passes by the rest. They differ in
 * how a group says what it wants.
 *
 * Whether a broadcasting group misses something is BRC-1's; of an application that asks for messages nobody expects that it commits what it was
 * never given.
 */
import type { Assign, Commit, ConsumeInvoke, Event, Header } from '../history/event.ts'
import { isBroadcasting, isPop, isPulling } from '../plan/groups.ts'
import { NO_LABELS, type Labels } from '../plan/labels.ts'
import { wantsOf, type Wants } from '../plan/subscription.ts'
import type { Acked } from './acknowledged.ts'
import type { Anomaly, Drain, Findings, GuaranteeId, Judge } from './checker.ts'
import { without, withNext } from './edit.ts'
import { evidence, whenDrained } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import { isShown, PerGroupQueue, placeFacts, showPlace } from './per-queue.ts'
import { Skips } from './skips.ts'
import { disagreeing, filterFacts, isRefused } from './wanting.ts'

export type Subscribed = Header['groups'][number]

/** Applications of one group that want the same. */
interface Application {
  readonly group: Subscribed
  readonly wants: Wants
  /** Its progress is known, and moves past what it does not want. */
  readonly passes: boolean
  readonly given: NumberMap<true>
}

/** An acknowledged message that is there at the end, and an application that subscribes its topic. */
export interface Chance {
  readonly acked: Acked
  readonly application: Application
  readonly wanted: boolean
}

/** How people read what a group or a message says. */
export interface Words {
  readonly wish: (group: Subscribed) => string
  readonly labels: (labels: Labels) => string
}

export class Filtered implements Judge {
  private readonly id: GuaranteeId
  private readonly ledger: Ledger
  private readonly words: Words
  private readonly applications: readonly Application[]
  private readonly disagree: ReadonlySet<string>
  private readonly skips: Skips
  /** Where nobody tells how far a group is, nobody can say that it stands still. */
  private readonly tellsProgress: boolean
  /** How far each group has said that it is, or was told; -1: it has never taken up the queue. */
  private readonly progress = new PerGroupQueue<{ offset: number }>(() => ({ offset: -1 }))
  /** Groups that an administrator moves: their progress goes back, too. */
  private readonly moved = new Set<string>()
  private readonly anomalies: Anomaly[] = []

  constructor(id: GuaranteeId, header: Header, ledger: Ledger, words: Words, isConcerned: (group: Subscribed) => boolean) {
    this.id = id
    this.ledger = ledger
    this.words = words
    this.skips = new Skips(header)
    this.disagree = disagreeing(header)
    this.tellsProgress = header.records.includes('commit')
    this.applications = header.groups.filter(isConcerned).map((group) => ({
      group,
      wants: wantsOf(group) ?? (() => true),
      passes: !isBroadcasting(group) && !isPulling(group) && !isPop(group),
      given: new NumberMap<true>(),
    }))
  }

  on(event: Event): void {
    if (event.type === 'invoke') {
      if (event.f === 'consume') this.given(event)
      else if (event.f === 'resetOffset') this.moved.add(event.v.group)
    } else if (event.type === 'ok') {
      if (event.f === 'assign') this.assigned(event)
    } else if (event.type === 'info' && event.f === 'commit') this.stands(event)
    else if (event.type === 'white' && event.f === 'reset') this.skips.reset(event, this.ledger.seq)
  }

  private assigned(event: Assign): void {
    this.skips.assigned(event, this.ledger.seq)
    this.stands(event)
  }

  private stands({ v }: Assign | Commit): void {
    const known = this.progress.of(v.group, v.topic, v.queue)
    known.offset = Math.max(known.offset, v.offset)
  }

  private labelsOf(message: number): Labels {
    return this.ledger.sends.get(message)?.labels ?? NO_LABELS
  }

  /** Whoever shares the name of a group may be given what only another application wants, and that counts for it. */
  private given(event: ConsumeInvoke): void {
    const { p, v } = event
    for (const application of this.applications) {
      const { group, wants, given } = application
      if (group.name !== v.group) continue
      given.set(v.message, true)
      const own = group.consumers.includes(p) && !this.ledger.ownTopics.has(v.topic) && this.ledger.sends.has(v.message)
      if (own && !wants(this.labelsOf(v.message))) this.anomalies.push(this.unwanted(event, group))
    }
  }

  private unwanted({ i, t, p, v }: ConsumeInvoke, group: Subscribed): Anomaly {
    const labels = this.labelsOf(v.message)
    const what = `${this.ledger.names.of(v.message)} (${showPlace(v)}), ${this.words.labels(labels)}, was given to ${p} of ${v.group}`
    return {
      guarantee: this.id,
      name: 'unwanted',
      summary: `${what}, which wants ${this.words.wish(group)}`,
      t,
      facts: { group: v.group, consumer: p, message: v.message, ...placeFacts(v), ...filterFacts(this.disagree, v.group) },
      events: [i],
    }
  }

  *chances(): Generator<Chance> {
    for (const acked of this.ledger.acknowledged.list) {
      const { op, v } = acked.ok
      if (!isShown(v) || !this.ledger.acknowledged.wasRead(op) || this.ledger.operator.isClosed(v.topic, v.queue)) continue
      for (const application of this.applications) {
        const { group, wants } = application
        if (!group.topics.includes(v.topic) || isRefused(this.ledger, group.name, group.selector)) continue
        if (this.skips.passes(group.name, v, acked)) continue
        const wanted = wants(this.labelsOf(op))
        if (!wanted || !isBroadcasting(group)) yield { acked, application, wanted }
      }
    }
  }

  end(drain: Drain): Findings {
    const chances = [...this.chances()]
    const anomalies = drain.drained ? [...this.anomalies, ...chances.flatMap((one) => this.judged(one))] : this.anomalies
    const [first] = chances
    const found = evidence(chances.length, () => {
      const { acked, application, wanted } = first as Chance
      const { group } = application
      const verb = wanted ? 'is' : 'is not'
      return `${this.ledger.names.of(acked.ok.op)}, ${this.words.labels(this.labelsOf(acked.ok.op))}, ${verb} for ${group.name}`
    })
    return whenDrained(drain, found, anomalies)
  }

  private judged({ acked, application, wanted }: Chance): Anomaly[] {
    const { group, given, passes } = application
    const { op, v } = acked.ok
    if (wanted) return given.has(op) ? [] : [this.anomaly('missed', acked, group, `wants ${this.words.wish(group)} and was never given`)]
    const { offset } = this.progress.of(group.name, v.topic, v.queue)
    if (!passes || !this.tellsProgress || this.moved.has(group.name) || offset < 0 || offset > v.offset) return []
    return [this.anomaly('stuck', acked, group, `stands at ${offset} and has never passed by`)]
  }

  private anomaly(name: string, { ok, began, sentAtUs }: Acked, group: Subscribed, what: string): Anomaly {
    const { op, v } = ok
    const start = this.skips.startBehind(group.name, v, { began, sentAtUs })
    return {
      guarantee: this.id,
      name,
      summary: `${group.name} ${what} ${this.ledger.names.of(op)} (${showPlace(v)}), ${this.words.labels(this.labelsOf(op))}`,
      t: -1,
      facts: {
        group: group.name,
        message: op,
        ...placeFacts(v),
        broker: v.broker,
        inAudit: true,
        ...(start === null ? {} : { start }),
        ...filterFacts(this.disagree, group.name),
        lastCrash: this.ledger.faults.culprit(v.broker, began)?.kind ?? 'none',
      },
      events: [ok.i],
    }
  }

  /** A history in which a wanted message was not given, or one that is not wanted was. */
  spoilt(events: readonly Event[]): Event[] {
    const all = [...this.chances()]
    const chance = all.find(({ wanted }) => wanted) ?? all[0]
    if (chance === undefined) return [...events]
    const { ok } = chance.acked
    const { group } = chance.application
    const isGift = (event: Event): boolean =>
      event.type !== 'white' && 'f' in event && event.f === 'consume' && event.v.message === ok.op && event.v.group === group.name
    if (chance.wanted) return without(events, isGift)
    const { topic, queue, offset } = ok.v
    const v = { group: group.name, topic, queue, offset, message: ok.op, digest: 0, attempt: 0 }
    const given: ConsumeInvoke = { i: ok.i, t: ok.t, p: group.consumers[0] ?? '', type: 'invoke', f: 'consume', op: -1, v }
    return withNext(events, events.length - 1, given)
  }
}
