/**
 * Says one event in one line, or hides it: sentinels, the auditor's single pulls, commits that repeat themselves and what happens while
 * a cluster boots are true but tell no story.
 */
import type {
  Assign,
  Attempt,
  ChurnEvent,
  ClientEvent,
  Commit,
  Effect,
  Event,
  FaultEvent,
  Lock,
  PhaseEvent,
  ResetOffset,
  Revoke,
  Route,
  Share,
  Unlock,
  WhiteEvent,
} from '../history/event.ts'
import { endsOf, faultEnd, sideOf, type Fault } from '../plan/faults.ts'
import type { Redirect } from '../history/replicas.ts'
import type { Subscribe } from '../history/subscribing.ts'
import { showProperties } from '../plan/labels.ts'
import type { Plan } from '../plan/plan.ts'
import { showMs } from '../plan/units.ts'
import { AUDITOR, SENTINEL } from '../plan/script.ts'
import { listed } from './describe.ts'
import { BrokerVoice } from './broker-voice.ts'
import { describeDelay, showFields } from './fields.ts'
import { NODE_FAULTS, verbOf } from './forms.ts'
import type { Messages } from './messages.ts'
import { tellPop } from './pop-voice.ts'
import { tellAsked } from './query-voice.ts'
import { tellSendBack } from './return-voice.ts'
import { isAboutRouting, TableVoice } from './table-voice.ts'
import { about, latest, partsText, queueOf, type Telling } from './telling.ts'

const PHASES = {
  heal: 'the faults are over',
  drained: 'drained',
  fresh: 'fresh clients take over',
  stuck: 'not drained',
  broken: 'the source misbehaved',
} as const
const ASSIGNED = { stored: 'the stored offset', none: 'nothing stored', corrected: 'corrected by the broker' } as const
const RESIZED = { invoke: '', ok: ': done', info: ': perhaps', fail: ': left at that' } as const
const CREATED = { invoke: '', ok: ': done', info: ': perhaps' } as const

/** What a history calls that on which a fault acts. */
const isSubject = (fault: Fault, on: string): boolean => {
  if (!('peer' in fault)) return fault.on === on
  const [from = '', to = ''] = endsOf(on)
  return sideOf(fault).includes(from) && (fault.peer === to || (sideOf(fault).length > 1 && fault.peer === '*'))
}

const placesTo = (from: number, to: number): string => (to - from === 1 ? `offset ${from}` : `offsets ${from} to ${to - 1}`)

/** Whoever starts again has turned to nobody yet. */
const ENDS_A_PROCESS: readonly string[] = ['processKill', 'gracefulRestart', 'powerLoss', 'diskLoss', 'promotion']

export class Narrator {
  private readonly messages: Messages
  private readonly plan: Plan
  private readonly inside: BrokerVoice
  /** The only broker, or null: then events don't say to which one a client speaks. */
  private readonly broker: string | null
  /** consumer → queue → whom its process has turned to. */
  private readonly reads = new Map<string, Map<string, string>>()
  private readonly tables: TableVoice | null
  private readonly audited = new Map<string, number[]>()
  /** Where a consumer is going. */
  private sought: { readonly p: string; readonly queue: string } | null = null
  /** Something was told already: the cluster has booted. */
  private begun = false

  constructor(messages: Messages, plan: Plan) {
    this.messages = messages
    this.plan = plan
    this.inside = new BrokerVoice(messages, plan)
    this.tables = isAboutRouting(plan) ? new TableVoice() : null
    this.broker = plan.cluster.brokers.length === 1 ? (plan.cluster.brokers[0] ?? null) : null
  }

  tell(event: Event): Telling | null {
    const told = this.lineOf(event)
    if (told !== null) this.begun = true
    return told
  }

  private lineOf(event: Event): Telling | null {
    switch (event.type) {
      case 'fault':
        this.inside.hears(event)
        return this.fault(event)
      case 'phase':
        return this.phase(event)
      case 'white':
        return event.f === 'lock' && !this.begun ? null : (this.table(event) ?? this.inside.tell(event))
      default:
        return this.client(event)
    }
  }

  private to(client: string, broker = this.broker): string {
    return broker === null ? client : `${client} → ${broker}`
  }

  private from(client: string, broker = this.broker): string {
    return broker === null || broker === '' ? client : `${broker} → ${client}`
  }

  private redirect({ p, v }: Redirect): Telling {
    this.reads.set(p, new Map(this.reads.get(p)).set(queueOf(v), v.broker))
    return { who: p, what: `turns to ${v.broker} for ${queueOf(v)}`, turn: false }
  }

