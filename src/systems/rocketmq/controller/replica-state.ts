/** What a broker remembers of its role, where controllers give it out (RMQ-072): which one it has, in which epoch, and who is in sync. */
import type { Us } from '../../../plan/units.ts'
import type { NodeId, Setting } from '../../../sim/system.ts'
import type { RocketmqConfig } from '../config.ts'
import { namesakes } from '../nodes.ts'
import type { EpochEntry, RoleView } from '../controller-messages.ts'

/** What never changes. */
interface ReplicaShape {
  readonly controllers: readonly NodeId[]
  /** Whose name it has: the node that stands for it. */
  readonly home: NodeId
  /** The other replicas. */
  readonly others: readonly NodeId[]
  readonly allAck: boolean
  readonly leased: boolean
}

export interface Replica {
  readonly shape: ReplicaShape
  /** Fenced: nobody has confirmed what it is. */
  role: 'fenced' | 'master' | 'slave'
  /** What it goes by; of a master, its own set. */
  view: RoleView
  /** Of a master that has been told of its successor, and has not stopped yet. */
  successor: RoleView | null
  /** Of a master: the set that it has asked for, until it is told what came of that. */
  asked: readonly NodeId[] | null
  /** RMQ-030: consumers are shown what lies below. */
  confirm: number
  /** On disk, too (RMQ-075). */
  epochs: readonly EpochEntry[]
  /** Of several controllers: who leads, as far as it was told, -1 for nobody; and it has asked, and nobody has named one yet. */
  leader: NodeId
  isLooking: boolean
  /** When the newest heartbeat was sent of which it knows that it was heard (repair masterLease). */
  heardAt: Us
}

export function newReplica(id: NodeId, home: string, { cluster, config, idOf }: Setting<RocketmqConfig>): Replica | null {
  if (!config.enableControllerMode) return null
  const all = namesakes(cluster, home).map(idOf)
  const shape = {
    controllers: (cluster.controllers ?? []).map(idOf),
    home: idOf(home),
    others: all.filter((one) => one !== id),
    allAck: config.allAckInSyncStateSet,
    leased: config.repairs.includes('masterLease'),
  }
  const view = { epoch: 0, master: -1, set: [], setEpoch: 0 }
  return { shape, role: 'fenced', view, successor: null, asked: null, confirm: 0, epochs: [], leader: -1, isLooking: false, heardAt: -1 }
}

export const forkReplica = (replica: Replica): Replica => ({ ...replica })
