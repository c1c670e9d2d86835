/**
 * Who is master of which broker's name, where somebody elects or promotes him: who was elected and who took up the role, by which events, who may
 * be elected next. Only the reference tells that; of other histories nothing is said.
 */
import type { Header } from '../history/event.ts'
import type { Leads } from '../history/groups-log.ts'
import type { Elected, InSync, RoleTaken } from '../history/roles.ts'
import type { Acked } from './acknowledged.ts'
import type { Anomaly } from './checker.ts'
import type { FaultLog } from './fault-log.ts'
import { MastersByHand } from './masters-by-hand.ts'

interface Election {
  readonly seq: number
  readonly master: string
  readonly epoch: number
}

/** What is known of one broker's name. */
export interface Home {
  readonly name: string
  readonly processes: readonly string[]
  /** Who has been master, or in the set. */
  readonly replicas: Set<string>
  /** Who may be elected. */
  set: readonly string[]
  readonly elections: Election[]
  /** epoch → who took up the role of a master in it first. */
  readonly masters: Map<number, string>
  /** Who is master because an administrator has said so. */
  readonly byHand: MastersByHand
  /** The last event by which somebody became master, and who. */
  crowned: { readonly seq: number; readonly master: string } | null
  /** The last event by which somebody was elected who was in no set. */
  uncleanAt: number
}

export class Reigns {
  readonly homes: readonly Home[]
  private readonly faults: FaultLog

  constructor(faults: FaultLog, { brokers, slaves = [] }: Pick<Header, 'brokers' | 'slaves'>) {
    this.faults = faults
    this.homes = brokers.map((name) => ({
      name,
      processes: [name, ...slaves.flatMap((slave) => (slave.of === name ? [slave.name] : []))],
      replicas: new Set(),
      set: [],
      elections: [],
      masters: new Map(),
      byHand: new MastersByHand(name),
      crowned: null,
      uncleanAt: -1,
    }))
  }

  named(name: string): Home | undefined {
    return this.homes.find((home) => home.name === name)
  }

  homeOf(process: string): Home | undefined {
    return this.homes.find(({ processes }) => processes.includes(process))
  }

  /** The name of which it is a process, where masters are elected. */
  electing(process: string): Home | undefined {
    return this.homes.find(({ processes, elections }) => elections.length > 0 && processes.includes(process))
  }

  /** Of a group: it leads in this term. */
  led({ p, v: { term } }: Leads, seq: number): void {
    const home = this.homeOf(p)
    if (home === undefined) return
    home.elections.push({ seq, master: p, epoch: term })
    for (const process of home.processes) home.replicas.add(process)
  }

  /** Controllers that find what others of them have decided say it again: that is no other election. */
  elected({ v: { broker, master, epoch } }: Elected, seq: number): void {
    const home = this.named(broker)
    if (home === undefined) return
    if (!home.elections.some((known) => known.master === master && known.epoch === epoch)) {
      if (home.set.length > 0 && !home.set.includes(master)) home.uncleanAt = seq
      home.elections.push({ seq, master, epoch })
    }
    home.replicas.add(master)
    home.set = [master]
  }

  /** The election that the one of event `seq` contradicts: of somebody else, in the same epoch or in a later one. */
  rivalOf({ v: { broker, master, epoch } }: Elected, seq: number): Election | undefined {
    const { elections = [] } = this.named(broker) ?? {}
    if (elections.some((known) => known.master === master && known.epoch === epoch && known.seq < seq)) return undefined
    return elections.findLast((known) => known.epoch >= epoch && known.master !== master && known.seq < seq)
  }

  inSync({ v }: InSync): void {
    const home = this.named(v.broker)
    if (home === undefined) return
    for (const replica of v.set) home.replicas.add(replica)
    home.set = v.set
  }

  took({ p, v }: RoleTaken, seq: number): void {
    const home = this.homeOf(p)
    if (home === undefined) return
    if (v.epoch === 0) return home.byHand.told(p, v.role, seq)
    if (v.role !== 'master') return
    if (!home.masters.has(v.epoch)) home.masters.set(v.epoch, p)
    home.crowned = { seq, master: p }
  }

  /** What an excuse may go by. A master that falls and is master again has begun another reign. */
  factsOf({ ok, began, seq }: Acked): Anomaly['facts'] {
    const { broker } = ok.v
    const home = this.homeOf(broker)
    if (home?.replicas.has(broker) !== true) return {}
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