  private toBroker(event: ClientEvent, what: string): Telling {
    return { who: this.to(event.p), what, turn: false }
  }

  /** A fault that lies in wait, such as a failing force, is an event when it first changes something. */
  private fault(event: FaultEvent): Telling {
    if (ENDS_A_PROCESS.includes(event.kind)) this.reads.delete(event.on)
    const verb = verbOf(event.kind)
    if (event.where !== undefined) return { who: event.on, what: `${verb} ${event.where}`, turn: true }
    const said = (what: string): Telling => ({ who: event.on, what: `${what}${event.effective ? '' : ': no effect'}`, turn: true })
    const own = this.plan.faults.filter((fault) => fault.kind === event.kind && isSubject(fault, event.on))
    const planned = own.find((fault) => fault.atUs === event.t)
    const lying = own.some((fault) => fault.atUs < event.t && event.t <= faultEnd(fault))
    if (planned === undefined) return said(lying ? `${verb} takes effect` : verb)
    return said([verb, ...('peer' in planned ? [] : showFields(planned, NODE_FAULTS[planned.kind]))].join(' '))
  }

  private phase(event: PhaseEvent): Telling | null {
    if (event.phase === 'end') return null
    return { who: '', what: `${PHASES[event.phase]}${event.note === '' ? '' : `: ${event.note}`}`, turn: true }
  }

  private client(event: ClientEvent): Telling | null {
    switch (event.f) {
      case 'send':
        return this.send(event)
      case 'attempt':
        return this.attempt(event)
      case 'consume':
        return this.consume(event)
      case 'sendBack':
        return tellSendBack(this.messages, event, this.to(event.p, event.v.broker), this.from(event.p, event.v.broker))
      case 'expire':
        return {
          who: event.p,
          what: `gives up ${this.messages.name(event.v.message)} of ${event.v.group}, which it has worked on for too long`,
          turn: true,
        }
      case 'commit':
        return this.commit(event)
      case 'ack':
      case 'hide':
        return tellPop(this.messages, event, this.to(event.p), this.from(event.p))
      case 'assign':
        return this.assign(event)
      case 'poll':
        return this.poll(event)
      case 'revoke':
        return this.revoke(event)
      case 'redirect':
        return this.redirect(event)
      case 'lock':
      case 'unlock':
        return this.lock(event)
      case 'pull':
      case 'audit':
      case 'replicaPull':
      case 'replicaAudit':
        return this.audit(event)
      case 'local':
        return { who: event.p, what: `local transaction of ${this.messages.name(event.op)}: ${event.v.outcome}`, turn: false }
      case 'endTxn':
        return this.toBroker(event, `${event.v.outcome} ${this.messages.name(event.op)}${event.v.fromCheck ? ' (asked)' : ''}`)
      case 'check':
        return { who: this.from(event.p), what: `what became of ${this.messages.name(event.op)}? ${event.v.answer}`, turn: false }
      case 'route':
        return this.route(event)
      case 'effect':
        return this.effect(event)
      case 'subscribe':
        return this.subscribe(event)
      case 'share':
        return this.share(event)
      case 'churn':
        return this.churn(event)
      case 'resetOffset':
        return this.reset(event)
      case 'query':
      case 'lag':
      case 'trace':
      case 'recall':
        return tellAsked(this.messages, event)
      case 'createTopic':
        return this.toBroker(event, `create topic ${event.v.topic} with ${event.v.queues} queues${CREATED[event.type]}`)
      case 'resize':
        return this.resize(event)
      case 'wipeWritePerm':
        return this.toBroker(event, `nobody is to write ${event.v.topic} at ${event.v.broker}${RESIZED[event.type]}`)
    }
  }

  private resize(event: ClientEvent & { f: 'resize' }): Telling {
    const { topic, brokers, readQueues, writeQueues, drained, barrier = false } = event.v
    const until = barrier ? ' once every group has read as far as it goes now' : drained ? ' once every group is through' : ''
    const wait = event.type === 'invoke' ? until : ''
    const what = `read ${readQueues} and write ${writeQueues} queues of ${topic}${wait}${RESIZED[event.type]}`
    return { who: this.to(event.p, this.broker ?? listed(brokers)), what, turn: true }
  }

  /** A consumer that moves its group has gone elsewhere itself, which takes no time: what it takes up then is no correction. */
  private seek({ p, v }: ResetOffset & { type: 'invoke' }): Telling {
    this.sought = { p, queue: v.queue }
    return { who: p, what: `goes to ${v.topic}:${v.queue}@${v.offset}`, turn: true }
  }

