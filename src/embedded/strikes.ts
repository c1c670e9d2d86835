/**
 * Faults on the simulated cluster. A crash lasts until its end is asked for; whatever else acts for a while knows its own end, and to
 * end it is to wait for that.
 */
import type { FaultEvent } from '../history/event.ts'
import type { Fault, FaultKind } from '../plan/faults.ts'
import type { TopicSetup } from '../live/target.ts'
import type { Administrator } from './administrator.ts'
import type { OpenWorld } from './open-world.ts'
import { sleep } from './sleep.ts'

const CRASHES: readonly FaultKind[] = ['processKill', 'powerLoss', 'gracefulRestart', 'diskLoss']

interface Strike {
  readonly end: () => void
  readonly untilMs: number
}

/** How plans name one and the same fault, twice: when it begins and when it ends. */
const nameOf = (fault: Fault): string => JSON.stringify(Object.entries(fault).sort(([x], [y]) => (x < y ? -1 : 1)))

export class Strikes {
  private readonly world: OpenWorld
  private readonly admin: Administrator
  private readonly on = new Map<string, Strike>()
  private readonly crashes = new Set<string>()
  /** The last thing that the world has said about a fault. */
  private said: FaultEvent | null = null

  constructor(world: OpenWorld, admin: Administrator) {
    this.world = world
    this.admin = admin
  }

  heard(event: FaultEvent): void {
    this.said = event
  }

  /** Why it changed nothing, or null. What lies in wait is taken for effective. @throws InputError for a node that does not exist */
  begin(fault: Fault): string | null {
    this.said = null
    const end = this.world.strike(fault)
    const forUs = 'forUs' in fault ? fault.forUs : 0
    this.on.set(nameOf(fault), { end, untilMs: performance.now() + forUs / 1000 })
    if (CRASHES.includes(fault.kind)) this.crashes.add(nameOf(fault))
    return this.heardOf(fault)?.effective === false ? `${fault.kind} of ${fault.on} changes nothing now` : null
  }

  private heardOf({ kind }: Fault): FaultEvent | null {
    return this.said?.kind === kind ? this.said : null
  }

  /** Comes back when the broker answers again. Topics that went with a disk are made again, as an operator would. @throws BrokerDown */
  async end(fault: Fault, topics: readonly TopicSetup[]): Promise<void> {
    const name = nameOf(fault)
    const strike = this.on.get(name)
    if (strike === undefined) return
    this.on.delete(name)
    if (!this.crashes.delete(name)) {
      await sleep(Math.max(0, strike.untilMs - performance.now()))
      strike.end()
      return
    }
    strike.end()
    if (this.crashes.size > 0) return
    await this.admin.ready()
    for (const topic of topics) await this.admin.createTopic(topic)
  }
}
