/**
 * HA-3: who reads a queue now from its master and now from a slave is led past nothing by that. A slave that can't answer sends its readers away,
 * and never says where to go on; it leaves nothing out of what it shows; and what it knows of a group's progress is no older than the minute
 * in which it asks its master. How old that is can be judged only where nobody but the master has been struck.
 */
import type { Assign, Event, FaultEvent, Header } from '../history/event.ts'
import type { Redirect } from '../history/replicas.ts'
import { isBroadcasting } from '../plan/groups.ts'
import { seconds, showMs, type Us } from '../plan/units.ts'
import type { Acked } from './acknowledged.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { withoutSlaves } from './copies.ts'
import { without } from './edit.ts'
import { CRASHES } from './fault-log.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import { PerQueue, showPlace, showQueue } from './per-queue.ts'
import { ProgressLog, Reading, type Passed } from './redirected.ts'

/** RMQ-067: a slave asks its master once a minute; the answer takes its time, too. */
export const PROGRESS_AGE_MAX: Us = seconds(62)

/** Groups that want everything, and share it among their members: of others it can't be told what each should have been given. */
function plainGroups({ groups }: Header): Set<string> {
  const alone = groups.filter((group) => groups.filter(({ name }) => name === group.name).length === 1)
  return new Set(
    alone.flatMap((group) => (isBroadcasting(group) || group.tags !== undefined || group.selector !== undefined ? [] : [group.name])),
  )
}

class Ha3 implements Judge {
  private readonly ledger: Ledger
  private readonly masters: ReadonlyMap<string, string>
  private readonly consumers: ReadonlySet<string>
  private readonly plain: ReadonlySet<string>
  private readonly readings = new Map<string, PerQueue<Reading>>()
  private readonly progress = new ProgressLog()
  /** group → the messages that it was given. */
  private readonly given = new Map<string, Set<number>>()
  private readonly strikes: FaultEvent[] = []
  private readonly passed: Passed[] = []
  private readonly anomalies: Anomaly[] = []
  /** Of what was passed, what was shown there: had it been left out, that would have been noticed. */
  shown: readonly Passed[] = []

  constructor(header: Header, ledger: Ledger) {
    this.ledger = ledger
    this.masters = new Map((header.slaves ?? []).map(({ name, of }) => [name, of]))
    this.consumers = new Set(header.groups.flatMap(({ consumers }) => consumers))
    this.plain = plainGroups(header)
  }

  on(event: Event): void {
    if (event.type === 'fault') {
      if (!event.effective) return
      this.strikes.push(event)
      // A new process asks masters first.
      if (CRASHES.has(event.kind)) this.readings.delete(event.on)
    } else if (event.type === 'white') {
      if (event.f === 'storedOffset' && !event.v.durable) this.progress.stored(event.v, event.t)
    } else if (event.type === 'info') {
      if (event.f === 'redirect') this.redirected(event)
    } else if (event.type === 'ok') {
      if (event.f === 'assign') this.assigned(event)
      else if (event.f === 'churn') this.readings.delete(event.p)
    } else if (event.type === 'invoke' && event.f === 'consume' && this.plain.has(event.v.group)) {
      this.givenTo(event.v.group).add(event.v.message)
      this.passed.push(...this.readingOf(event.p, event.v).take(event.v))
    }
  }

  private givenTo(group: string): Set<number> {
    let given = this.given.get(group)
    if (given === undefined) this.given.set(group, (given = new Set<number>()))
    return given
  }

  private readingOf(consumer: string, { topic, queue }: { readonly topic: string; readonly queue: string }): Reading {
    let queues = this.readings.get(consumer)
    if (queues === undefined) this.readings.set(consumer, (queues = new PerQueue(() => new Reading())))
    return queues.of(topic, queue)
  }

  private redirected({ p, v }: Redirect): void {
    this.readingOf(p, v).slave = this.masters.has(v.broker) ? v.broker : null
  }

