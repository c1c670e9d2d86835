/**
 * RTY-2: retries are bounded. What a group keeps failing on comes again so often as is configured, and lies with the group's dead letters then;
 * what was taken back comes again, or lies there; and nothing lies there that the group has not failed on so often.
 *
 * A delivery that is repeated is sent back twice, and each copy counts by itself: how many deliveries there may be is judged where none was, and
 * nothing can have been stored twice.
 */
import { deadLetterTopic, isDeadLetterTopic, isRetryTopic } from '../plan/group-topics.ts'
import type { ConsumeFail, ConsumeInvoke, ConsumeOk, Event, Header, Pull, SendBack } from '../history/event.ts'
import type { Us } from '../plan/units.ts'
import type { Anomaly, Checker, Drain, Findings, Judge } from './checker.ts'
import { eventAt, replaced, without } from './edit.ts'
import { checker, evidence, whenDrained } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { placeFacts, showPlace } from './per-queue.ts'
import { nothingSentBack, sendingBack } from './retries.ts'

const ENOUGH = 100

interface Moment {
  readonly t: Us
  readonly seq: number
}

/** What a group did with a message. */
interface Course {
  readonly group: string
  readonly message: number
  /** place → how often the group had failed when the message first came from there: what the broker counts by. */
  readonly places: Map<string, number>
  /** The most failures with which it came from the retry topic. */
  reached: number
  failures: number
  /** place → when the group last failed on it there. */
  readonly failedAt: Map<string, Moment>
  /** When the group first failed on it after so many failures: no sooner was the copy stored that counts one more. */
  readonly counted: Moment[]
  /** Where the auditor has found it. */
  readonly lies: Set<string>
  /** It failed twice at one place, and may have been sent back twice from there. */
  forked: boolean
  finished: boolean
  dead: boolean
  /** What the broker has taken back, after the most failures. */
  back: (Moment & { readonly event: SendBack; readonly failures: number; readonly broker: string }) | null
}

interface Letter {
  readonly group: string
  readonly message: number
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
  private readonly max: number
  private readonly groups: ReadonlySet<string>
  private chances = 0
  private readonly courses = new Map<string, Course>()
  private readonly audited = new Set<string>()
  private readonly anomalies: Anomaly[] = []

  constructor(header: Header, ledger: Ledger) {
    this.header = header
    this.ledger = ledger
    this.max = header.retries?.max ?? 0
    this.groups = sendingBack(header)
  }

  on(event: Event): void {
    if (event.type === 'invoke') {
      if (event.f === 'consume' && this.groups.has(event.v.group)) this.delivered(event)
    } else if (event.type === 'fail') {
      if (event.f === 'consume' && this.groups.has(event.v.group)) this.failed(event)
    } else if (event.type === 'ok') {
      if (event.f === 'consume') this.finished(event)
      else if (event.f === 'sendBack') this.takenBack(event)
      else if (event.f === 'pull') this.found(event)
      else if (event.f === 'audit') this.audited.add(event.v.topic)
    }
  }

