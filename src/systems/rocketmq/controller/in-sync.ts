/** What the SyncStateSet means to its master (RMQ-030, RMQ-077): whose acknowledgements count, and how much of the log consumers are shown. */
import type { Env, NodeId } from '../../../sim/system.ts'
import type { HaState, Link } from '../broker/ha-state.ts'
import type { BrokerRules } from '../broker/rules.ts'
import type { BrokerState } from '../broker/state.ts'
import type { Replica } from './replica-state.ts'

type BrokerEnv = Env<BrokerRules>

/** All who must have a record, the master counted in. */
const members = (env: BrokerEnv, { view, asked }: Replica): readonly NodeId[] => env.rules.setInForce(view.set, asked)

export const linkTo = ({ links }: HaState, slave: NodeId): Link | undefined => links.find((link) => link.slave === slave)

/** RMQ-077: needed acks of -1 mean the whole set. */
export function setHas(env: BrokerEnv, ha: HaState, replica: Replica, end: number): boolean {
  const all = members(env, replica)
  const acks = ha.links.flatMap(({ slave, max }) => (all.includes(slave) ? [max] : []))
  return env.rules.hasAllAcks(acks, all.length, end)
}

/** RMQ-077: why a new send is refused. */
export const lacksReplicas = ({ ha, shape }: BrokerState, env: BrokerEnv): boolean =>
  ha !== null && ha.replica !== null && !env.rules.hasEnoughInSync(members(env, ha.replica).length, shape.parameters.minInSyncReplicas)

/** RMQ-030: up to where consumers are shown the log. */
export function confirmed({ id, log }: BrokerState, env: BrokerEnv, ha: HaState, replica: Replica): number {
  if (replica.role === 'master') {
    const others = members(env, replica).filter((member) => member !== id)
    const all = replica.shape.allAck && others.length > 0
    replica.confirm = all
      ? env.rules.confirmOffset(
          replica.confirm,
          others.map((member) => linkTo(ha, member)?.max ?? null),
          log.end,
        )
      : log.end
  }
  return Math.min(replica.confirm, log.end)
}
