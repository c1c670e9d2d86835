/**
 * RTY-1: what a group has failed on comes again to that group alone, as the message that it was, and for the k-th time not before the delay of
 * the k-th retry has passed since the group failed on it: whoever sends a message back does so after its listener has failed. What was popped comes
 * again by itself, and when it may is ALO-3's to say.
 */
import type { ConsumeFail, ConsumeInvoke, Event, Expire, Header } from '../history/event.ts'
import { ms, seconds, type Us } from '../plan/units.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { eventAt, replaced } from './edit.ts'
import { Enough } from './enough.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { placeFacts, showPlace } from './per-queue.ts'
import { popping } from './groups.ts'
import { nothingComesAgain, sendingBack } from './retries.ts'

/** Brokers count time in whole milliseconds. */
const GRAIN: Us = ms(1)

/** It came as what was sent back does: the broker may have taken it for another. */
const RETURNED = { returned: true }

/** What a group did with a message. */
interface Failing {
  /** When the group first failed on it after so many failures. */
  readonly since: Us[]
  /** Where it was given from. */
  readonly places: Set<string>
  msgId: string | undefined
  /** It was worked on for too long, and sent back for that. */
  expired: boolean
}

class Rty1 implements Judge {
  /** A message that could have come again too early, or has come where it must not; null: it could have come as another. */
  first: { readonly index: number; readonly latest: Us | null } | null = null
  private readonly header: Header
  private readonly ledger: Ledger
  private readonly groups: ReadonlyMap<string, number>
  /** What these are given again nobody has sent back: it has no schedule. */
  private readonly popping: ReadonlySet<string>
  private chances = 0
  /** process and place → how often the group had failed on the message that was given there. */
  private readonly attempts = new Map<string, number>()
  private readonly failing = new Map<string, Failing>()
  private readonly anomalies = new Enough()

  constructor(header: Header, ledger: Ledger) {
    this.header = header
    this.ledger = ledger
    this.groups = sendingBack(header)
    this.popping = popping(header)
  }

  on(event: Event): void {
    if (event.type === 'invoke' && event.f === 'consume') {
      if (this.groups.has(event.v.group)) this.delivered(event)
      else if (this.popping.has(event.v.group)) this.popped(event)
    } else if (event.type === 'fail' && event.f === 'consume') this.failed(event)
    else if (event.type === 'info' && event.f === 'expire') this.expired(event)
  }

  /** RMQ-100: it comes again as what was failed on does, but always by the first delay. */
  private expired(event: Expire): void {
    this.of(event.v).expired = true
    this.failed(event)
  }

  private of({ group, message }: { readonly group: string; readonly message: number }): Failing {
    const key = `${group} ${message}`
    let known = this.failing.get(key)
    if (known === undefined) this.failing.set(key, (known = { since: [], places: new Set(), msgId: undefined, expired: false }))
    return known
  }

  /** Failures only add up: who has failed for the third time has done so for the second. */
  private failed({ type, p, t, v }: ConsumeFail | Expire): void {
    const delivery = `${p} ${v.group} ${showPlace(v)} ${v.message}`
    const last = this.attempts.get(delivery)
    if (last === undefined) return
    const { since } = this.of(v)
    for (let attempt = 0; attempt <= last; attempt++) since[attempt] ??= t
    // Where nobody takes it back, it waits to be run again with one failure more, and can be given up on top of that.
    if (type === 'fail') this.attempts.set(delivery, last + 1)
  }

