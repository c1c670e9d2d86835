/**
 * Until when faults kept two processes from talking in time: lost and late messages, processes that pause, and clocks that run at
 * another pace. How long such a fault acts is not in the history, so whom it struck is in doubt until the faults are over. Crashes are no
 * disturbance: a history says when a process is up.
 */
import type { FaultEvent, PhaseEvent } from '../history/event.ts'
import { endsOf, type FaultKind } from '../plan/faults.ts'
import type { Us } from '../plan/units.ts'

const DISTURBING: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'netLoss',
  'netDelay',
  'netDuplicate',
  'netReorder',
  'cut',
  'pause',
  'clockDrift',
])

export class Disturbances {
  private readonly struck: (readonly string[])[] = []
  private healedAt: Us | null = null

  on(event: FaultEvent | PhaseEvent): void {
    if (event.type === 'phase') {
      if (event.phase === 'heal') this.healedAt = event.t
    } else if (event.effective && DISTURBING.has(event.kind)) {
      this.struck.push(endsOf(event.on))
    }
  }

  /** Since when these processes could talk among themselves without disturbance: 0 for always, Infinity for not yet. */
  calmSince(...names: readonly string[]): Us {
    const disturbed = this.struck.some((ends) => ends.every((end) => end === '*' || names.includes(end)))
    return disturbed ? (this.healedAt ?? Infinity) : 0
  }
}
