/** What happens inside a broker, told line by line: appends, forces, index entries, progress, transactions, falls and recoveries. */
import type { Append, FaultEvent, LockTable, Recovered, Released, WhiteEvent } from '../history/event.ts'
import type { Committed } from '../history/groups-log.ts'
import { TIMER_TOPIC } from '../history/recalls.ts'
import type { Cleaned } from '../history/retention.ts'
import type { Copied } from '../history/replicas.ts'
import { TRACE_TOPIC } from '../history/traces.ts'
import type { Plan } from '../plan/plan.ts'
import { showMs } from '../plan/units.ts'
import type { Messages } from './messages.ts'
import { isPopLog } from './pop-voice.ts'
import { about, latest, placeOf, queueOf, type Telling } from './telling.ts'

/** Faults that say by themselves that the process is gone. */
const FELLED: readonly string[] = ['processKill', 'powerLoss', 'diskLoss']

const ACTING = {
  'acting master': 'stands in for its master',
  slave: 'stands in for its master no more',
  online: 'is master again, as all may know now',
} as const

const percent = (permille: number): string => `${Math.floor(permille / 10)}%`

/** A round of the cleaner in which nothing went is no news. */
function cleaned({ p, v }: Cleaned): Telling | null {
  const [first, ...more] = v.files
  if (first === undefined) return null
  const last = more[more.length - 1] ?? first
  const files = more.length === 0 ? 'one file' : `${v.files.length} files`
  return {
    who: p,
    what: `deletes ${files} of its log, ${first.from}..${last.to}; the disk was ${percent(v.usedPermille)} full`,
    turn: true,
  }
}

export class BrokerVoice {
  private readonly messages: Messages
  private readonly topics: ReadonlySet<string>
  /** The last thing said of a subject, so that it isn't said twice. */
  private readonly said = new Map<string, string>()
  private readonly fallen = new Set<string>()
  private felledAt = ''
  private readonly halves = new Set<number>()
  /** Where the records end whose force is worth a line: everybody's but the sentinels'. */
  private readonly waiting = new Map<string, number[]>()

  constructor(messages: Messages, plan: Plan) {
    this.messages = messages
    this.topics = new Set(plan.cluster.topics.map((topic) => topic.name))
  }

  /** True when the same was said of this subject the last time. */
  repeated(subject: string, text: string): boolean {
    if (this.said.get(subject) === text) return true
    this.said.set(subject, text)
    return false
  }

  hears(fault: FaultEvent): void {
    if (FELLED.includes(fault.kind)) this.felledAt = `${fault.on} ${fault.t}`
  }

  tell(event: WhiteEvent): Telling | null {
    switch (event.f) {
      case 'append':
        return this.append(event)
      case 'dispatch': {
        const { topic, queue, offset, at } = event.v
        const message = this.messages.at(event.p, at) ?? 0
        if (this.messages.isSentinel(message) || !this.topics.has(topic)) return null
        return about(this.messages, event.p, { head: 'dispatch', place: { topic, queue, offset }, message: null, tail: '' }, message)
      }
      case 'force':
        return this.force(event.p, event.v.to)
      case 'storedOffset': {
        const { durable, group, topic } = event.v
        if (!durable || !this.topics.has(topic) || this.messages.isBehindSentinel(event.v)) return null
        const subject = queueOf(event.v)
        const text = placeOf(event.v)
        if (this.repeated(`progress ${event.p} ${group} ${subject}`, text)) return null
        return latest(event.p, { head: `progress of ${group} on disk:`, subject, text })
      }
      case 'endedTxn':
        return { who: event.p, what: `${this.messages.name(event.v.message)} ended: ${event.v.outcome}`, turn: false }
      case 'released':
        return this.released(event)
      case 'missedSlot': {
        const what = event.v.message === 0 ? 'what recalls a message' : this.messages.name(event.v.message)
        return { who: event.p, what: `puts ${what} on the wheel, whose slot is over`, turn: false }
      }
      case 'discarded':
        return { who: event.p, what: `gives up on ${this.messages.name(event.v.message)} after ${event.v.checks} checks`, turn: true }
      case 'lock':
        return this.lock(event)
      case 'cleaned':
        return cleaned(event)
      case 'copied':
        return this.copied(event)
      case 'elected':
        return { who: event.p, what: `${event.v.master} is master of ${event.v.broker}, epoch ${event.v.epoch}`, turn: true }
      case 'leads':
        return { who: event.p, what: `leads ${event.v.broker} in term ${event.v.term}`, turn: true }
      case 'committed':
        return this.committed(event)
      case 'ledgerCut':
        return { who: event.p, what: `cut the log at ${event.v.to}`, turn: true }
      case 'inSync':
        return { who: event.p, what: `in sync of ${event.v.broker}: ${event.v.set.join(', ')}`, turn: true }
      case 'presides':
        return { who: event.p, what: `leads the controllers in term ${event.v.term}`, turn: true }
      case 'role':
        return {
          who: event.p,
          what: `is ${event.v.role}${event.v.epoch === 0 ? '' : ` in epoch ${event.v.epoch}`}, with a log of ${event.v.end} bytes`,
          turn: true,
        }
      case 'acting':
        return { who: event.p, what: ACTING[event.v.as], turn: true }
      default:
        return this.life(event)
    }
  }

