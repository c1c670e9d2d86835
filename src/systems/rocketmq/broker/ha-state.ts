/** What a broker remembers of its copies: a master of each slave, a slave of its master, and both of who waits; and its role, where it is given one. */
import type { Us } from '../../../plan/units.ts'
import type { NodeId, Setting } from '../../../sim/system.ts'
import type { RocketmqConfig } from '../config.ts'
import { homeOfName, namesakes } from '../nodes.ts'
import { forkActing, newActing, type ActingState } from './acting-state.ts'
import { forkReplica, newReplica, type Replica } from '../controller/replica-state.ts'
import type { StoredStatus } from '../messages.ts'
import type { Waiting } from './state.ts'

/** What never changes. */
export interface HaShape {
  /** Which process stands for the name that it has. */
  readonly home: NodeId
  /** An administrator has said what it is; else the cluster has, or a controller will. */
  readonly byHand: boolean
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
  /** Null unless slaves stand in for masters. */
  readonly acting: ActingState | null
}

/** Whom a slave copies; -1: nobody, it is a master, or does not know. */
export const masterOf = ({ shape, replica }: HaState): NodeId =>
  replica === null ? shape.master : replica.role === 'slave' ? replica.view.master : -1

/** Whom a process copies; -1: nobody. What an administrator has said goes before what the cluster says. */
function masterByRole(id: NodeId, home: NodeId, follows: NodeId | null): NodeId {
  const master = follows ?? home
  return master === id ? -1 : master
}

/** Null where a broker has neither slaves nor a wish for them, nor anybody who gives it a role; and where its log is a group's. */
export function newHa(id: NodeId, setting: Setting<RocketmqConfig>, follows: NodeId | null): HaState | null {
  const { cluster, config, nodes, idOf } = setting
  if (config.commitLog === 'dledger') return null
  const home = homeOfName(cluster, nodes[id]?.name ?? '')
  const replica = newReplica(id, home, setting)
  const master = replica === null ? masterByRole(id, idOf(home), follows) : -1
  const others = namesakes(cluster, home)
    .map(idOf)
    .filter((one) => one !== id)
  const waits = replica !== null || (config.brokerRole === 'SYNC_MASTER' && master < 0)
  const copies = waits ? config.parameters.inSyncReplicas - 1 : 0
  if (others.length === 0 && copies === 0 && replica === null) return null
  return {
    shape: { home: idOf(home), byHand: follows !== null, master, slaves: master < 0 ? others : [], copies },
    links: [],
    waits: [],
    deadlineAt: -1,
    transferArmed: false,
    resendArmed: false,
    stuck: false,
    connected: false,
    seen: 0,
    replica,
    acting: config.enableSlaveActingMaster && others.length > 0 ? newActing(master < 0) : null,
  }
}

export const forkHa = (ha: HaState): HaState => ({
  ...ha,
  links: ha.links.map((link) => ({ ...link })),
  waits: ha.waits.slice(),
  replica: ha.replica === null ? null : forkReplica(ha.replica),
  acting: ha.acting === null ? null : forkActing(ha.acting),
})
/** Somebody else must have a record before its sender is told that it is stored. */
export const waitsForCopies = ({ shape, replica }: HaState): boolean => shape.copies > 0 || replica?.shape.allAck === true