  private reset(event: ResetOffset): Telling | null {
    if (!this.plan.cluster.producers.includes(event.p)) return event.type === 'invoke' ? this.seek(event) : null
    const head = `reset ${event.v.group} in ${queueOf(event.v)}`
    if (event.type === 'info') return { who: event.p, what: `${head}: perhaps`, turn: true }
    if (event.type === 'ok') return { who: this.from(event.p), what: `${head}: goes on at ${event.v.offset}`, turn: true }
    const { offset, timestampUs } = event.v
    const to = offset >= 0 ? `to ${offset}` : timestampUs >= 0 ? `to ${showMs(timestampUs)}` : 'to the end'
    return { who: this.to(event.p), what: `${head} ${to}`, turn: true }
  }

  /** A poll is told where the configuration records them. */
  private poll(event: ClientEvent & { f: 'poll' }): Telling | null {
    const { topic, queue, offset } = event.v
    if (event.type === 'invoke')
      return { who: this.to(event.p), what: `poll ${topic}:${queue}@${offset} for ${event.v.group}`, turn: false }
    if (event.type === 'info') return { who: event.p, what: `poll ${topic}:${queue}@${offset}: ${event.v.reason}`, turn: true }
    const { status, next } = event.v
    return { who: this.from(event.p), what: `${status} ${topic}:${queue}@${offset}, next ${next}`, turn: false }
  }

  /** NameServers are worth a line where there is more than one process to route to, or to ask. */
  private table(event: WhiteEvent): Telling | null {
    const what = this.tables?.tell(event) ?? null
    return what === null || !this.begun ? null : { who: event.p, what, turn: true }
  }

  private route({ p, v }: Route): Telling | null {
    if (this.tables === null || !this.begun || p === SENTINEL || p === AUDITOR) return null
    return { who: `${v.nameserver} → ${p}`, what: `${v.topic} is at ${v.brokers.join(', ')}`, turn: true }
  }

  private commit({ p, v }: Commit): Telling | null {
    const subject = queueOf(v)
    const said = this.inside.repeated(`commit ${p} ${v.group} ${subject}`, String(v.offset))
    if (said || this.messages.isBehindSentinel(v)) return null
    return latest(this.to(p), { head: `commit ${v.group}`, subject, text: `${subject} → ${v.offset}` })
  }

  /** At boot every queue is taken up from its start: the setup says so. After a correction the consumer commits what it was given. */
  private assign({ p, v }: Assign): Telling | null {
    if (!this.begun && v.from === 'none' && v.offset === 0) return null
    if (v.from === 'corrected') this.inside.repeated(`commit ${p} ${v.group} ${queueOf(v)}`, String(v.offset))
    const isSought = v.from === 'corrected' && this.sought?.p === p && this.sought.queue === v.queue
    this.sought = null
    if (isSought) return null
    const place = { topic: v.topic, queue: v.queue, offset: v.offset }
    const skipped = v.asked === undefined ? '' : `, past ${placesTo(v.asked, v.offset)}`
    const part = { head: 'takes up', place, message: null, tail: ` for ${v.group} (${ASSIGNED[v.from]}${skipped})` }
    return { who: p, what: partsText([part], this.messages), turn: true, fold: { sort: `${p}\n${part.tail}`, part } }
  }

  private revoke({ p, v }: Revoke): Telling | null {
    if (!this.begun) return null
    const place = { topic: v.topic, queue: v.queue, offset: v.offset }
    const part = { head: 'gives up', place, message: null, tail: ` of ${v.group}` }
    return { who: p, what: partsText([part], this.messages), turn: true, fold: { sort: `${p}\n${part.head}`, part } }
  }

  /** What the consumer is told; a renewal, and a refusal after another, are no news. */
  private lock({ f, type, p, v }: Lock | Unlock): Telling | null {
    const said = f === 'unlock' ? 'unlocks' : type === 'ok' ? 'holds the lock of' : 'is refused the lock of'
    if (this.inside.repeated(`lock ${p} ${v.group} ${queueOf(v)}`, said) || !this.begun) return null
    return { who: f === 'unlock' ? this.to(p) : p, what: `${said} ${queueOf(v)} for ${v.group}`, turn: type === 'fail' }
  }

