/**
 * For how long one client process leaves brokers alone, as its attempts show: computed from what the client says of itself (the header's
 * `isolation`), from how long an attempt took, and from how it ended. What cannot be told apart from outside is kept as a range.
 */
import type { IsolationTable } from '../history/sending.ts'
import { ms, type Us } from '../plan/units.ts'

/** A client counts in milliseconds. */
const SLACK: Us = ms(2)

/** How an attempt ended: with an answer, without one or with a refusal, or in one of these ways. */
export type Ending = 'answered' | 'failed' | 'either'

interface Until {
  readonly atLeast: Us
  readonly atMost: Us
}

export class Isolations {
  private readonly rules: IsolationTable
  private readonly known = new Map<string, Until>()

  constructor(rules: IsolationTable) {
    this.rules = rules
  }

  attempted(broker: string, beganAt: Us, endedAt: Us, ending: Ending): void {
    const latencyUs = endedAt - beganAt
    const least = this.timeFor(ending === 'failed' ? this.rules.failureLatencyUs : latencyUs - SLACK)
    const most = this.timeFor(ending === 'answered' ? latencyUs + SLACK : Math.max(this.rules.failureLatencyUs, latencyUs + SLACK))
    if (most === 0) return
    const { atLeast, atMost } = this.known.get(broker) ?? { atLeast: 0, atMost: 0 }
    this.known.set(broker, {
      atLeast: least === 0 ? atLeast : Math.max(atLeast, endedAt + least - SLACK),
      atMost: Math.max(atMost, endedAt + most + SLACK),
    })
  }

  private timeFor(latencyUs: Us): Us {
    return this.rules.table.findLast((row) => latencyUs >= row.latencyUs)?.notAvailableUs ?? 0
  }

  isIsolated(broker: string, now: Us): boolean {
    return now < (this.known.get(broker)?.atLeast ?? 0)
  }

  isAvailable(broker: string, now: Us): boolean {
    return now >= (this.known.get(broker)?.atMost ?? 0)
  }
}
