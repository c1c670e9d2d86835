/** What a broker remembers of its copies: a master of each slave, a slave of its master, and both of who waits; and its role, where it is given one. */
import type { Us } from '../../../plan/units.ts'
import type { NodeId, Setting } from '../../../sim/system.ts'
import type { RocketmqConfig } from '../config.ts'
import { forkReplica, newReplica, type Replica } from '../controller/replica-state.ts'
import type { StoredStatus } from '../messages.ts'
import type { Waiting } from './state.ts'

/** What never changes. */
export interface HaShape {
  /** Of a slave; -1: this one is the master, or is told by a controller what it is. */
  readonly master: NodeId
  /** Who may connect as a slave. */
  readonly slaves: readonly NodeId[]
  /** So many slaves must have a record before its sender is told so; 0: nobody waits. */
  readonly copies: number
}

/** The master's side of a connection. */
export interface Link {
  readonly slave: NodeId
  /** How far the slave has said that it is. */
  max: number
  /** When it said last that it has everything. */
  caughtUpAt: Us
  /** What is sent next. */
  next: number
  /** Frames sent; the last one is on its way while `out`, since `sentAt`. */
  sent: number
  sentAt: Us
  out: boolean
}

/** A send that waits for slaves; `status` is what it has come to at this broker. */
export interface CopyWait {
  readonly waiting: Waiting
  readonly status: StoredStatus
  readonly deadline: Us
}

export interface HaState {
  readonly shape: HaShape
  links: Link[]
  waits: CopyWait[]
  /** When the first of those that wait gives up; -1: no timer is armed. */
  deadlineAt: Us
  /** The timers of the transfer are armed. */
  transferArmed: boolean
  resendArmed: boolean
  /** Of a slave: it has come to bytes of which it can make nothing. */
  stuck: boolean
  /** Of a slave: whether its master has heard it, and the last frame. */
  connected: boolean
  seen: number
  /** Null unless controllers give out roles. */
  readonly replica: Replica | null
}

/** Whom a slave copies; -1: nobody, it is a master, or does not know. */
export const masterOf = ({ shape, replica }: HaState): NodeId =>
  replica === null ? shape.master : replica.role === 'slave' ? replica.view.master : -1

/** Null where a broker has neither slaves nor a wish for them, nor anybody who gives it a role; and where its log is a group's. */
export function newHa(id: NodeId, setting: Setting<RocketmqConfig>): HaState | null {
  const { cluster, config, nodes, idOf } = setting
  if (config.commitLog === 'dledger') return null
  const name = nodes[id]?.name ?? ''
  const of = cluster.slaves?.find((slave) => slave.name === name)?.of
  const replica = newReplica(id, of ?? name, setting)
  const slaves = (cluster.slaves ?? []).filter((slave) => slave.of === name).map((slave) => idOf(slave.name))
  const waits = replica !== null || (config.brokerRole === 'SYNC_MASTER' && of === undefined)
  const copies = waits ? config.parameters.inSyncReplicas - 1 : 0
  if (slaves.length === 0 && of === undefined && copies === 0 && replica === null) return null
  const shape = { master: of === undefined || replica !== null ? -1 : idOf(of), slaves: replica?.shape.others ?? slaves, copies }
  return {
    shape,
    links: [],
    waits: [],
    deadlineAt: -1,
    transferArmed: false,
    resendArmed: false,
    stuck: false,
    connected: false,
    seen: 0,
    replica,
  }
}

export const forkHa = (ha: HaState): HaState => ({
  ...ha,
  links: ha.links.map((link) => ({ ...link })),
  waits: ha.waits.slice(),
  replica: ha.replica === null ? null : forkReplica(ha.replica),
})
