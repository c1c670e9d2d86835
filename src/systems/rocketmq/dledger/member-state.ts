/** What a broker remembers as a member of a DLedger group, beside what Raft itself does. */
import type { Us } from '../../../plan/units.ts'
import type { NodeId, Setting } from '../../../sim/system.ts'
import type { Waiting } from '../broker/state.ts'
import type { RocketmqConfig } from '../config.ts'
import { forkRaft, newRaft, type Raft } from './raft-state.ts'

export interface MemberState {
  /** The node after which the group is called: its members answer for this broker. */
  readonly group: NodeId
  /** Repair strictRaft. */
  readonly forced: boolean
  raft: Raft
  /** When Raft's timer fires; -1: it is not armed. */
  wakeAt: Us
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
  const { parameters: p, repairs } = config
  const shape = {
    members,
    heartbeatUs: p.ledgerHeartbeatUs,
    silenceUs: p.ledgerHeartbeatUs * p.ledgerHeartbeatLeak,
    voteMinUs: p.ledgerVoteMinUs,
    voteMaxUs: p.ledgerVoteMaxUs,
    voteWaitUs: p.ledgerVoteWaitUs,
    pushTimeoutUs: p.ledgerPushTimeoutUs,
    startsAnew: repairs.includes('strictRaft'),
    ownTermsOnly: repairs.includes('strictRaft'),
  }
  const forced = repairs.includes('strictRaft')
  return { group: idOf(group), forced, raft: newRaft(id, shape), wakeAt: -1, serves: false, waits: [], deadlineArmed: false }
}

export const forkMember = (member: MemberState): MemberState => ({ ...member, raft: forkRaft(member.raft) })
