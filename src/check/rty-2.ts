/**
 * RTY-2: retries are bounded. What a group keeps failing on comes again so often as is configured, and lies with the group's dead letters then;
 * what was taken back comes again, or lies there; and nothing lies there that the group has not failed on so often.
 *
 * A delivery that is repeated is sent back twice, and each copy counts by itself: how many deliveries there may be is judged where none was, and
 * nothing can have been stored twice.
 */
import type { Assign, ConsumeFail, ConsumeInvoke, ConsumeOk, Event, Expire, Header, Pull } from '../history/event.ts'
import type { SentBack } from '../history/send-back.ts'
import type { Us } from '../plan/units.ts'
import type { Anomaly, Checker, Drain, Findings, Judge } from './checker.ts'
import { eventAt, replaced, without } from './edit.ts'
import { Enough } from './enough.ts'
import { checker, evidence, whenDrained } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { placeFacts, showPlace } from './per-queue.ts'
import { nothingSentBack, sendingBack } from './retries.ts'
import { RunsInPlace } from './runs-in-place.ts'

interface Moment {
  readonly t: Us
  readonly seq: number
}

/** What a group did with a message. */
interface Course {
  readonly group: string
  readonly message: number
  /** How often it comes again. */
  readonly max: number
  /** place → how often the group had failed when the message first came from there: what the broker counts by. */
  readonly places: Map<string, number>
  /** The most failures with which it came from the retry topic. */
  reached: number
  failures: number
  /** How often another group had, whose dead letters this one reads: the count comes along. */
  inherited: number
  /** place → when the group last failed on it there. */
  readonly failedAt: Map<string, Moment>
  /** When the group first failed on it after so many failures: no sooner was the copy stored that counts one more. */
  readonly counted: Moment[]
  /** Where the auditor has found it. */
  readonly lies: Set<string>
  /** Clients and places of deliveries that were given up: what their listeners come to counts for nothing any more. */
  readonly givenUp: Set<string>
  /** It failed twice at one place, and may have been sent back twice from there. */
  forked: boolean
  finished: boolean
  /** The topic where it lies with the group's dead letters. */
  deadIn: string | null
  /** What the broker has taken back, after the most failures. */
  back: (Moment & { readonly event: SentBack; readonly failures: number; readonly broker: string }) | null
}

interface Letter {
  readonly group: string
  readonly message: number
  readonly topic: string
  /** Were it not there, it would be missed. */
  readonly missed: boolean
}

class Rty2 implements Judge {
  /** A message that came again. */
  first: number | null = null
  /** A dead letter that lies where it should. */
  letter: Letter | null = null
  private readonly header: Header
  private readonly ledger: Ledger
  private readonly groups: ReadonlyMap<string, number>
  private readonly inPlace: RunsInPlace
  private chances = 0
  private readonly courses = new Map<string, Course>()
  /** group → when it last began its retry topic behind something, as nothing of its progress was stored. */
  private readonly begun = new Map<string, number>()
  private readonly audited = new Set<string>()
  private readonly anomalies = new Enough()

  constructor(header: Header, ledger: Ledger) {
    this.header = header
    this.ledger = ledger
    this.groups = sendingBack(header)
    this.inPlace = new RunsInPlace(header)
  }

  on(event: Event): void {
    if (event.type === 'invoke') {
      if (event.f === 'consume' && this.groups.has(event.v.group)) this.delivered(event)
      else if (event.f === 'sendBack') this.inPlace.sentBack(event)
    } else if (event.type === 'fail') {
      if (event.f === 'consume' && this.groups.has(event.v.group)) this.failed(event)
    } else if (event.type === 'ok') {
      if (event.f === 'consume') this.finished(event)
      else if (event.f === 'sendBack') this.takenBack(event)
      else if (event.f === 'pull') this.found(event)
      else if (event.f === 'audit') this.audited.add(event.v.topic)
      else if (event.f === 'assign') this.assigned(event)
    } else if (event.type === 'info' && event.f === 'expire' && this.groups.has(event.v.group)) {
      this.failed(event)
    }
  }

  private assigned(event: Assign): void {
    const { v } = event
    this.inPlace.assigned(event)
    if (v.from === 'none' && v.offset > 0 && this.ledger.ownTopics.retriesOf(v.topic) !== null) this.begun.set(v.group, this.ledger.seq)
  }

