/** After the heal each queue gets a marker message, again until one is acknowledged, and others until every group has finished one. */
import type { SentinelWatch } from '../../history/sentinel-watch.ts'
import { SENTINEL_TRIES, type SendStep } from '../../plan/script.ts'
import type { Operation } from './operation.ts'
import type { ProducerProcess } from './producer.ts'

const RETRY_MS = 1000
/** A sentinel may be lost like any message, which says nothing about later ones. */
const RESEND_MS = 5000

interface Marker {
  readonly step: SendStep
  readonly index: number
  sent: number
  sentMs: number
  last: Operation | null
  acknowledged: boolean
}

export class Sentinels {
  private readonly markers: readonly Marker[]
  private readonly watch: SentinelWatch

  constructor(steps: readonly SendStep[], watch: SentinelWatch) {
    this.markers = steps.map((step, index) => ({ step, index, sent: 0, sentMs: -Infinity, last: null, acknowledged: false }))
    this.watch = watch
  }

  /** Sends what is due; called again and again. */
  tick(producer: ProducerProcess, nowMs: number): void {
    for (const marker of this.markers) {
      marker.acknowledged ||= marker.last?.acknowledged === true
      if (marker.last?.over === false) continue
      const waited = nowMs - marker.sentMs
      const due = marker.last?.acknowledged === true ? this.watch.isMissing(marker.index) && waited >= RESEND_MS : waited >= RETRY_MS
      if (due) this.send(marker, producer, nowMs)
    }
  }

  private send(marker: Marker, producer: ProducerProcess, nowMs: number): void {
    const { step } = marker
    const nth = Math.min(marker.sent++, SENTINEL_TRIES - 1)
    marker.sentMs = nowMs
    marker.last = producer.perform({ ...step, op: step.op + nth, salt: step.salt + nth })
  }

  get areAcknowledged(): boolean {
    return this.markers.every((marker) => marker.acknowledged)
  }

  /** What the drain still waits for, or null. */
  get waitsFor(): string | null {
    const missing = this.markers.find((marker) => !marker.acknowledged)
    if (missing !== undefined) return `no sentinel of ${missing.step.topic}:${missing.step.to?.name ?? ''} was acknowledged`
    return this.watch.waitsFor
  }
}
