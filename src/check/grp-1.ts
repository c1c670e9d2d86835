/**
 * GRP-1: group independence. Every application that subscribes a topic is given what lies there, whatever other groups read, finish or forget; and no
 * group goes on where another one stands.
 *
 * An application is what has one name and one subscription: two that share a name and subscribe other topics, or other tags, are two, and each
 * expects its own.
 */
import type { Assign, Commit, ConsumeInvoke, ConsumeOk, Event, Header, Reset } from '../history/event.ts'
import { NO_LABELS } from '../plan/labels.ts'
import { subscriptionOf, wantsOf, type Wants } from '../plan/subscription.ts'
import type { Acked } from './acknowledged.ts'
import type { Anomaly, Checker, Drain, Findings, Judge } from './checker.ts'
import { without } from './edit.ts'
import { clustering, type Group } from './groups.ts'
import { checker, evidence, whenDrained } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import { isShown, PerGroupQueue, PerQueue, placeFacts, showPlace } from './per-queue.ts'
import { Skips } from './skips.ts'
import { disagreeing, filterFacts, isRefused } from './wanting.ts'

interface Application {
  readonly name: string
  readonly topics: readonly string[]
  /** Null: everything. */
  readonly wants: Wants | null
  readonly selector: string | undefined
  readonly consumers: Set<string>
  readonly given: NumberMap<true>
  readonly finished: NumberMap<true>
  /** Another application of this name subscribes something else. */
  shared: boolean
}

interface Duty {
  readonly acked: Acked
  readonly application: Application
  /** Somebody else, who was given it. */
  readonly other: Application
}

function applicationsOf({ groups }: Header): Application[] {
  const known = new Map<string, Application>()
  for (const group of groups) {
    const { name, topics, consumers } = group
    const id = `${name} ${topics.toSorted((x, y) => (x < y ? -1 : 1)).join()} ${subscriptionOf(group)}`
    const made: Application = known.get(id) ?? {
      name,
      topics,
      wants: wantsOf(group),
      selector: group.selector,
      consumers: new Set(),
      given: new NumberMap(),
      finished: new NumberMap(),
      shared: false,
    }
    for (const consumer of consumers) made.consumers.add(consumer)
    known.set(id, made)
  }
  const all = [...known.values()]
  for (const one of all) one.shared = all.some((other) => other !== one && other.name === one.name)
  return all
}

/** Another application that has finished the message. */
function otherThan(application: Application, readers: readonly Application[], message: number): Application | undefined {
  for (const one of readers) if (one !== application && one.finished.has(message)) return one
  return undefined
}

class Grp1 implements Judge {
  private readonly ledger: Ledger
  private readonly applications: readonly Application[]
  /** By group and consumer: a process may work for several groups. */
  private readonly byConsumer = new Map<string, Map<string, Application>>()
  private readonly byTopic: ReadonlyMap<string, readonly Application[]>
  private readonly skips: Skips
  private readonly disagree: ReadonlySet<string>
  /**
   * The furthest that each group has told the broker, was moved to or has begun at, and that any has told. What a group was given counts as told:
   * its progress may be stored, and whoever would have told of it be killed first.
   */
  private readonly told = new PerGroupQueue<{ offset: number }>(() => ({ offset: 0 }))
  private readonly furthest = new PerQueue<{ offset: number }>(() => ({ offset: 0 }))
  /** Groups that were moved, and those of which some queue changed hands after that. */
  private readonly moved = new Set<string>()
  private readonly unsettled = new Set<string>()
  private readonly anomalies: Anomaly[] = []

  constructor(header: Header, ledger: Ledger) {
    this.ledger = ledger
    this.skips = new Skips(header)
    this.disagree = disagreeing(header)
    this.applications = applicationsOf({ ...header, groups: header.groups.filter(({ mode }) => mode !== 'broadcasting') })
    for (const one of this.applications) for (const consumer of one.consumers) this.note(one, consumer)
    const topics = new Set(this.applications.flatMap((one) => one.topics))
    this.byTopic = new Map([...topics].map((topic) => [topic, this.applications.filter((one) => one.topics.includes(topic))]))
  }

  on(event: Event): void {
    if (event.type === 'invoke') {
      if (event.f === 'consume') this.given(event)
    } else if (event.type === 'ok') {
      if (event.f === 'consume') this.applicationOf(event)?.finished.set(event.v.message, true)
      else if (event.f === 'assign') this.assigned(event)
    } else if (event.type === 'info' && event.f === 'commit') {
      this.committed(event)
    } else if (event.type === 'white' && event.f === 'reset') {
      this.reset(event)
    }
  }

  private note(application: Application, consumer: string): void {
    const known = this.byConsumer.get(application.name) ?? new Map<string, Application>()
    this.byConsumer.set(application.name, known.set(consumer, application))
  }

  private applicationOf({ p, v }: Assign | ConsumeInvoke | ConsumeOk): Application | undefined {
    return this.byConsumer.get(v.group)?.get(p)
  }

  private given(event: ConsumeInvoke): void {
    const { v } = event
    this.applicationOf(event)?.given.set(v.message, true)
    const own = this.told.of(v.group, v.topic, v.queue)
    if (v.offset >= own.offset) own.offset = v.offset + 1
  }

  private committed({ v }: Commit): void {
    this.stands(v)
    const all = this.furthest.of(v.topic, v.queue)
    all.offset = Math.max(all.offset, v.offset)
  }

  private stands({ group, topic, queue, offset }: Commit['v']): void {
    const own = this.told.of(group, topic, queue)
    own.offset = Math.max(own.offset, offset)
  }