  private courseOf(group: string, message: number): Course {
    const key = `${group} ${message}`
    let course = this.courses.get(key)
    if (course === undefined) {
      course = {
        group,
        message,
        max: this.groups.get(group) ?? 0,
        places: new Map(),
        reached: 0,
        failures: 0,
        inherited: 0,
        failedAt: new Map(),
        counted: [],
        lies: new Set(),
        givenUp: new Set(),
        forked: false,
        finished: false,
        deadIn: null,
        back: null,
      }
      this.courses.set(key, course)
    }
    return course
  }

  private delivered(event: ConsumeInvoke): void {
    const { v } = event
    const course = this.courseOf(v.group, v.message)
    const place = showPlace(v)
    course.givenUp.delete(`${event.p} ${place}`)
    // What is run again where it is, is counted by nobody but its client.
    const isAgain = course.places.has(place)
    if (isAgain) this.again(event)
    this.inPlace.delivered(event)
    if (isAgain) return
    course.places.set(place, v.attempt)
    if (this.ledger.ownTopics.deadLettersOf(v.topic) !== null) course.inherited = v.attempt
    if (this.ledger.ownTopics.retriesOf(v.topic) === null) return
    this.chances++
    this.first ??= this.ledger.seq
    course.reached = Math.max(course.reached, v.attempt)
    // An orderly client counts what it runs again, and not the failure for which it sends a message away.
    if (v.attempt < (this.inPlace.isOf(v.group) ? course.max : 1))
      this.report(event, 'uncounted', `came again to ${v.group}, and that it has failed is not counted`)
    if (v.attempt > course.max)
      this.report(event, 'too many', `came to ${v.group} for retry ${v.attempt}, and ${course.max} are all that it should be given`)
  }

  private again(event: ConsumeInvoke): void {
    const failures = this.inPlace.tooOften(event)
    if (failures === null) return
    this.report(event, 'too many', `came to ${event.v.group} again, which has failed on it ${failures} times, and has not sent it back`)
  }

  /** What is given up after too long a time counts like a failure. */
  private failed(event: ConsumeFail | Expire): void {
    const { t, v } = event
    if (event.f === 'consume') this.inPlace.failed(event)
    const course = this.courseOf(v.group, v.message)
    const place = showPlace(v)
    const delivery = `${event.p} ${place}`
    if (event.f === 'expire') course.givenUp.add(delivery)
    else if (course.givenUp.delete(delivery)) return
    course.failures++
    course.forked ||= course.failedAt.has(place)
    const now = { t, seq: this.ledger.seq }
    course.failedAt.set(place, now)
    course.counted[course.places.get(place) ?? 0] ??= now
  }

  private finished({ v }: ConsumeOk): void {
    if (this.groups.has(v.group)) this.courseOf(v.group, v.message).finished = true
  }

  private takenBack(event: SentBack): void {
    const { v } = event
    const course = this.courseOf(v.group, v.message)
    // An orderly listener has had it as often as it may before it is sent back.
    const failures = this.inPlace.isOf(v.group) ? course.max : (course.places.get(showPlace(v)) ?? 0)
    if (course.back !== null && course.back.failures > failures) return
    // Its client hears of it later than the broker has done it.
    const { t, seq } = course.failedAt.get(showPlace(v)) ?? { t: event.t, seq: this.ledger.seq }
    course.back = { event, failures, t, seq, broker: v.broker ?? this.onlyBroker() }
  }

  private onlyBroker(): string {
    const { brokers } = this.header
    return brokers.length === 1 ? (brokers[0] ?? '') : ''
  }

  private found(event: Pull): void {
    const { v } = event
    const group = this.ledger.ownTopics.deadLettersOf(v.topic)
    if (group === null) {
      for (const name of this.groups.keys()) this.courses.get(`${name} ${v.message}`)?.lies.add(showPlace(v))
      return
    }
    // A producer of the application's may send there itself.
    if (!this.groups.has(group) || this.ledger.sends.get(v.message)?.topic === v.topic) return
    const course = this.courseOf(group, v.message)
    course.deadIn = v.topic
    if (course.failures + course.inherited <= course.max)
      this.report(event, 'dead too soon', `is a dead letter of ${group}, which has failed on it ${course.failures} times`, group)
  }

  private report(event: ConsumeInvoke | Pull, name: string, what: string, group = ''): void {
    const { v } = event
    this.anomalies.add({
      guarantee: 'RTY-2',
      name,
      summary: `${this.ledger.names.of(v.message)} (${showPlace(v)}) ${what}`,
      t: event.t,
      facts: { group: 'group' in v ? v.group : group, message: v.message, ...placeFacts(v), returned: true },
      events: [event.i],
    })
  }

