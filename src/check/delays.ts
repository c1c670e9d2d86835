/**
 * What the guarantees about delayed messages have in common: how long a message is delayed, and which delayed messages can be looked for at
 * the end. Where one was acknowledged no client can look; it is found in the queue of its own topic, once it is due.
 */
import type { Audit, Event, Header } from '../history/event.ts'
import { delayFrom, levelAsked, timeAsked } from '../plan/delay-levels.ts'
import type { Delay } from '../plan/plan.ts'
import type { Us } from '../plan/units.ts'
import type { Acked } from './acknowledged.ts'
import type { Anomaly } from './checker.ts'
import { without } from './edit.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import { placeFacts } from './per-queue.ts'

/** Why such a history is not looked at, or null. */
export const nothingDelayed = ({ delayLevels }: Header): string | null =>
  delayLevels === undefined ? 'no message was delayed, or the history does not say how long the levels are' : null

/** A level beyond the table is its last (RMQ-118). */
export const levelInForce = ({ delayLevels = [] }: Header, asked: number): number => Math.min(asked, delayLevels.length)
/** How long a message that was stored, or sent, at some time has to wait from then on. */
export const delayOf = ({ delayLevels = [] }: Header, asked: Delay | null | undefined, sinceUs: Us): Us =>
  delayFrom(delayLevels, asked, sinceUs)

/** Which messages were seen where consumers look, and which queues the auditor has read. */
export class Seen {
  private readonly messages = new NumberMap<true>()
  private readonly audited = new Set<string>()

  on(event: Event): void {
    if (event.type === 'invoke' ? event.f === 'consume' : event.type === 'ok' && event.f === 'pull') {
      this.messages.set((event as Event & { v: { message: number } }).v.message, true)
    } else if (event.type === 'ok' && event.f === 'audit') this.heard(event)
  }

  private heard({ v }: Audit): void {
    this.audited.add(v.topic).add(`${v.topic} ${v.queue}`)
  }

  has(message: number): boolean {
    return this.messages.has(message)
  }

  /** Its queue was read at the end. */
  wasLookedFor({ ok: { v } }: Acked): boolean {
    return this.audited.has(v.queue === '' ? v.topic : `${v.topic} ${v.queue}`)
  }
}

/** The history in which nobody has ever seen this message. */
export const unseen = (events: readonly Event[], message: number): Event[] =>
  without(
    events,
    (event) =>
      ((event.type === 'invoke' && event.f === 'consume') || (event.type === 'ok' && event.f === 'pull')) && event.v.message === message,
  )

/** By which of the broker's two ways a message is delayed. */
export const waitFacts = (asked: Delay | null | undefined): Anomaly['facts'] =>
  timeAsked(asked) === null ? { level: levelAsked(asked) } : { timer: true }

/** What contracts decide by when a delayed message is gone. */
export function goneFacts(ledger: Ledger, { ok, began, sentAtUs }: Acked): Anomaly['facts'] {
  const crash = ledger.faults.culprit(ok.v.broker, began)
  const forced = ledger.forced.isForced(ok)
  return {
    message: ok.op,
    ...placeFacts(ok.v),
    ...waitFacts(ledger.sends.get(ok.op)?.delay),
    broker: ok.v.broker,
    sentAtUs,
    lastCrash: crash?.kind ?? 'none',
    ageUs: crash === null ? -1 : (ledger.faults.firstCut(ok.v.broker, began) ?? crash).t - ok.t,
    delayed: true,
    ...(forced === null ? {} : { forced }),
  }
}
