/**
 * DLY-1: never early. A delayed message is not given to consumers before the broker has had it for as long as its level says, on the broker's
 * own clock. Where the history shows when the broker took a message for due, and by which clock, that is judged; else the time between the
 * beginning of its send and its delivery, which can't be shorter. A message that was recalled in time is never due.
 */
import type { ConsumeInvoke, Event, Header, Released } from '../history/event.ts'
import { EPOCH, seconds, showMs, type Us } from '../plan/units.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { delayOf, nothingDelayed, waitFacts } from './delays.ts'
import { eventAt, replaced } from './edit.ts'
import { checker, ENOUGH, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { placeFacts, showPlace } from './per-queue.ts'
import { Recalled } from './recalled.ts'

/** A broker whose clock was set back may deliver before, by its own clock, it has stored. */
const sinceText = (waited: Us): string => (waited < 0 ? `${showMs(-waited)} ms before it was stored` : `after ${showMs(waited)} ms`)

class Dly1 implements Judge {
  /** A message that could have come too early. */
  first: { readonly index: number; readonly what: string; readonly latest: Us } | null = null
  private readonly header: Header
  private readonly ledger: Ledger
  private chances = 0
  /** Messages of which the broker said when they were due: its clock decides. */
  private readonly released = new Set<number>()
  private readonly recalled: Recalled
  private readonly anomalies: Anomaly[] = []

  constructor(header: Header, ledger: Ledger) {
    this.header = header
    this.ledger = ledger
    this.recalled = new Recalled(header, ledger)
  }

  on(event: Event): void {
    if (event.type === 'white' && event.f === 'released') this.judgeRelease(event)
    else if (event.type === 'invoke' && event.f === 'consume' && !this.released.has(event.v.message)) this.judgeDelivery(event)
    else if (event.type === 'info' && event.f === 'attempt' && event.v.attempt > 1) this.recalled.sentAgain(event.op)
    else if (event.type === 'white' && event.f === 'missedSlot') this.recalled.missedSlot(event)
  }

  private judgeRelease(event: Released): void {
    const { v } = event
    // What a group has failed on waits by levels too, which nobody asked for.
    if (this.ledger.ownTopics.has(v.topic)) return
    const delay = this.delayOf(v.message, v.storedUs - EPOCH)
    this.released.add(v.message)
    if (delay > 0) this.judge(event, v.nowUs - v.storedUs, delay, v.storedUs + delay - 1, event.p)
  }

  private judgeDelivery(event: ConsumeInvoke): void {
    const { v, t } = event
    const since = this.ledger.sends.get(v.message)?.t ?? t
    const delay = this.delayOf(v.message, since)
    if (delay > 0) this.judge(event, t - since, delay, since, v.broker ?? '')
  }

  private delayOf(message: number, since: Us): Us {
    return delayOf(this.header, this.ledger.sends.get(message)?.delay, since)
  }

  private judge(event: Released | ConsumeInvoke, waited: Us, delay: Us, latest: Us, broker: string): void {
    const { v } = event
    this.chances++
    this.first ??= { index: this.ledger.seq, what: showPlace(v), latest }
    this.recalled.comes(event, broker, (since) => this.delayOf(v.message, since))
    if (waited >= delay || this.anomalies.length >= ENOUGH) return
    this.anomalies.push({
      guarantee: 'DLY-1',
      name: 'early',
      summary: `${this.ledger.names.of(v.message)} (${showPlace(v)}) was delayed by ${delay / seconds(1)} s, and came ${sinceText(waited)}`,
      t: event.t,
      facts: {
        message: v.message,
        ...placeFacts(v),
        ...waitFacts(this.ledger.sends.get(v.message)?.delay),
        waitedUs: waited,
        delayUs: delay,
        broker,
      },
      events: [event.i],
    })
  }

  end(): Findings {
    const anomalies = [...this.anomalies, ...this.recalled.anomalies()]
    return { anomalies, evidence: evidence(this.chances, () => `${this.first?.what ?? ''} was delayed, and came`) }
  }
}

const isSeen = (event: Event): event is Released | ConsumeInvoke =>
  (event.type === 'white' && event.f === 'released') || (event.type === 'invoke' && event.f === 'consume')

export const dly1: Checker = checker(
  'DLY-1',
  ['send', 'consume'],
  ['white released', 'invoke consume', 'info attempt', 'white missedSlot'],
  (header, ledger) => new Dly1(header, ledger),
  ({ first }, events) => {
    if (first === null) throw new Error('evidence without a chance')
    const event = eventAt(events, first.index, isSeen)
    const early = event.type === 'white' ? { ...event, v: { ...event.v, nowUs: first.latest } } : { ...event, t: first.latest }
    return replaced(events, first.index, early)
  },
  nothingDelayed,
)
