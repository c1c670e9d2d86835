/** Consumers that the plan starts and stops. One that is stopped stays away: neither the end of a fault nor the heal brings it back. */
import type { ChurnStep } from '../../plan/script.ts'
import type { RoundContext } from './context.ts'
import type { ClientHost } from './host.ts'

export class ChurnSchedule {
  private readonly context: RoundContext
  private readonly consumers: readonly ClientHost[]
  private closed = false

  constructor(context: RoundContext, consumers: readonly ClientHost[]) {
    this.context = context
    this.consumers = consumers
  }

  /** Done when the last consumer has come or gone. */
  async whole(): Promise<void> {
    await Promise.all(this.context.script.churn.map((step) => this.one(step)))
  }

  /** Nothing more is started or stopped. */
  close(): void {
    this.closed = true
  }

  private async one({ do: act, client, atUs, op }: ChurnStep): Promise<void> {
    const { pacer, target, trouble } = this.context
    await pacer.until(atUs, true)
    if (this.closed || trouble.raised) return
    const host = this.consumers.find(({ name }) => name === client)
    const starts = act === 'start'
    // Where nobody takes over from whom, it is left as it is.
    const effective = target.rebalances === true && host !== undefined && host.wanted !== starts
    this.context.record(client).churn(op, act, effective)
    if (host === undefined || !effective) return
    host.wanted = starts
    // Not waited for: it may need a broker that is down, and the drain waits for it anyway.
    if (starts) void host.start()
    else await host.stop()
  }

  /** A group in which nobody is to run has all its consumers back: what it owes can be judged only while somebody reads. */
  bringBack(): void {
    for (const { consumers } of this.context.plan.cluster.groups) {
      const members = this.consumers.filter(({ name }) => consumers.includes(name))
      if (members.some(({ wanted }) => wanted)) continue
      for (const host of members) {
        this.context.record(host.name).churn(0, 'start', true)
        host.wanted = true
        void host.start()
      }
    }
  }
}
