/**
 * ACL-1: denied means no effect. What an account may not do, by its signature, its address and its policies, is not done: no message of it is stored, none is
 * shown to it, nothing obeys it. What it may do is not refused.
 */
import { accountOf, deniedTo, mayRead, type Account, type Wish } from '../plan/access.ts'
import type {
  Append,
  ConsumeInvoke,
  CreateTopic,
  Event,
  Header,
  Pull,
  Reset,
  ResetOffset,
  Resize,
  SendFail,
  SendInvoke,
  SendOk,
} from '../history/event.ts'
import type { Lag, Query } from '../history/queries.ts'
import type { Subscribe } from '../history/subscribing.ts'
import type { Checker, Findings, Judge } from './checker.ts'
import { eventAt, replaced } from './edit.ts'
import { Enough } from './enough.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'

const REFUSED = 'NO_PERMISSION'

class Acl1 implements Judge {
  /** A send, or a group, that was denied and came to nothing. */
  first: number | null = null
  private readonly ledger: Ledger
  private readonly accounts: readonly Account[]
  /** Groups that may not read what they want, and those that may. */
  private readonly shutOut: ReadonlySet<string>
  private readonly denied = new Map<number, SendInvoke>()
  private readonly allowed = new Set<number>()
  /** Queues of groups that somebody wanted to move: an account that may not, or null once anybody has asked who may. */
  private readonly movers = new Map<string, string | null>()
  private readonly told = new Set<string>()
  private chances = 0
  private readonly anomalies = new Enough()

  constructor({ access }: Header, ledger: Ledger) {
    this.ledger = ledger
    this.accounts = access?.accounts ?? []
    this.shutOut = new Set((access?.groups ?? []).filter((group) => !mayRead(this.accounts, group)).map(({ name }) => name))
  }

  on(event: Event): void {
    if (event.type === 'white') {
      if (event.f === 'append') this.shown(event)
      else if (event.f === 'reset') this.moved(event)
    } else if (event.type === 'invoke') {
      if (event.f === 'send') this.sent(event)
      else if (event.f === 'consume') this.delivered(event)
      else if (event.f === 'resetOffset') this.wantsReset(event)
    } else if (event.type === 'ok' || event.type === 'fail') {
      if (event.f === 'send') this.ended(event)
      else if (event.f === 'query') this.answered(event)
      else if (event.f === 'createTopic') this.created(event)
      else if (event.f === 'resize') this.resized(event)
      else if (event.f === 'lag') this.toldLag(event)
      else if (event.f === 'subscribe') this.subscribed(event)
      else if (event.f === 'pull') this.shown(event)
    }
  }

  /** Why this client may not, or null. */
  private denies(client: string, wish: Wish): string | null {
    const account = accountOf(this.accounts, client)
    return account === undefined ? null : deniedTo(account, [wish])
  }

  private sent(send: SendInvoke): void {
    if (accountOf(this.accounts, send.p) === undefined) return
    if (this.denies(send.p, { kind: 'topic', name: send.v.topic, action: 'Pub' }) === null) this.allowed.add(send.op)
    else this.denied.set(send.op, send)
  }

  private ended(event: SendOk | SendFail): void {
    const send = this.denied.get(event.op)
    if (event.type === 'ok') {
      if (send !== undefined) this.report('accepted', event, send.p, `${this.name(event.op)} was acknowledged, and ${this.why(send)}`)
      return
    }
    if (event.v.reason !== REFUSED) return
    if (send !== undefined) this.chance()
    else if (this.allowed.has(event.op))
      this.report('refused', event, event.p, `${this.name(event.op)} was refused, and ${event.p} may send to its topic`)
  }

  private why(send: SendInvoke): string {
    return `${send.p} may not send it: ${this.denies(send.p, { kind: 'topic', name: send.v.topic, action: 'Pub' }) ?? ''}`
  }

  /** What was denied is nowhere: not in a log, where that can be seen, and not with anybody who reads. */
  private shown(event: Append | ConsumeInvoke | Pull): void {
    const send = this.denied.get(event.v.message)
    if (send !== undefined) this.report('stored', event, send.p, `${this.name(send.op)} is stored, and ${this.why(send)}`)
  }

  private delivered(event: ConsumeInvoke): void {
    const { group } = event.v
    this.shown(event)
    if (this.shutOut.has(group)) this.report('leaked', event, group, `${group} was given ${this.name(event.v.message)}, and may not read`)
  }

  private subscribed({ i, t, type, v }: Subscribe): void {
    if (type === 'ok' || !v.reason.startsWith(REFUSED)) return
    if (this.shutOut.has(v.group)) this.chance()
    else this.report('refused', { i, t }, v.group, `${v.group} was refused, and may read what it wants`)
  }