  private assigned(event: Assign): void {
    const { p, v } = event
    const reading = this.readingOf(p, v)
    reading.begin(v.offset)
    const { slave } = reading
    if (slave === null || !this.plain.has(v.group)) return
    if (v.from === 'corrected')
      this.report('sent on', event, slave, `${slave}, a slave, told ${v.group} to go on at ${showPlace(v)}`, { offset: v.offset })
    else this.compareProgress(event, slave)
  }

  /** A slave has said where the group stands. */
  private compareProgress(event: Assign, slave: string): void {
    const { group, topic, queue, offset } = event.v
    const window = this.quietBefore(slave)
    if (window === null) return
    const known = this.progress.between(group, event.v, window.from, window.to)
    if (known === null || known <= offset) return
    const summary =
      `${slave} took ${group} to stand at ${offset} of ${showQueue(topic, queue)}, who had been at ${known} ` +
      `for ${showMs(PROGRESS_AGE_MAX)} ms when its master went`
    this.report('older than the bound', event, slave, summary, { offset, known })
  }

  /** From which time on a slave must know what its master knew by some time: it alone has been struck, and not shortly before. */
  private quietBefore(slave: string): { readonly from: Us; readonly to: Us } | null {
    const others = this.strikes.filter(({ on }) => !this.consumers.has(on))
    const last = others.pop()
    if (last === undefined || last.on !== this.masters.get(slave) || !CRASHES.has(last.kind)) return null
    const from = others.pop()?.t ?? -1
    const to = last.t - PROGRESS_AGE_MAX
    return from < to ? { from, to } : null
  }

  private report(name: string, { t, i, v }: Assign, slave: string, summary: string, more: Anomaly['facts']): void {
    const facts = { group: v.group, broker: this.masters.get(slave) ?? '', slave, ...more }
    this.anomalies.push({ guarantee: 'HA-3', name, summary, t, facts, events: [i] })
  }

  end(): Findings {
    const kept = this.keptInPlace()
    const at = ({ topic, queue, offset }: Passed): Acked | undefined => kept.of(topic, queue).get(offset)
    for (const place of this.passed) {
      const one = at(place)
      if (one !== undefined && !this.givenTo(place.group).has(one.ok.op)) this.anomalies.push(this.passedOver(place, one))
    }
    this.shown = this.passed.filter((place) => place.message >= 0 && at(place)?.ok.op === place.message)
    const [first] = this.shown
    return {
      anomalies: this.anomalies,
      evidence: evidence(this.shown.length, () => `${first?.group ?? ''} read from ${first?.slave ?? ''}`),
    }
  }

  /** What was acknowledged, and was found where it was said to be. */
  private keptInPlace(): PerQueue<NumberMap<Acked>> {
    const { acknowledged } = this.ledger
    const kept = new PerQueue<NumberMap<Acked>>(() => new NumberMap())
    acknowledged.settle()
    for (const one of acknowledged.list)
      if (one.fate === 'found' && one.ok.v.offset >= 0) kept.of(one.ok.v.topic, one.ok.v.queue).set(one.ok.v.offset, one)
    return kept
  }

  private passedOver({ group, slave }: Passed, { ok, sentAtUs }: Acked): Anomaly {
    const summary = `${this.ledger.names.of(ok.op)} (${showPlace(ok.v)}) was passed over by ${group}, who read from ${slave}`
    const facts = { group, broker: this.masters.get(slave) ?? '', slave, message: ok.op, sentAtUs }
    return { guarantee: 'HA-3', name: 'passed over', summary, t: -1, facts, events: [ok.i] }
  }
}

export const ha3: Checker = checker(
  'HA-3',
  ['send', 'consume', 'assign', 'redirect', 'pull', 'audit'],
  ['fault', 'invoke consume', 'ok assign', 'ok churn', 'info redirect', 'white storedOffset'],
  (header, ledger) => new Ha3(header, ledger),
  (judge, events) => {
    const [first] = judge.shown
    return without(
      events,
      (event) => 'f' in event && event.f === 'consume' && event.v.group === first?.group && event.v.message === first.message,
    )
  },
  withoutSlaves,
)
