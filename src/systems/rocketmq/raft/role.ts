/** What a member takes itself for: in which term it is, and whom it follows. */
import type { NodeId } from '../../../sim/system.ts'
import type { Host, Raft } from './state.ts'

/** A later term has come. False: it could not be noted, and nothing may follow from it. */
export function takeTerm(raft: Raft, host: Host, term: number): boolean {
  if (!host.saveVote(term, -1)) return false
  raft.term = term
  raft.votedFor = -1
  raft.raises = false
  raft.seen = 0
  raft.agreed = 0
  return true
}

export function becomeCandidate(raft: Raft, host: Host): void {
  const was = raft.role
  Object.assign(raft, { role: 'candidate', leader: -1, round: null, peers: [] })
  if (was !== 'candidate') host.roleChanged()
}

export function follow(raft: Raft, host: Host, leader: NodeId): void {
  const known = raft.role === 'follower' && raft.leader === leader
  Object.assign(raft, { role: 'follower', leader, round: null, peers: [], raises: false, heardAt: host.uptime })
  if (known) return
  host.roleChanged()
  host.wake(raft.shape.silenceUs)
}
