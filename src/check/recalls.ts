/**
 * Which messages were recalled before they were due (RMQ-125): from when their recall is asked for, nobody is owed them, since the broker may have taken
 * note of it; and from when it is acknowledged, nobody may be given them. One that certainly came to nothing changes nothing.
 */
import type { Recall, RecallInvoke, RecallOk } from '../history/recalls.ts'
import type { Us } from '../plan/units.ts'

/** A recall of which a broker has taken note: of what waits there until `dueUs`. */
export interface Told {
  readonly toldAt: Us
  /** The event that says so. */
  readonly i: number
  readonly broker: string
  readonly dueUs: Us
}

export class Recalls {
  /** Messages of which some recall has not failed: by message, how many. */
  private readonly asked = new Map<number, number>()
  /** By operation. */
  private readonly open = new Map<number, RecallInvoke['v']>()
  /** By message, the first that was acknowledged. */
  private readonly told = new Map<number, Told>()

  on(event: Recall): void {
    const { of } = event.v
    const count = this.asked.get(of) ?? 0
    if (event.type === 'invoke') {
      this.asked.set(of, count + 1)
      this.open.set(event.op, event.v)
    } else if (event.type === 'fail' && count > 0) this.asked.set(of, count - 1)
    else if (event.type === 'ok') this.acknowledged(event, of)
  }

  private acknowledged({ op, i, t }: RecallOk, message: number): void {
    const asked = this.open.get(op)
    if (asked !== undefined && !this.told.has(message)) this.told.set(message, { toldAt: t, i, broker: asked.broker, dueUs: asked.dueUs })
  }

  get any(): boolean {
    return this.asked.size > 0
  }

  /** Nobody is owed it. */
  has(message: number): boolean {
    return (this.asked.get(message) ?? 0) > 0
  }

  /** The recall of it of which a broker has taken note, or null. */
  toldOf(message: number): Told | null {
    return this.told.get(message) ?? null
  }
}
