/** What a controller knows: what is decided, whom it has heard of, and, where there are several, its place among them. */
import type { Us } from '../../../plan/units.ts'
import type { NodeId, Setting } from '../../../sim/system.ts'
import type { RocketmqConfig } from '../config.ts'
import type { RoleView } from '../controller-messages.ts'
import { namesakes } from '../nodes.ts'
import { newQuorum, type Quorum } from './quorum-state.ts'
import type { Candidate } from './rules.ts'

/** What is decided for one broker name, which its first process stands for. */
export interface Decided extends RoleView {
  readonly home: NodeId
}

/** One decision: who is master, or who is in sync; and who has asked for it, -1 for nobody. */
export interface Decision {
  readonly of: 'election' | 'set'
  readonly asker: NodeId
  readonly next: Decided
}

/** A replica, and when it was heard of last. */
export interface Heard extends Candidate {
  readonly at: Us
  /** The incarnation by whose connection it was heard. */
  readonly connection: number
}

interface ControllerShape {
  readonly names: readonly string[]
  /** The processes of each broker name, the one that stands for it first. */
  readonly groups: readonly (readonly NodeId[])[]
  readonly expiryUs: Us
  readonly scanUs: Us
  readonly flushUs: Us
  readonly unclean: boolean
  readonly vouches: boolean
}

export interface ControllerState {
  readonly role: 'controller'
  readonly id: NodeId
  readonly shape: ControllerShape
  startedAt: Us
  /** Of one that is alone, on disk, too; of several, what their log comes to as far as it is applied. */
  decided: readonly Decided[]
  heard: readonly Heard[]
  /** Null: there is no other controller. */
  quorum: Quorum | null
}

export const bootController = (id: NodeId, { cluster, config, nodes, idOf }: Setting<RocketmqConfig>): ControllerState => ({
  role: 'controller',
  id,
  shape: {
    names: nodes.map(({ name }) => name),
    groups: cluster.brokers.map((home) => namesakes(cluster, home).map(idOf)),
    expiryUs: config.parameters.controllerExpiryUs,
    scanUs: config.parameters.controllerScanUs,
    flushUs: config.parameters.ledgerFlushUs,
    unclean: config.enableElectUncleanMaster,
    vouches: config.repairs.includes('masterLease'),
  },
  startedAt: 0,
  decided: [],
  heard: [],
  quorum: newQuorum(id, (cluster.controllers ?? []).map(idOf), config),
})

export const groupOf = ({ shape }: ControllerState, replica: NodeId): readonly NodeId[] =>
  shape.groups.find((group) => group.includes(replica)) ?? []

export function decidedFor(state: ControllerState, replica: NodeId): Decided {
  const home = groupOf(state, replica)[0] ?? replica
  return state.decided.find((one) => one.home === home) ?? { home, epoch: 0, master: -1, set: [], setEpoch: 0 }
}

/** What is decided for all names once that is. */
export const withDecision = (decided: readonly Decided[], next: Decided): Decided[] =>
  [...decided.filter(({ home }) => home !== next.home), next].map((one) => ({ ...one, set: [...one.set] })).sort((x, y) => x.home - y.home)
