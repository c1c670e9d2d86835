/**
 * Says one event in one line, or hides it: sentinels, the auditor's single pulls, commits that repeat themselves and what happens while
 * a cluster boots are true but tell no story.
 */
import type { ClientEvent, Event, FaultEvent, PhaseEvent, Place, WhiteEvent } from '../history/event.ts'
import type { Plan } from '../plan/plan.ts'
import { AUDITOR, SENTINEL } from '../plan/script.ts'
import { listed } from './describe.ts'
import { showFields } from './fields.ts'
import { NODE_FAULTS, verbOf } from './forms.ts'
import type { Messages } from './messages.ts'

export interface Telling {
  readonly who: string
  readonly what: string
  /** A turn of the story: kept when a long run is cut short. */
  readonly turn: boolean
}

const placeOf = (place: Place): string => `${place.topic}:${place.queue}@${place.offset}`
const queueOf = (place: { topic: string; queue: number }): string => `${place.topic}:${place.queue}`
const PHASES = { heal: 'the faults are over', drained: 'drained', fresh: 'fresh clients take over', stuck: 'not drained' } as const
const ASSIGNED = { stored: 'the stored offset', none: 'nothing stored', corrected: 'corrected by the broker' } as const
const CREATED = { invoke: '', ok: ': done', info: ': perhaps' } as const
/** How many messages of a queue the auditor's line names. */
const NAMED = 8

export class Narrator {
  private readonly messages: Messages
  private readonly plan: Plan
  /** The only broker, or null: then events don't say to which one a client speaks. */
  private readonly broker: string | null
  /** The last thing said of a subject, so that it isn't said twice. */
  private readonly said = new Map<string, string>()
  private readonly fallen = new Set<string>()
  private readonly audited = new Map<string, string[]>()

  constructor(messages: Messages, plan: Plan) {
    this.messages = messages
    this.plan = plan
    this.broker = plan.cluster.brokers.length === 1 ? (plan.cluster.brokers[0] ?? null) : null
  }

  tell(event: Event): Telling | null {
    switch (event.type) {
      case 'fault':
        return this.fault(event)
      case 'phase':
        return this.phase(event)
      case 'white':
        return this.inside(event)
      default:
        return this.client(event)
    }
  }

  private repeated(subject: string, text: string): boolean {
    if (this.said.get(subject) === text) return true
    this.said.set(subject, text)
    return false
  }

  private to(client: string): string {
    return this.broker === null ? client : `${client} → ${this.broker}`
  }

  private from(client: string, broker = this.broker): string {
    return broker === null || broker === '' ? client : `${broker} → ${client}`
  }

  private toBroker(event: ClientEvent, what: string): Telling {
    return { who: this.to(event.p), what, turn: false }
  }

  private fault(event: FaultEvent): Telling {
    const planned = this.plan.faults.find((fault) => fault.kind === event.kind && fault.on === event.on && fault.atUs === event.t)
    const fields = planned === undefined || 'peer' in planned ? [] : showFields(planned, NODE_FAULTS[planned.kind])
    return { who: event.on, what: `${[verbOf(event.kind), ...fields].join(' ')}${event.effective ? '' : ': no effect'}`, turn: true }
  }

  private phase(event: PhaseEvent): Telling | null {
    if (event.phase === 'end') return null
    return { who: '', what: `${PHASES[event.phase]}${event.note === '' ? '' : `: ${event.note}`}`, turn: true }
  }

  private client(event: ClientEvent): Telling | null {
    switch (event.f) {
      case 'send':
        return this.send(event)
      case 'consume':
        return this.consume(event)
      case 'commit': {
        const what = `commit ${event.v.group} ${queueOf(event.v)} → ${event.v.offset}`
        if (this.repeated(`commit ${event.p} ${event.v.group} ${queueOf(event.v)}`, what)) return null
        return this.toBroker(event, what)
      }
      case 'assign':
        return { who: event.p, what: `takes up ${placeOf(event.v)} for ${event.v.group} (${ASSIGNED[event.v.from]})`, turn: true }
      case 'pull':
      case 'audit':
        return this.audit(event)
      case 'local':
        return { who: event.p, what: `local transaction of ${this.messages.name(event.op)}: ${event.v.outcome}`, turn: false }
      case 'endTxn':
        return this.toBroker(event, `${event.v.outcome} ${this.messages.name(event.op)}${event.v.fromCheck ? ' (asked)' : ''}`)
      case 'check':
        return { who: this.from(event.p), what: `what became of ${this.messages.name(event.op)}? ${event.v.answer}`, turn: false }
      case 'createTopic':
        return this.toBroker(event, `create topic ${event.v.topic} with ${event.v.queues} queues${CREATED[event.type]}`)
    }
  }