  private reset(event: Reset): void {
    this.moved.add(event.v.group)
    this.skips.reset(event, this.ledger.seq)
    this.stands(event.v)
  }

  /** A group that takes up a queue where only others have been. */
  private assigned(event: Assign): void {
    const { v } = event
    this.skips.assigned(event, this.ledger.seq)
    if (v.from !== 'corrected' && this.moved.has(v.group)) this.unsettled.add(v.group)
    if (v.from !== 'stored') return this.stands(v)
    const application = this.applicationOf(event)
    if (application === undefined || v.offset <= this.told.of(v.group, v.topic, v.queue).offset) return
    if (v.offset > this.furthest.of(v.topic, v.queue).offset) return
    this.anomalies.push({
      guarantee: 'GRP-1',
      name: 'progress of another',
      summary: `${v.group} takes up ${showPlace(v)}, where another group stands: it has never come that far itself`,
      t: event.t,
      facts: { group: v.group, ...placeFacts(v), shared: application.shared },
      events: [event.i],
    })
  }

  /** Whom a message is for. */
  private readersOf(topic: string, message: number): readonly Application[] {
    const all = this.byTopic.get(topic) ?? []
    if (all.every(({ wants }) => wants === null)) return all
    const labels = this.ledger.sends.get(message)?.labels ?? NO_LABELS
    return all.filter(({ wants }) => wants?.(labels) !== false)
  }

  /** A reset that went back is noted in memory alone, and handed out once: it may be lost with whoever was told (RMQ-098). */
  private mayBeForgotten({ name }: Application, acked: Acked): boolean {
    const disturbed = this.ledger.faults.effective > 0 || this.unsettled.has(name)
    return disturbed && this.skips.isBroughtBack(name, acked.ok.v, acked)
  }

  /** Visits each acknowledged message that is there at the end, who must be given it, and who else was; stops when `visit` says false. */
  private eachDuty(visit: (duty: Duty) => boolean): void {
    for (const acked of this.ledger.acknowledged.list) {
      const { op, v } = acked.ok
      if (!isShown(v) || !this.ledger.acknowledged.wasRead(op)) continue
      const readers = this.readersOf(v.topic, op)
      for (const application of readers) {
        if (this.skips.passes(application.name, v, acked) || this.mayBeForgotten(application, acked)) continue
        if (isRefused(this.ledger, application.name, application.selector)) continue
        const other = otherThan(application, readers, op)
        if (other !== undefined && !visit({ acked, application, other })) return
      }
    }
  }

  end(drain: Drain): Findings {
    const anomalies = [...this.anomalies]
    let chances = 0
    this.eachDuty((duty) => {
      chances++
      const { application, other, acked } = duty
      if (application.given.has(acked.ok.op)) return true
      // Who shares a name is passed over for good: the progress of the two is one.
      if (other.name === application.name)
        anomalies.push(this.anomaly('taken away', acked, application, `went to ${[...other.consumers].join(', ')} alone`))
      else if (drain.drained)
        anomalies.push(this.anomaly('missed', acked, application, `was given to ${other.name}, and never to ${application.name}`))
      return true
    })
    const first = this.firstDuty()
    const example = (): string =>
      `${this.ledger.names.of(first?.acked.ok.op ?? -1)} is for ${first?.application.name ?? ''}, whatever ${first?.other.name ?? ''} does`
    const found = evidence(chances, example)
    // What is lost to a group for good needs no coming to rest.
    return anomalies.length > 0 ? { anomalies, evidence: found } : whenDrained(drain, found, anomalies)
  }

  private anomaly(name: string, acked: Acked, application: Application, what: string): Anomaly {
    const { ok, began } = acked
    const start = this.skips.startBehind(application.name, ok.v, acked)
    const whose = application.shared ? `, although ${[...application.consumers].join(', ')} subscribe it too` : ''
    return {
      guarantee: 'GRP-1',
      name,
      summary: `${this.ledger.names.of(ok.op)} (${showPlace(ok.v)}) ${what}${whose}`,
      t: -1,
      facts: {
        group: application.name,
        message: ok.op,
        ...placeFacts(ok.v),
        broker: ok.v.broker,
        inAudit: true,
        shared: application.shared,
        ...filterFacts(this.disagree, application.name),
        ...(start === null ? {} : { start }),
        lastCrash: this.ledger.faults.culprit(ok.v.broker, began)?.kind ?? 'none',
      },
      events: [ok.i],
    }
  }

  /** One who was given the message, and for whom it counts that others were. */
  firstDuty(): Duty | null {
    let first: Duty | null = null
    this.eachDuty((duty) => {
      first = duty
      return false
    })
    return first
  }
}

const several = (groups: readonly Group[]): boolean =>
  groups.some(({ topics }, k) => groups.slice(k + 1).some((other) => other.topics.some((topic) => topics.includes(topic))))

export const grp1: Checker = checker(
  'GRP-1',
  ['send', 'consume', 'pull'],
  ['invoke consume', 'ok consume', 'ok assign', 'info commit', 'white reset'],
  (header, ledger) => new Grp1(header, ledger),
  (judge, events) => {
    const duty = judge.firstDuty()
    return without(
      events,
      (event) =>
        event.type !== 'white' &&
        'f' in event &&
        event.f === 'consume' &&
        event.v.message === duty?.acked.ok.op &&
        event.v.group === duty.application.name &&
        duty.application.consumers.has(event.p),
    )
  },
  (header) =>
    several(header.groups.filter(({ mode }) => mode !== 'broadcasting')) || clustering(header).length < header.groups.length
      ? null
      : 'no two groups read one topic',
)
