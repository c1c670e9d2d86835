/**
 * FLT-2: a selector means what it means in RocketMQ. A group that brings one is given the messages for which it is true, and no other: null, and what can't
 * be compared, is not true. A selector that can't be parsed is refused when a consumer subscribes, and one that can be is not.
 */
import type { Event, Header } from '../history/event.ts'
import type { Subscribe } from '../history/subscribing.ts'
import { isPop } from '../plan/groups.ts'
import { showProperties } from '../plan/labels.ts'
import { SelectorError } from '../plan/selector/parse.ts'
import { conditionOf } from '../plan/subscription.ts'
import type { Anomaly, Checker, Drain, Findings } from './checker.ts'
import { replaced } from './edit.ts'
import { Filtered, type Subscribed, type Words } from './filtered.ts'
import { checker } from './judge.ts'
import type { Ledger } from './ledger.ts'

const WORDS: Words = {
  wish: ({ selector = '' }) => selector,
  labels: ({ seen }) => (Object.keys(seen).length === 0 ? 'without properties' : `with ${showProperties(seen)}`),
}

const selects = (group: Subscribed): boolean => group.selector !== undefined && !isPop(group)

/** Why a selector can't be meant, or null. */
function mistakeIn(selector: string): string | null {
  const condition = conditionOf(selector)
  return condition instanceof SelectorError ? condition.message : null
}

class Flt2 extends Filtered {
  /** The first answer to a subscription, and where it stands. */
  first: { readonly index: number; readonly answer: Subscribe } | null = null
  private readonly own: Ledger
  private answers = 0
  private readonly wrong: Anomaly[] = []

  constructor(header: Header, ledger: Ledger) {
    super('FLT-2', header, ledger, WORDS, selects)
    this.own = ledger
  }

  override on(event: Event): void {
    if ('f' in event && event.f === 'subscribe') this.answered(event)
    else super.on(event)
  }

  private answered(event: Subscribe): void {
    const { i, t, p, type, v } = event
    this.answers++
    this.first ??= { index: this.own.seq, answer: event }
    const mistake = mistakeIn(v.selector)
    if ((mistake === null) === (type === 'ok')) return
    const name = type === 'ok' ? 'accepted' : 'refused'
    const why = mistake === null ? `, which can be parsed: ${v.reason}` : `, although ${mistake}`
    const facts = { group: v.group, consumer: p }
    this.wrong.push({ guarantee: 'FLT-2', name, summary: `${p} of ${v.group} was ${name} with ${v.selector}${why}`, t, facts, events: [i] })
  }

  override end(drain: Drain): Findings {
    const found = super.end(drain)
    const evidence =
      found.evidence ??
      (this.first === null ? null : { chances: 0, example: `${this.first.answer.p} asked whether a broker takes its selector` })
    return {
      ...found,
      anomalies: [...this.wrong, ...found.anomalies],
      evidence: evidence === null ? null : { ...evidence, chances: evidence.chances + this.answers },
    }
  }

  /** Another answer to the first subscription, unless the one that it had is wrong already. */
  override spoilt(events: readonly Event[]): Event[] {
    if (this.first === null || this.wrong.length > 0) return super.spoilt(events)
    const { index, answer } = this.first
    return replaced(events, index, { ...answer, type: answer.type === 'ok' ? 'fail' : 'ok' })
  }
}

export const flt2: Checker = checker(
  'FLT-2',
  ['send', 'consume', 'pull'],
  ['invoke consume', 'invoke resetOffset', 'ok assign', 'ok subscribe', 'fail subscribe', 'info commit', 'white reset'],
  (header, ledger) => new Flt2(header, ledger),
  (judge, events) => judge.spoilt(events),
  ({ groups }) => (groups.some(selects) ? null : 'no group brings a selector'),
)