  private released({ p, v }: Released): Telling {
    const lateUs = v.nowUs - v.dueUs
    const when = lateUs < 0 ? `${showMs(-lateUs)} ms early` : `${showMs(lateUs)} ms late`
    const head = v.level === 0 ? `takes offset ${v.from} off the wheel, to` : `moves level ${v.level} offset ${v.from} to`
    const place = { topic: v.topic, queue: v.queue, offset: v.offset }
    return about(this.messages, p, { head, place, message: v.message, tail: `, ${when}` }, v.message, true)
  }

  private lock({ p, v }: LockTable): Telling | null {
    if (v.act === 'renewed') return null
    const client = v.client.replace(/@.*$/, '')
    const what = v.act === 'granted' ? `granted to ${client}` : v.act === 'released' ? `released by ${client}` : `of ${client} has expired`
    return { who: p, what: `lock of ${queueOf(v)} for ${v.group} ${what}`, turn: v.act === 'expired' }
  }

  private append({ p, v }: Append): Telling | null {
    this.messages.stored(p, v.at, v, v.message)
    if (this.messages.isSentinel(v.message) || isPopLog(v.topic)) return null
    this.waiting.set(p, [...(this.waiting.get(p) ?? []), v.at + v.size])
    if (v.topic === TRACE_TOPIC) return { who: p, what: 'append traces', turn: false }
    if (v.message <= 0 && v.topic === TIMER_TOPIC)
      return { who: p, what: `append ${TIMER_TOPIC}:0@${v.offset}, which recalls a message`, turn: false }
    if (v.message <= 0) return { who: p, what: 'append the record that halves have ended', turn: false }
    const again = v.half && this.halves.has(v.message) ? ' again' : ''
    if (v.half) this.halves.add(v.message)
    const place = { topic: v.topic, queue: v.queue, offset: v.offset }
    return about(this.messages, p, { head: `append${v.half ? ` half${again}` : ''}`, place, message: v.message, tail: '' }, v.message)
  }

  private copied({ p, v }: Copied): Telling | null {
    if (this.messages.isSentinel(v.message) || !this.topics.has(v.topic)) return null
    const place = { topic: v.topic, queue: v.queue, offset: v.offset }
    return about(this.messages, p, { head: 'copy', place, message: v.message, tail: '' }, v.message)
  }

  private committed({ p, v }: Committed): Telling | null {
    if (this.messages.isSentinel(v.message) || !this.topics.has(v.topic)) return null
    const place = { topic: v.topic, queue: v.queue, offset: v.offset }
    return about(this.messages, p, { head: 'commit', place, message: v.message, tail: '' }, v.message)
  }

  private force(broker: string, to: number): Telling | null {
    const waiting = this.waiting.get(broker) ?? []
    if (!waiting.some((end) => end <= to)) return null
    this.waiting.set(
      broker,
      waiting.filter((end) => end > to),
    )
    return latest(broker, { head: 'force up to', subject: '', text: String(to) })
  }

  /** Downs and ups, and what recovery found; the first start of a node is no news. */
  private life(event: WhiteEvent): Telling | null {
    const here = (what: string): Telling => ({ who: event.p, what, turn: true })
    if (event.f === 'down') this.fallen.add(event.p)
    if (!this.fallen.has(event.p)) return null
    switch (event.f) {
      case 'up':
        return here('up')
      case 'down':
        return this.felledAt === `${event.p} ${event.t}` ? null : here('down')
      case 'recovered':
        return here(this.recovered(event))
      case 'copyRecovered':
        return here(`recover the log up to ${event.v.end}`)
      case 'recoveredQueue':
        return this.topics.has(event.v.topic) ? here(`recover ${queueOf(event.v)} as ${event.v.min}..${event.v.max}`) : null
      default:
        return null
    }
  }

  private recovered({ p, v }: Recovered): string {
    this.waiting.set(
      p,
      (this.waiting.get(p) ?? []).filter((end) => end <= v.end),
    )
    return `recover the log up to ${v.end}${v.clean ? ', after a clean stop' : ''}`
  }
}