  private chance(): void {
    this.chances++
    this.first ??= this.ledger.seq
  }

  private answered(event: Query): void {
    if (event.type === 'invoke') return
    const { p } = event
    if (event.type === 'fail') {
      if (event.v.reason === REFUSED && accountOf(this.accounts, p) === undefined)
        this.report('refused', event, p, `${p} was refused a query`)
      return
    }
    const hidden = event.v.messages.find(({ message, topic }) => this.mayNotSee(p, this.ledger.sends.get(message)?.topic ?? topic))
    if (hidden !== undefined) this.report('leaked', event, p, `${p} found ${this.name(hidden.message)}, and may not look into its topic`)
  }

  /** What waits in an internal topic is of the topic to which it was sent. */
  private mayNotSee(client: string, topic: string): boolean {
    return this.denies(client, { kind: 'topic', name: topic, action: 'Get' }) !== null
  }

  private created(event: CreateTopic): void {
    const { p, v } = event
    if (event.type === 'ok' && this.denies(p, { kind: 'topic', name: v.topic, action: 'Create' }) !== null)
      this.report('obeyed', event, p, `${p} has created ${v.topic}, and may not`)
  }

  private resized({ i, t, type, p, v }: Resize): void {
    if (type === 'ok' && this.denies(p, { kind: 'topic', name: v.topic, action: 'Update' }) !== null)
      this.report('obeyed', { i, t }, p, `${p} has changed ${v.topic}, and may not`)
  }

  private toldLag({ i, t, type, p, v }: Lag): void {
    if (type === 'ok' && this.denies(p, { kind: 'group', name: v.group, action: 'Get' }) !== null)
      this.report('leaked', { i, t }, p, `${p} was told how far ${v.group} is, and may not know`)
  }

  private wantsReset({ p, v }: ResetOffset): void {
    const [place, may] = [placeOf(v), this.denies(p, { kind: 'group', name: v.group, action: 'Update' }) === null]
    if (may) this.movers.set(place, null)
    else if (!this.movers.has(place)) this.movers.set(place, p)
  }

  /** Whoever may have wanted it, nobody was allowed to. */
  private moved({ i, t, v }: Reset): void {
    const mover = this.movers.get(placeOf(v)) ?? null
    if (mover !== null) this.report('obeyed', { i, t }, mover, `${mover} has moved ${v.group} in ${v.topic}:${v.queue}, and may not`)
  }

  private name(message: number): string {
    return this.ledger.names.of(message)
  }

  private report(name: string, { i, t }: Pick<Event, 'i' | 't'>, account: string, summary: string): void {
    if (this.told.has(`${name} ${account}`)) return
    this.told.add(`${name} ${account}`)
    this.anomalies.add({ guarantee: 'ACL-1', name, summary, t, facts: { account }, events: [i] })
  }

  end(): Findings {
    return {
      anomalies: this.anomalies.found,
      evidence: evidence(this.chances, () => 'a send, or a group, was denied, and came to nothing'),
    }
  }
}

const placeOf = ({ group, topic, queue }: ResetOffset['v']): string => `${group} ${topic} ${queue}`

type Denial = SendFail | Subscribe
const isDenial = (event: Event): event is Denial => event.type === 'fail' && (event.f === 'send' || event.f === 'subscribe')

/** It was not denied at all: the send is acknowledged, the group given something. */
function undone({ i, t, p, op, ...denial }: Denial): SendOk | ConsumeInvoke {
  const place = { topic: '', queue: '', offset: -1 }
  return denial.f === 'send'
    ? { i, t, p, type: 'ok', f: 'send', op, v: { ...place, status: 'SEND_OK', broker: '', at: -1 } }
    : { i, t, p, type: 'invoke', f: 'consume', op, v: { ...place, group: denial.v.group, message: 0, digest: 0, attempt: 0 } }
}

export const acl1: Checker = checker(
  'ACL-1',
  ['send', 'consume'],
  [
    'invoke send',
    'ok send',
    'fail send',
    'invoke consume',
    'ok query',
    'fail query',
    'ok createTopic',
    'ok resize',
    'ok lag',
    'invoke resetOffset',
    'ok subscribe',
    'ok pull',
    'fail subscribe',
    'white append',
    'white reset',
  ],
  (header, ledger) => new Acl1(header, ledger),
  (judge, events) => {
    const index = judge.first ?? -1
    return replaced(events, index, undone(eventAt(events, index, isDenial)))
  },
  ({ access }) => (access === undefined ? 'nobody has an account' : null),
)