  private delivered(event: ConsumeInvoke): void {
    const { v } = event
    this.attempts.set(`${event.p} ${v.group} ${showPlace(v)} ${v.message}`, v.attempt)
    const known = this.of(v)
    const isNew = !known.places.has(showPlace(v))
    known.places.add(showPlace(v))
    const owner = this.ledger.ownTopics.retriesOf(v.topic)
    if (owner !== null) {
      // What could not be sent back is run again where it is.
      if (!isNew) return
      this.chances++
      if (owner !== v.group) this.report(event, 'unearned', `came to ${v.group} from the retry topic of another group`)
      this.unchanged(event, known)
      this.judgeTime(event, known)
    } else if (this.ledger.ownTopics.deadLettersOf(v.topic) !== null) {
      // Who reads dead letters is told how often another group has failed on them.
      known.msgId ??= v.msgId
    } else if (v.attempt > 0 && isNew) {
      // A copy for everybody: what is run again without having been sent back is run again at a place that the group knows.
      this.chances++
      this.first ??= { index: this.ledger.seq, latest: event.t }
      this.report(event, 'unearned', `came to ${v.group} as retry ${v.attempt}, and not from its retry topic`)
    } else if (v.attempt > 0 && known.since.length === 0) {
      this.report(event, 'unearned', `came again to ${v.group}, which has never failed on it`)
    }
    known.msgId ??= v.msgId
  }

  private popped(event: ConsumeInvoke): void {
    const { v } = event
    const known = this.of(v)
    const owner = this.ledger.ownTopics.retriesOf(v.topic)
    if (owner !== null) {
      this.chances++
      this.first ??= { index: this.ledger.seq, latest: null }
      if (owner !== v.group) this.report(event, 'unearned', `came to ${v.group} from the retry topic of another group`)
      this.unchanged(event, known)
    }
    known.msgId ??= v.msgId
  }

  private unchanged(event: ConsumeInvoke, known: Failing): void {
    const { v } = event
    const sent = this.ledger.sends.get(v.message)
    const content = sent !== undefined && sent.digest !== v.digest
    if (!content && (known.msgId === undefined || v.msgId === undefined || known.msgId === v.msgId)) return
    this.report(event, 'changed', `came again to ${v.group} with another ${content ? 'content' : 'msgId'}`)
  }

  private judgeTime(event: ConsumeInvoke, { since, expired }: Failing): void {
    const { v, t } = event
    const delay = this.delayOf(v.attempt, expired)
    if (v.attempt < 1 || delay === undefined) return
    const failedAt = since[v.attempt - 1]
    if (failedAt === undefined)
      return this.report(
        event,
        'unearned',
        `came as retry ${v.attempt}, though ${v.group} has failed on it ${since.length} times`,
        RETURNED,
      )
    this.first ??= { index: this.ledger.seq, latest: failedAt + delay - GRAIN - 1 }
    if (t - failedAt >= delay - GRAIN) return
    this.report(
      event,
      'early',
      `waits ${delay / seconds(1)} s for retry ${v.attempt}, and came to ${v.group} after ${(t - failedAt) / seconds(1)} s`,
      RETURNED,
    )
  }

  private delayOf(attempt: number, expired: boolean): Us | undefined {
    const { delaysUs = [] } = this.header.retries ?? {}
    const own = delaysUs[attempt - 1]
    return own === undefined || !expired ? own : Math.min(own, delaysUs[0] ?? 0)
  }

  private report(event: ConsumeInvoke, name: string, what: string, facts: Anomaly['facts'] = {}): void {
    const { v } = event
    this.anomalies.add({
      guarantee: 'RTY-1',
      name,
      summary: `${this.ledger.names.of(v.message)} (${showPlace(v)}) ${what}`,
      t: event.t,
      facts: { group: v.group, message: v.message, ...placeFacts(v), attempt: v.attempt, broker: v.broker ?? '', ...facts },
      events: [event.i],
    })
  }

  end(): Findings {
    const found = this.first === null ? null : evidence(this.chances, () => 'a message that a group had failed on came again')
    return { anomalies: this.anomalies.found, evidence: found }
  }
}

const isDelivery = (event: Event): event is ConsumeInvoke => event.type === 'invoke' && event.f === 'consume'

export const rty1: Checker = checker(
  'RTY-1',
  ['consume'],
  ['invoke consume', 'fail consume', 'info expire'],
  (header, ledger) => new Rty1(header, ledger),
  ({ first }, events) => {
    if (first === null) throw new Error('evidence without a chance')
    const event = eventAt(events, first.index, isDelivery)
    if (first.latest !== null) return replaced(events, first.index, { ...event, t: first.latest })
    return replaced(events, first.index, { ...event, v: { ...event.v, digest: event.v.digest + 1 } })
  },
  nothingComesAgain,
)
