/**
 * Faults on the simulated cluster. A crash lasts until its end is asked for; whatever else acts for a while knows its own end, and to
 * end it is to wait for that.
 */
import type { FaultEvent } from '../history/event.ts'
import { struck, type Fault, type FaultKind } from '../plan/faults.ts'
import { pause } from '../live/waits.ts'
import type { TopicSetup } from '../live/target.ts'
import type { Administrator } from './administrator.ts'
import type { OpenWorld } from './open-world.ts'

const CRASHES: readonly FaultKind[] = ['processKill', 'powerLoss', 'gracefulRestart', 'diskLoss']

/** An answer is due within a minute. */
const ANSWER_MS = 50_000

interface Strike {
  readonly end: () => void
  readonly untilMs: number
}

interface Watcher {
  readonly kind: FaultKind
  readonly on: string
  settle(effective: boolean): void
}

/** How plans name one and the same fault, twice: when it begins and when it ends. */
const nameOf = (fault: Fault): string => JSON.stringify(Object.entries(fault).sort(([x], [y]) => (x < y ? -1 : 1)))

const lengthMs = (fault: Fault): number => ('forUs' in fault ? fault.forUs / 1000 : 0)

export class Strikes {
  private readonly world: OpenWorld
  private readonly admin: Administrator
  private readonly on = new Map<string, Strike>()
  private readonly crashes = new Set<string>()
  private watchers: Watcher[] = []

  constructor(world: OpenWorld, admin: Administrator) {
    this.world = world
    this.admin = admin
  }

  heard({ kind, on, effective }: FaultEvent): void {
    for (const watcher of this.watchers) if (watcher.kind === kind && watcher.on === on) watcher.settle(effective)
  }

  /** Whether it has changed something: known at once of a crash, and of what lies in wait when it strikes, or when its time is up. */
  async begin(fault: Fault): Promise<boolean> {
    const effective = this.effectOf(fault)
    const end = this.world.strike(fault)
    this.on.set(nameOf(fault), { end, untilMs: performance.now() + lengthMs(fault) })
    if (CRASHES.includes(fault.kind)) this.crashes.add(nameOf(fault))
    return effective
  }

  private effectOf(fault: Fault): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (effective: boolean): void => {
        clearTimeout(timer)
        this.watchers = this.watchers.filter((one) => one !== watcher)
        resolve(effective)
      }
      const timer = setTimeout(() => settle(false), Math.min(ANSWER_MS, lengthMs(fault)))
      const watcher: Watcher = { kind: fault.kind, on: struck(fault), settle }
      this.watchers.push(watcher)
    })
  }

  /** Comes back when the broker answers again. Topics that went with a disk are made again, as an operator would. @throws BrokerDown */
  async end(fault: Fault, topics: readonly TopicSetup[]): Promise<void> {
    const name = nameOf(fault)
    const strike = this.on.get(name)
    if (strike === undefined) return
    this.on.delete(name)
    if (!this.crashes.delete(name)) await pause(Math.max(0, strike.untilMs - performance.now()))
    strike.end()
    if (this.crashes.size > 0) return
    // A broker that ended itself over a bad disk is started again, too.
    await this.admin.ready()
    for (const topic of topics) await this.admin.createTopic(topic)
  }
}