  private send(event: ClientEvent & { f: 'send' }): Telling | null {
    const message = event.op
    if (event.p === SENTINEL || this.messages.isSentinel(message)) return null
    const line = (who: string, head: string, tail = '', turn = false): Telling =>
      about(this.messages, who, { head, place: null, message, tail }, message, turn)
    switch (event.type) {
      case 'invoke': {
        const { topic, queue, mode, half, batch, key = '', tag = '', properties, delay } = event.v
        const how = `${half ? ' half' : ''}${batch === undefined ? '' : ' in a batch to'}${mode === 'sync' ? '' : ` ${mode}`}`
        const says = `${tag === '' ? '' : `, tagged ${tag}`}${properties === undefined ? '' : `, with ${showProperties(properties)}`}`
        const about = `${key === '' ? '' : ` for ${key}`}${says}${delay === undefined ? '' : `, ${describeDelay(delay)}`}`
        return line(this.to(event.p), `send${how} ${topic}${queue === null ? '' : `:${queue}`}`, about)
      }
      case 'ok': {
        const { topic, queue, offset } = event.v
        const part = { head: 'SEND_OK', place: { topic, queue, offset }, message, tail: '' }
        return about(this.messages, this.from(event.p, event.v.broker), part, message)
      }
      case 'info':
        return line(event.p, event.v.status, ': it may be stored or not', true)
      case 'fail':
        return line(event.p, event.v.reason, ': not stored', true)
    }
  }

  /** The first attempt is what a send is; the others are turns of its story. */
  private attempt({ p, op, v }: Attempt): Telling | null {
    if (v.attempt === 1 || this.messages.isSentinel(op)) return null
    const where = `${v.topic}:${v.queue}`
    return about(
      this.messages,
      this.to(p, v.broker),
      { head: `attempt ${v.attempt} at ${where} of`, place: null, message: op, tail: `, after ${v.after}` },
      op,
      true,
    )
  }

  private consume(event: ClientEvent & { f: 'consume' }): Telling | null {
    const { topic, queue, offset, message } = event.v
    if (this.messages.isSentinel(message)) return null
    const line = (who: string, head: string, tail = '', turn = false): Telling =>
      about(this.messages, who, { head, place: { topic, queue, offset }, message, tail }, message, turn)
    switch (event.type) {
      case 'invoke': {
        const again = event.v.attempt > 0 ? `, attempt ${event.v.attempt + 1}` : ''
        const altered = this.messages.isAltered(message, event.v.digest) ? ', but altered' : ''
        const reads = this.reads.get(event.p)?.get(queueOf(event.v)) ?? this.broker
        return line(this.from(event.p, reads), 'deliver', `${again}${altered}`, again !== '' || altered !== '')
      }
      case 'ok':
        return line(event.p, 'consumed')
      case 'fail':
        return line(event.p, 'failed', '', true)
    }
  }

  /** A share that is no other than before is no news. */
  private share({ p, v }: Share): Telling | null {
    const mine = v.share.length === 0 ? 'nothing' : listed(v.share.map((queue) => `${v.topic}:${queue}`))
    const what = `has ${mine} by ${v.strategy} of ${v.queues.length}, as one of ${v.members.length} in ${v.group}`
    return this.inside.repeated(`share ${p} ${v.group} ${v.topic}`, what) ? null : { who: p, what, turn: true }
  }

  /** That a selector is taken is no news. */
  private subscribe({ type, p, v }: Subscribe): Telling | null {
    return type === 'ok'
      ? null
      : { who: this.from(p), what: `refuses ${v.group}${v.selector === '' ? '' : "'s selector"}: ${v.reason}`, turn: true }
  }

  private churn({ type, p, op, v }: ChurnEvent): Telling {
    this.reads.delete(p)
    const again = op === 0 ? ' again, since its group has nobody else' : ''
    return { who: p, what: `${v.act}${again}${type === 'ok' ? '' : ': no effect'}`, turn: true }
  }

  private effect({ p, v }: Effect): Telling | null {
    if (this.messages.isSentinel(v.message)) return null
    const tail = v.key === '' ? '' : ` for ${v.key}`
    return about(this.messages, p, { head: 'effect of', place: null, message: v.message, tail }, v.message, true)
  }

  private audit(event: ClientEvent & { f: 'pull' | 'audit' | 'replicaPull' | 'replicaAudit' }): Telling | null {
    const where = 'slave' in event.v ? ` of ${event.v.slave}` : ''
    const queue = `${queueOf(event.v)}${where}`
    if (event.f === 'pull' || event.f === 'replicaPull') {
      const seen = this.audited.get(queue)
      if (seen === undefined) this.audited.set(queue, [event.v.message])
      else seen.push(event.v.message)
      return null
    }
    if (event.type === 'fail') return { who: AUDITOR, what: `may not read ${queue}`, turn: true }
    const { min, max } = event.v
    const holds = this.messages.names(this.audited.get(queue) ?? [])
    return { who: AUDITOR, what: `reads ${queueOf(event.v)}@${min}..${max}${where}: ${holds === '' ? 'nothing' : holds}`, turn: true }
  }
}
