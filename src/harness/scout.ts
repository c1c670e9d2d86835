/**
 * Runs of a campaign that another thread looks at before the campaign comes to them. Those in which nothing failed are added up there; at
 * any other the campaign looks itself, since failures are shrunk and told in the order of the runs.
 */
import { CampaignSum, type PartialSum } from './campaign-sum.ts'
import { drawer, type Drawing } from './drawing.ts'
import type { Subject } from './executor.ts'
import { runPlan, violated, type Only } from './run-plan.ts'
import type { WorkerPool } from './worker-pool.ts'

/** Runs to look at, both ends included. */
export interface Errand {
  readonly drawing: Drawing
  readonly only: Only
  readonly from: number
  readonly to: number
}

/** What came of the runs from `from` on: good ones, added up, and then perhaps one that must be looked at again. */
export interface Stretch {
  readonly from: number
  readonly sum: PartialSum
  readonly look: boolean
}

/** A campaign that has to end tells how far it has come, so it should not hear of that too seldom. */
const TELL_MS = 50

/** The thread's side. */
export async function scout(subject: Subject, { drawing, only, from, to }: Errand, tell: (stretch: Stretch) => void): Promise<void> {
  const draw = drawer(subject, drawing)
  let [first, sum, toldMs] = [from, new CampaignSum(), performance.now()]
  for (let run = from; run <= to; run++) {
    // A run that can't be run fails in the campaign too, which says so when it comes to it.
    const result = await runPlan(subject, draw(run), { only, promisedOnly: true }).catch(() => null)
    const look = result === null || violated(result).length > 0
    if (!look) sum.add(run, result)
    if (!look && run < to && performance.now() - toldMs < TELL_MS) continue
    tell({ from: first, sum: sum.part(), look })
    ;[first, sum, toldMs] = [run + 1, new CampaignSum(), performance.now()]
  }
}

/** Runs that a thread is sent to look at together: enough to be worth a message, and few where there are few in all. */
const ERRAND_MAX = 32
const ERRANDS_A_THREAD = 4
/** A thread has its next errand before it is done with this one. */
const ERRANDS_AT_ONCE = 2
/** How far threads go on while the campaign shrinks a failure. */
const AHEAD_MAX = 10_000

export interface Expedition {
  readonly system: string
  readonly drawing: Drawing
  readonly only: Only
  readonly from: number
  /** The last run, or Infinity. */
  readonly to: number
  readonly signal?: AbortSignal | undefined
}

/** The campaign's side. */
export class Scouts {
  private readonly pool: WorkerPool
  private readonly expedition: Expedition
  private readonly size: number
  private readonly found = new Map<number, Stretch>()
  private next: number
  private due: number
  private out = 0
  private broken: Error | null = null
  private wake: () => void = () => undefined

  constructor(pool: WorkerPool, expedition: Expedition) {
    this.pool = pool
    this.expedition = expedition
    const { from, to, signal } = expedition
    this.next = this.due = from
    this.size = Math.max(1, Math.min(ERRAND_MAX, Math.ceil((to - from + 1) / (pool.size * ERRANDS_A_THREAD))))
    signal?.addEventListener('abort', () => this.wake(), { once: true })
  }

  /** What came of the runs from `run` on, which is where the stretch before ended; null when there is no more time. @throws WorkerLost */
  async from(run: number): Promise<Stretch | null> {
    this.due = run
    for (;;) {
      this.sendOut()
      const stretch = this.found.get(run)
      if (stretch !== undefined) this.found.delete(run)
      if (stretch !== undefined) return stretch
      if (this.broken !== null) throw this.broken
      if (this.expedition.signal?.aborted === true) return null
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    }
  }

  private sendOut(): void {
    const { system, drawing, only, to } = this.expedition
    while (this.out < this.pool.size * ERRANDS_AT_ONCE && this.next <= to && this.next - this.due < AHEAD_MAX) {
      const from = this.next
      this.next = from + this.size
      this.out++
      const task = { do: 'runs' as const, system, drawing, only, from, to: Math.min(to, this.next - 1) }
      this.pool
        .give(task, (stretch) => this.hear(stretch as Stretch))
        .catch((error: Error) => {
          this.broken = error
        })
        .finally(() => {
          this.out--
          this.sendOut()
          this.wake()
        })
    }
  }

  private hear(stretch: Stretch): void {
    this.found.set(stretch.from, stretch)
    this.wake()
  }
}
