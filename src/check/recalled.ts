/**
 * The messages that came although they were recalled in time (RMQ-125), for DLY-1: and what a contract has to know of them. A message, or what recalls it,
 * that came onto the wheel too late has missed the other: where the history does not show such a thing it may have been so.
 */
import type { ConsumeInvoke, Header, Released } from '../history/event.ts'
import { TIMER_TOPIC, type MissedSlot } from '../history/recalls.ts'
import { EPOCH, seconds, showMs, type Us } from '../plan/units.ts'
import type { Anomaly } from './checker.ts'
import { ENOUGH } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { recordEnd } from './log-mirror.ts'
import { placeFacts, showPlace } from './per-queue.ts'
import type { Told } from './recalls.ts'

/** RMQ-125: a recall is acknowledged before the wheel knows of it, which in the last moments may be too late. */
export const RECALLED_BEFORE: Us = seconds(1)

interface Came {
  readonly event: Released | ConsumeInvoke
  readonly broker: string
  /** How long it still had to wait when its recall was acknowledged. */
  readonly leftUs: Us
  /** What recalls it was not yet forced then. */
  readonly unforced: boolean
}

export class Recalled {
  private readonly ledger: Ledger
  private readonly shown: boolean
  private readonly came = new Map<number, Came>()
  /** Of which broker, and for what time, something has missed its slot. */
  private readonly missed = new Set<string>()
  /** Messages that were, or may have been, stored more than once. */
  private readonly resent = new Set<number>()

  constructor(header: Header, ledger: Ledger) {
    this.shown = header.records.includes('white:missedSlot')
    this.ledger = ledger
  }

  missedSlot({ p, v }: MissedSlot): void {
    this.missed.add(`${p} ${v.dueUs - EPOCH}`)
  }

  sentAgain(message: number): void {
    this.resent.add(message)
  }

  /** Not before its send began could it be stored: it was due `delayUs` later, or later still. */
  comes(event: Released | ConsumeInvoke, broker: string, delayUs: (sinceUs: Us) => Us): void {
    const { message } = event.v
    const [recall, sent] = [this.ledger.recalls.toldOf(message), this.ledger.sends.get(message)]
    if (recall === null || sent === undefined || this.came.has(message) || this.came.size >= ENOUGH) return
    const leftUs = sent.t + delayUs(sent.t) - recall.toldAt
    if (leftUs >= RECALLED_BEFORE) this.came.set(message, { event, broker, leftUs, unforced: this.isUnforced(recall) })
  }

  /** The last marker that was stored before the recall was acknowledged. */
  private isUnforced({ broker, i }: Told): boolean {
    const { records, forced } = this.ledger.logs.of(broker)
    const marker = records.findLast((record) => record.i < i && record.v.topic === TIMER_TOPIC && record.v.message === 0)
    return marker !== undefined && recordEnd(marker) > forced
  }

  anomalies(): Anomaly[] {
    return Array.from(this.came, ([message, { event, broker, leftUs, unforced }]) => ({
      guarantee: 'DLY-1' as const,
      name: 'recalled',
      summary:
        `${this.ledger.names.of(message)} (${showPlace(event.v)}) came, although its recall was acknowledged ${showMs(leftUs)} ms ` +
        'before it was due',
      t: event.t,
      facts: { message, ...placeFacts(event.v), timer: true, leftUs, broker, ...this.facts(message, unforced) },
      events: [event.i],
    }))
  }

  private facts(message: number, unforced: boolean): Anomaly['facts'] {
    const recall = this.ledger.recalls.toldOf(message)
    const missed = !this.shown || (recall !== null && this.missed.has(`${recall.broker} ${recall.dueUs}`))
    return {
      ...(this.resent.has(message) ? { resent: true } : {}),
      ...(missed ? { missedSlot: true } : {}),
      ...(missed || unforced ? { unseen: true } : {}),
    }
  }
}
