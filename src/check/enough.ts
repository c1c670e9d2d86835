/**
 * The anomalies that a judge has found, of each name as many as anybody needs: a flood of one, all of them excused it may be, hides no other.
 */
import type { Anomaly } from './checker.ts'
import { ENOUGH } from './judge.ts'

export class Enough {
  readonly found: Anomaly[] = []
  private readonly counts = new Map<string, number>()

  add(anomaly: Anomaly): void {
    const count = this.counts.get(anomaly.name) ?? 0
    if (count === ENOUGH) return
    this.counts.set(anomaly.name, count + 1)
    this.found.push(anomaly)
  }
}
