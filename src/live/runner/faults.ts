/**
 * The faults of a live round. Those of brokers and links are the target's; clients are killed, restarted and paused here. Each is
 * recorded once it is known whether it changed anything, a crash at the very moment.
 */
import { faultEnd, struck, type Fault } from '../../plan/faults.ts'
import { messageOf } from '../../plan/message-of.ts'
import { BrokerDown, type Effect } from '../target.ts'
import { within } from '../waits.ts'
import type { RoundContext } from './context.ts'
import type { ClientHost } from './host.ts'
import { telling } from './waiting.ts'

/** A broker has 60 s to come up again, and one that stops in good order may take its time. */
const FAULT_LIMIT_MS = 150_000

/** What undoing a fault may take when a round is cut short. */
const UNDO_LIMIT_MS = 15_000

/** Faults that lie in wait: they are recorded when they first change something, and may never do so. */
const LIES_IN_WAIT: readonly Fault['kind'][] = ['diskFull', 'diskSlow', 'diskStall', 'forceFails', 'forceLies']

export class FaultSchedule {
  private readonly context: RoundContext
  private readonly clients: ReadonlyMap<string, ClientHost>
  /** Faults of brokers that have begun and not ended. */
  private active = 0
  /** Those that somebody must still end, with their beginnings; and the ends that are under way. */
  private readonly begun = new Map<Fault, Promise<void>>()
  private readonly ending = new Set<Promise<void>>()
  private closed = false

  constructor(context: RoundContext, clients: ReadonlyMap<string, ClientHost>) {
    this.context = context
    this.clients = clients
  }

  /** Done when the last fault is over. */
  async whole(): Promise<void> {
    await Promise.all(this.context.plan.faults.map((fault) => this.one(fault)))
  }

  /**
   * Begins nothing more, and ends what has begun: a round that is cut short must not leave a broker struck, which may be the user's own. What
   * fails now is a consequence of what cut it short.
   */
  async close(): Promise<void> {
    this.closed = true
    const undone = [...this.begun].map(([fault, beginning]) => this.undo(fault, beginning))
    const ended = within(UNDO_LIMIT_MS, 'ending faults', Promise.allSettled(this.ending))
    await Promise.allSettled([...undone, ended])
  }

  /** Also where its beginning has failed or hangs: it may have done half of its work. */
  private async undo(fault: Fault, beginning: Promise<void>): Promise<void> {
    const what = `${fault.kind} on ${struck(fault)}`
    await within(UNDO_LIMIT_MS, `beginning ${what}`, beginning).catch(() => undefined)
    await within(UNDO_LIMIT_MS, `ending ${what}`, this.context.target.faults.end(fault))
  }

  private async one(fault: Fault): Promise<void> {
    const { pacer, trouble } = this.context
    const client = 'peer' in fault ? undefined : this.clients.get(fault.on)
    await pacer.until(fault.atUs, true)
    if (this.closed || trouble.raised) return
    if (client !== undefined) return this.onClient(client, fault)
    const beginning = this.begin(fault)
    if (!('forUs' in fault)) return beginning
    this.begun.set(fault, beginning)
    await beginning
    this.active++
    await pacer.until(faultEnd(fault), true)
    this.active--
    if (this.closed) return
    this.begun.delete(fault)
    await this.noting(this.end(fault))
  }

  private async noting(end: Promise<void>): Promise<void> {
    this.ending.add(end)
    try {
      await end
    } finally {
      this.ending.delete(end)
    }
  }

  private record(fault: Fault, effective: boolean): void {
    this.context.record('plan').fault(fault.kind, struck(fault), effective)
  }

  private async begin(fault: Fault): Promise<void> {
    let seen = false
    const effect: Effect = (also) => {
      if (also !== undefined) this.context.record('plan').fault(also, struck(fault), true)
      else if (!seen) this.record(fault, true)
      seen = true
    }
    await within(FAULT_LIMIT_MS, `beginning ${fault.kind} on ${struck(fault)}`, this.context.target.faults.begin(fault, effect))
    if (!seen && !('peer' in fault) && !LIES_IN_WAIT.includes(fault.kind)) {
      seen = true
      this.record(fault, false)
    }
  }

  /** The plan's time stands still until the broker is back, unless another fault has to end for that. */
  private async end(fault: Fault): Promise<void> {
    const { pacer, target, tellWaiting } = this.context
    const holds = this.active === 0
    if (holds) pacer.hold()
    const what = `${fault.kind} on ${struck(fault)}`
    try {
      const ended = within(FAULT_LIMIT_MS, `ending ${what}`, target.faults.end(fault))
      await telling(tellWaiting, FAULT_LIMIT_MS, () => `the end of ${what}`, ended)
    } catch (error) {
      throw error instanceof BrokerDown ? new BrokerDown(`${fault.on} does not start: ${messageOf(error)}`, { cause: error }) : error
    } finally {
      if (holds) pacer.release()
    }
  }

  private async onClient(client: ClientHost, fault: Fault): Promise<void> {
    const { pacer } = this.context
    const { process } = client
    this.record(fault, process !== null)
    if (fault.kind === 'pause') process?.pause()
    else if (fault.kind === 'gracefulRestart') await client.stop()
    else client.kill()
    await pacer.until(faultEnd(fault), true)
    if (fault.kind === 'pause') process?.resume()
    // Not waited for: it may need a broker that is down, and the drain waits for it anyway.
    else void client.start()
  }
}
