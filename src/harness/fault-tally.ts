/** How many faults of each kind were injected, and how many of those really changed something. */
import type { Event } from '../history/event.ts'
import { FAULT_KINDS, type FaultKind } from '../plan/faults.ts'
import type { Plan } from '../plan/plan.ts'

export type FaultCounts = Record<string, { injected: number; effective: number }>

export class FaultTally {
  private readonly injected = new Map<FaultKind, number>()
  private readonly effective = new Map<FaultKind, number>()

  add(plan: Plan, events: readonly Event[]): void {
    for (const fault of plan.faults) this.injected.set(fault.kind, (this.injected.get(fault.kind) ?? 0) + 1)
    for (const event of events) {
      if (event.type === 'fault' && event.effective) this.effective.set(event.kind, (this.effective.get(event.kind) ?? 0) + 1)
    }
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