  private send(event: ClientEvent & { f: 'send' }): Telling | null {
    if (event.p === SENTINEL || this.messages.isSentinel(event.op)) return null
    const name = this.messages.name(event.op)
    switch (event.type) {
      case 'invoke': {
        const { topic, queue, mode, half } = event.v
        const how = `${half ? ' half' : ''}${mode === 'sync' ? '' : ` ${mode}`}`
        return this.toBroker(event, `send${how} ${topic}${queue === null ? '' : `:${queue}`} ${name}`)
      }
      case 'ok':
        return { who: this.from(event.p, event.v.broker), what: `SEND_OK ${placeOf(event.v)} ${name}`, turn: false }
      case 'info':
        return { who: event.p, what: `${event.v.status} ${name}: it may be stored or not`, turn: true }
      case 'fail':
        return { who: event.p, what: `${event.v.reason} ${name}: not stored`, turn: true }
    }
  }

  private consume(event: ClientEvent & { f: 'consume' }): Telling | null {
    if (this.messages.isSentinel(event.v.message)) return null
    const what = `${placeOf(event.v)} ${this.messages.name(event.v.message)}`
    switch (event.type) {
      case 'invoke': {
        const again = event.v.attempt > 0 ? `, attempt ${event.v.attempt + 1}` : ''
        return { who: this.from(event.p), what: `deliver ${what}${again}`, turn: again !== '' }
      }
      case 'ok':
        return { who: event.p, what: `consumed ${what}`, turn: false }
      case 'fail':
        return { who: event.p, what: `failed ${what}`, turn: true }
    }
  }

  private audit(event: ClientEvent & { f: 'pull' | 'audit' }): Telling | null {
    const queue = queueOf(event.v)
    if (event.f === 'pull') {
      const seen = this.audited.get(queue)
      if (seen === undefined) this.audited.set(queue, [this.messages.name(event.v.message)])
      else seen.push(this.messages.name(event.v.message))
      return null
    }
    const seen = this.audited.get(queue) ?? []
    const { min, max } = event.v
    const holds = seen.length > NAMED ? `${seen.length} messages` : listed(seen)
    return { who: AUDITOR, what: `reads ${queue}@${min}..${max}: ${holds === '' ? 'nothing' : holds}`, turn: true }
  }

  private inside(event: WhiteEvent): Telling | null {
    const here = (what: string, turn = false): Telling => ({ who: event.p, what, turn })
    switch (event.f) {
      case 'append':
        this.messages.stored(event.p, event.v.at, event.v.message)
        if (this.messages.isSentinel(event.v.message)) return null
        return here(`append${event.v.half ? ' half' : ''} ${placeOf(event.v)} ${this.messages.name(event.v.message)}`)
      case 'dispatch': {
        const message = this.messages.at(event.p, event.v.at)
        return message !== undefined && this.messages.isSentinel(message) ? null : here(`dispatch ${placeOf(event.v)}`)
      }
      case 'force':
        return this.repeated(`force ${event.p}`, String(event.v.to)) ? null : here(`force up to ${event.v.to}`)
      case 'storedOffset': {
        if (!event.v.durable) return null
        const what = `progress of ${event.v.group} on disk: ${placeOf(event.v)}`
        return this.repeated(`progress ${event.p} ${event.v.group} ${queueOf(event.v)}`, what) ? null : here(what)
      }
      case 'endedTxn':
        return here(`${this.messages.name(event.v.message)} ended: ${event.v.outcome}`)
      case 'discarded':
        return here(`gives up on ${this.messages.name(event.v.message)} after ${event.v.checks} checks`, true)
      default:
        return this.life(event)
    }
  }

  /** Downs and ups, and what recovery found; the first start of a node is no news. */
  private life(event: WhiteEvent): Telling | null {
    const here = (what: string): Telling => ({ who: event.p, what, turn: true })
    if (event.f === 'down') this.fallen.add(event.p)
    if (!this.fallen.has(event.p)) return null
    switch (event.f) {
      case 'up':
      case 'down':
        return here(event.f)
      case 'recovered':
        return here(`recover the log up to ${event.v.end}${event.v.clean ? ', after a clean stop' : ''}`)
      case 'recoveredQueue':
        if (!this.plan.cluster.topics.some((topic) => topic.name === event.v.topic)) return null
        return here(`recover ${queueOf(event.v)} as ${event.v.min}..${event.v.max}`)
      default:
        return null
    }
  }
}
