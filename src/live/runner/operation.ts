/** One operation of a producer that is under way: it ends with its answer, with its deadline, or never, when its process dies first. */
import type { ClientStep } from '../../plan/script.ts'
import type { Expiring } from './deadlines.ts'

/** Where a thread of control stands. `life` changes when somebody else goes on in its place. */
export interface Cursor {
  readonly steps: readonly ClientStep[]
  readonly isLoad: boolean
  next: number
  life: number
}

export interface Owner {
  readonly alive: boolean
  expired(operation: Operation): void
}

export class Operation implements Expiring {
  ended = false
  acknowledged = false
  readonly step: ClientStep
  readonly dueMs: number
  /** The thread that waits for its end, if one does. */
  readonly cursor: Cursor | null
  private readonly owner: Owner

  constructor(owner: Owner, step: ClientStep, dueMs: number, cursor: Cursor | null) {
    this.owner = owner
    this.step = step
    this.dueMs = dueMs
    this.cursor = cursor
  }

  /** An answer that comes now says nothing any more. */
  get over(): boolean {
    return this.ended || !this.owner.alive
  }

  expire(): void {
    this.owner.expired(this)
  }
}