  private courseOf(group: string, message: number): Course {
    const key = `${group} ${message}`
    let course = this.courses.get(key)
    if (course === undefined) {
      course = {
        group,
        message,
        places: new Map(),
        reached: 0,
        failures: 0,
        failedAt: new Map(),
        counted: [],
        lies: new Set(),
        forked: false,
        finished: false,
        dead: false,
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
    // What could not be sent back is run again where it is, and counted by nobody but its client.
    if (course.places.has(place)) return
    course.places.set(place, v.attempt)
    if (!isRetryTopic(v.topic)) return
    this.chances++
    this.first ??= this.ledger.seq
    course.reached = Math.max(course.reached, v.attempt)
    if (v.attempt < 1) this.report(event, 'uncounted', `came again to ${v.group}, and that it has failed is not counted`)
    if (v.attempt > this.max)
      this.report(event, 'too many', `came to ${v.group} for retry ${v.attempt}, and ${this.max} are all that it should be given`)
  }

  private failed({ t, v }: ConsumeFail): void {
    const course = this.courseOf(v.group, v.message)
    const place = showPlace(v)
    course.failures++
    course.forked ||= course.failedAt.has(place)
    const now = { t, seq: this.ledger.seq }
    course.failedAt.set(place, now)
    course.counted[course.places.get(place) ?? 0] ??= now
  }

  private finished({ v }: ConsumeOk): void {
    if (this.groups.has(v.group)) this.courseOf(v.group, v.message).finished = true
  }

  private takenBack(event: SendBack): void {
    const course = this.courseOf(event.v.group, event.v.message)
    const failures = course.places.get(showPlace(event.v)) ?? 0
    if (course.back !== null && course.back.failures > failures) return
    // Its client hears of it later than the broker has done it.
    const { t, seq } = course.failedAt.get(showPlace(event.v)) ?? { t: event.t, seq: this.ledger.seq }
    course.back = { event, failures, t, seq, broker: this.header.brokers.length === 1 ? (this.header.brokers[0] ?? '') : '' }
  }

  private found(event: Pull): void {
    const { v } = event
    if (!isDeadLetterTopic(v.topic)) {
      for (const name of this.groups) this.courses.get(`${name} ${v.message}`)?.lies.add(showPlace(v))
      return
    }
    const group = [...this.groups].find((name) => deadLetterTopic(name) === v.topic)
    // A producer of the application's may send there itself.
    if (group === undefined || this.ledger.sends.get(v.message)?.topic === v.topic) return
    const course = this.courseOf(group, v.message)
    course.dead = true
    if (course.failures > this.max) this.chances++
    else this.report(event, 'dead too soon', `is a dead letter of ${group}, which has failed on it ${course.failures} times`, group)
  }

  private report(event: ConsumeInvoke | Pull | SendBack, name: string, what: string, group = ''): void {
    const { v } = event
    if (this.anomalies.length >= ENOUGH) return
    this.anomalies.push({
      guarantee: 'RTY-2',
      name,
      summary: `${this.ledger.names.of(v.message)} (${showPlace(v)}) ${what}`,
      t: event.t,
      facts: { group: 'group' in v ? v.group : group, message: v.message, ...placeFacts(v), max: this.max, returned: true },
      events: [event.i],
    })
  }

  end(drain: Drain): Findings {
    const courses = [...this.courses.values()]
    const buried = courses.filter(({ dead, failures }) => dead && failures > this.max)
    // The one whose absence would show, where there is one.
    const chosen = buried.find((course) => this.isMissed({ ...course, dead: false })) ?? buried[0]
    if (chosen !== undefined)
      this.letter = { group: chosen.group, message: chosen.message, missed: this.isMissed({ ...chosen, dead: false }) }
    const example = this.letter === null ? 'a message that a group had failed on came again' : 'a group was given up on a message'
    const absent = drain.drained ? courses.flatMap((course) => this.judged(course)) : []
    return whenDrained(
      drain,
      evidence(this.chances, () => example),
      [...this.anomalies, ...absent],
    )
  }

  private judged(course: Course): Anomaly[] {
    const { back, group, places } = course
    const { faults } = this.ledger
    const anomalies: Anomaly[] = []
    if (faults.effective === 0 && !course.forked && places.size > this.max + 1)
      anomalies.push(
        this.absence(course, 'too many', `came to ${group} from ${places.size} places, and ${this.max + 1} are all there should be`),
      )
    if (back === null || !this.isMissed(course)) return anomalies
    const where = back.failures >= this.max ? 'is not among its dead letters' : 'has not come again'
    return [...anomalies, this.absence(course, 'forgotten', `was taken back from ${group}, and ${where}`)]
  }

  /** It was taken back, and nothing has come of that. */
  private isMissed({ back, finished, dead, reached, group }: Course): boolean {
    if (back === null || finished || dead || reached > back.failures) return false
    return back.failures < this.max || this.audited.has(deadLetterTopic(group))
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
        max: this.max,
        broker: back?.broker ?? '',
        sentAtUs: stored.t,
        delayed: true,
        returned: true,
        ...(back === null ? {} : { ...placeFacts(back.event.v), lastCrash: faults.culprit(back.broker, stored.seq)?.kind ?? 'none' }),
      },
      events: back === null ? [] : [back.event.i],
    }
  }
}

const isDelivery = (event: Event): event is ConsumeInvoke => event.type === 'invoke' && event.f === 'consume'

const isLetter =
  ({ group, message }: Letter) =>
  (event: Event): boolean =>
    event.type === 'ok' && event.f === 'pull' && event.v.topic === deadLetterTopic(group) && event.v.message === message

const isFailure =
  ({ group, message }: Letter) =>
  (event: Event): boolean =>
    event.type === 'fail' && event.f === 'consume' && event.v.group === group && event.v.message === message

export const rty2: Checker = checker(
  'RTY-2',
  ['consume'],
  ['invoke consume', 'ok consume', 'fail consume', 'ok sendBack', 'ok pull', 'ok audit'],
  (header, ledger) => new Rty2(header, ledger),
  ({ first, letter }, events) => {
    if (letter !== null) return without(events, letter.missed ? isLetter(letter) : isFailure(letter))
    const index = first ?? -1
    const delivery = eventAt(events, index, isDelivery)
    return replaced(events, index, { ...delivery, v: { ...delivery.v, attempt: Number.MAX_SAFE_INTEGER } })
  },
  nothingSentBack,
)