  end(drain: Drain): Findings {
    const courses = [...this.courses.values()]
    const buried = courses.flatMap((course) => this.letterOf(course))
    this.chances += buried.length
    this.letter = buried.find(({ missed }) => missed) ?? buried[0] ?? null
    const example = this.letter === null ? 'a message that a group had failed on came again' : 'a group was given up on a message'
    const absent = drain.drained ? courses.flatMap((course) => this.judged(course)) : []
    return whenDrained(
      drain,
      evidence(this.chances, () => example),
      [...this.anomalies.found, ...absent],
    )
  }

  /** A dead letter whose absence would show, or that would be there too soon if its group had not failed on it. */
  private letterOf(course: Course): Letter[] {
    const { group, message, deadIn: topic, failures, inherited, max } = course
    if (topic === null || failures + inherited <= max) return []
    const missed = this.isMissed({ ...course, deadIn: null })
    return missed || inherited <= max ? [{ group, message, topic, missed }] : []
  }

  private judged(course: Course): Anomaly[] {
    const { back, group, max, places } = course
    const { faults } = this.ledger
    const anomalies: Anomaly[] = []
    if (faults.effective === 0 && !course.forked && places.size > max + 1)
      anomalies.push(
        this.absence(course, 'too many', `came to ${group} from ${places.size} places, and ${max + 1} are all there should be`),
      )
    if (back === null || !this.isMissed(course)) return anomalies
    const where = back.failures >= max ? 'is not among its dead letters' : 'has not come again'
    return [...anomalies, this.absence(course, 'forgotten', `was taken back from ${group}, and ${where}`)]
  }

  /** It was taken back, and nothing has come of that. */
  private isMissed({ back, finished, deadIn, reached, max, group }: Course): boolean {
    if (back === null || finished || deadIn !== null || reached > back.failures) return false
    return back.failures < max || this.looked(group)
  }

  /** Somebody has read the group's dead letters. */
  private looked(group: string): boolean {
    return [...this.audited].some((topic) => this.ledger.ownTopics.deadLettersOf(topic) === group)
  }

  /**
   * Since when a loss can have taken what was to come again: where the message itself is still at its place, that is its copy alone; else it
   * may have been gone before the group failed on it.
   */
  private storedAt({ back, lies, counted, message }: Course): Moment {
    if (back === null) return { t: 0, seq: -1 }
    if (lies.has(showPlace(back.event.v))) return back
    return (back.failures === 0 ? this.ledger.sends.get(message) : counted[back.failures - 1]) ?? back
  }

  private absence(course: Course, name: string, what: string): Anomaly {
    const { group, message, back } = course
    const { faults, names } = this.ledger
    const stored = this.storedAt(course)
    return {
      guarantee: 'RTY-2',
      name,
      summary: `${names.of(message)} ${what}`,
      t: -1,
      facts: {
        group,
        message,
        broker: back?.broker ?? '',
        sentAtUs: stored.t,
        delayed: true,
        returned: true,
        ...((this.begun.get(group) ?? -1) > (back?.seq ?? Infinity) ? { start: 'again' } : {}),
        ...(back?.event.v.status === undefined ? {} : { status: back.event.v.status }),
        ...(back === null ? {} : { ...placeFacts(back.event.v), lastCrash: faults.culprit(back.broker, stored.seq)?.kind ?? 'none' }),
      },
      events: back === null ? [] : [back.event.i],
    }
  }
}

const isDelivery = (event: Event): event is ConsumeInvoke => event.type === 'invoke' && event.f === 'consume'

const isLetter =
  ({ topic, message }: Letter) =>
  (event: Event): boolean =>
    event.type === 'ok' && event.f === 'pull' && event.v.topic === topic && event.v.message === message

const isFailure =
  ({ group, message }: Letter) =>
  (event: Event): boolean =>
    ((event.type === 'fail' && event.f === 'consume') || (event.type === 'info' && event.f === 'expire')) &&
    event.v.group === group &&
    event.v.message === message

export const rty2: Checker = checker(
  'RTY-2',
  ['consume'],
  ['invoke consume', 'invoke sendBack', 'ok consume', 'fail consume', 'info expire', 'ok sendBack', 'ok pull', 'ok audit', 'ok assign'],
  (header, ledger) => new Rty2(header, ledger),
  ({ first, letter }, events) => {
    if (letter !== null) return without(events, letter.missed ? isLetter(letter) : isFailure(letter))
    const index = first ?? -1
    const delivery = eventAt(events, index, isDelivery)
    return replaced(events, index, { ...delivery, v: { ...delivery.v, attempt: Number.MAX_SAFE_INTEGER } })
  },
  nothingSentBack,
)
