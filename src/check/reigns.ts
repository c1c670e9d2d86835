/**
 * Where controllers elect masters: whether the master that acknowledged a message was still the one at the end, how its successor was elected, and
 * whether any other replica had lost bytes. Only the reference tells who is master; of other histories nothing is said.
 */
import type { Elected, InSync, RoleTaken } from '../history/roles.ts'
import type { Anomaly } from './checker.ts'
import type { FaultLog } from './fault-log.ts'
import type { Acked } from './acknowledged.ts'

/** What is known of one broker's name. */
interface Home {
  /** Who has been master, or in the set. */
  readonly replicas: Set<string>
  set: readonly string[]
  /** Who was elected, and by which event. */
  readonly elections: { readonly seq: number; readonly master: string }[]
  /** The last event by which somebody became master, and who. */
  crowned: { readonly seq: number; readonly master: string } | null
  /** The last event by which somebody was elected who was in no set. */
  uncleanAt: number
}

export class Reigns {
  private readonly faults: FaultLog
  private readonly homes = new Map<string, Home>()

  constructor(faults: FaultLog) {
    this.faults = faults
  }

  private homeNamed(name: string): Home {
    let home = this.homes.get(name)
    if (home === undefined) this.homes.set(name, (home = { replicas: new Set(), set: [], elections: [], crowned: null, uncleanAt: -1 }))
    return home
  }

  private homeOf(process: string): Home | undefined {
    for (const home of this.homes.values()) if (home.replicas.has(process)) return home
    return undefined
  }

  elected({ v }: Elected, seq: number): void {
    const home = this.homeNamed(v.broker)
    if (home.set.length > 0 && !home.set.includes(v.master)) home.uncleanAt = seq
    home.replicas.add(v.master)
    home.elections.push({ seq, master: v.master })
    home.set = [v.master]
  }

  inSync({ v }: InSync): void {
    const home = this.homeNamed(v.broker)
    for (const replica of v.set) home.replicas.add(replica)
    home.set = v.set
  }

  took({ p, v }: RoleTaken, seq: number): void {
    const home = this.homeOf(p)
    if (v.role === 'master' && home !== undefined) home.crowned = { seq, master: p }
  }

  /** What an excuse may go by. A master that falls and is master again has begun another reign. */
  factsOf({ ok, began, seq }: Acked): Anomaly['facts'] {
    const { broker } = ok.v
    const home = this.homeOf(broker)
    if (home === undefined) return {}
    const { crowned, uncleanAt, elections } = home
    const reigns = crowned !== null && crowned.master === broker && crowned.seq < began
    const others = [...home.replicas].filter((replica) => replica !== broker)
    const struck = others.some((replica) => this.faults.hadLost(replica, Infinity))
    const elected = elections.findLast((election) => election.seq < seq)
    return {
      reign: reigns ? 'same' : 'ended',
      acknowledged: elected === undefined || elected.master === broker ? 'in office' : 'deposed',
      election: uncleanAt > began ? 'unclean' : 'clean',
      others: struck ? 'struck' : 'intact',
      behind: this.faults.hasReached(others) ? 'somebody' : 'nobody',
    }
  }
}
