/** How many faults of each kind were injected, and how many of those really changed something. */
import type { Event } from '../history/event.ts'
import { FAULT_KINDS, type FaultKind } from '../plan/faults.ts'
import type { Plan } from '../plan/plan.ts'

export type FaultCounts = Record<string, { injected: number; effective: number }>

/** Before it is put into words: plain data, which can come from another thread. */
export interface FaultSums {
  readonly injected: ReadonlyMap<FaultKind, number>
  readonly effective: ReadonlyMap<FaultKind, number>
}

function raise(sums: Map<FaultKind, number>, kind: FaultKind, by: number): void {
  sums.set(kind, (sums.get(kind) ?? 0) + by)
}

export class FaultTally {
  private readonly injected = new Map<FaultKind, number>()
  private readonly effective = new Map<FaultKind, number>()

  add(plan: Plan, events: readonly Event[]): void {
    for (const fault of plan.faults) raise(this.injected, fault.kind, 1)
    for (const event of events) if (event.type === 'fault' && event.effective) raise(this.effective, event.kind, 1)
  }

  sums(): FaultSums {
    return { injected: this.injected, effective: this.effective }
  }

  merge({ injected, effective }: FaultSums): void {
    for (const [kind, count] of injected) raise(this.injected, kind, count)
    for (const [kind, count] of effective) raise(this.effective, kind, count)
  }

  /** In the order of the fault table; kinds that never came are absent. */
  counts(): FaultCounts {
    const counts: FaultCounts = {}
    for (const kind of FAULT_KINDS) {
      const injected = this.injected.get(kind) ?? 0
      if (injected > 0) counts[kind] = { injected, effective: Math.min(injected, this.effective.get(kind) ?? 0) }
    }
    return counts
  }
}
