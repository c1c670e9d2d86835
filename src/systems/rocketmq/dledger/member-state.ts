/** What a broker remembers as a member of a DLedger group, beside what Raft itself does. */
import type { NodeId, Setting } from '../../../sim/system.ts'
import type { Waiting } from '../broker/state.ts'
import type { RocketmqConfig } from '../config.ts'
import { newSeat, type Seat } from '../raft/host.ts'
import { forkRaft } from '../raft/state.ts'

export interface MemberState extends Seat {
  /** The node after which the group is called: its members answer for this broker. */
  readonly group: NodeId
  /** It leads, all that its log holds is committed and shown, and it takes messages (RMQ-079). */
  serves: boolean
  /** Sends that wait for a majority, in the order of their deadlines. */
  waits: readonly Waiting[]
  deadlineArmed: boolean
}

/** Null where the commit log is a broker's own. */
export function newMember(id: NodeId, { cluster, config, nodes, idOf }: Setting<RocketmqConfig>): MemberState | null {
  if (config.commitLog !== 'dledger') return null
  const name = nodes[id]?.name ?? ''
  const { slaves = [] } = cluster
  const group = slaves.find((slave) => slave.name === name)?.of ?? name
  const members = [group, ...slaves.filter(({ of }) => of === group).map((slave) => slave.name)].map(idOf)
  const strict = config.repairs.includes('strictRaft')
  return {
    ...newSeat(id, members, config.parameters, { strict, ownTermsOnly: strict }),
    group: idOf(group),
    serves: false,
    waits: [],
    deadlineArmed: false,
  }
}

export const forkMember = (member: MemberState): MemberState => ({ ...member, raft: forkRaft(member.raft) })
