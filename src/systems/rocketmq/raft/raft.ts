/**
 * A member of a Raft group as a pure state machine: what comes in changes its own state, and leaves through its host. A broker runs one for its
 * commit log; a test runs many, in a world of a few lines.
 *
 * One timer is enough. It is armed for when something can be due, and looked at then: a follower does not set a clock anew with every heartbeat.
 */
import type { Us } from '../../../plan/units.ts'
import type { NodeId } from '../../../sim/system.ts'
import { ask, count, onAskVote, onVoteGiven } from './election.ts'
import { becomeCandidate } from './role.ts'
import type { RaftMessage } from './messages.ts'
import type { Host, Raft } from './state.ts'
import { onEntriesPushed, onPushEntries, push } from './replication.ts'

/**
 * The process starts, with what its disk holds. As shipped it asks in the term that it finds, in which it may have led and lost the end of its log
 * since: then two entries of one term can have one place.
 */
export function startRaft(raft: Raft, host: Host): void {
  raft.role = 'candidate'
  raft.raises = host.rules.raisesAtStart(raft.shape.startsAnew)
  ask(raft, host)
}

/** The process starts, and leaves it to another one to ask first. */
export function startLater(raft: Raft, host: Host): void {
  raft.role = 'candidate'
  raft.raises = host.rules.raisesAtStart(raft.shape.startsAnew)
  raft.asksAt = host.uptime + raft.shape.voteMinUs + host.jitter(raft.shape.voteMaxUs)
  host.wake(raft.asksAt - host.uptime)
}

export function onRaftMessage(raft: Raft, host: Host, from: NodeId, message: RaftMessage): void {
  switch (message.type) {
    case 'askVote':
      return onAskVote(raft, host, from, message)
    case 'voteGiven':
      return onVoteGiven(raft, host, from, message)
    case 'pushEntries':
      return onPushEntries(raft, host, from, message)
    case 'entriesPushed':
      return onEntriesPushed(raft, host, from, message)
  }
}

export function tick(raft: Raft, host: Host): void {
  switch (raft.role) {
    case 'leader':
      return tickLeader(raft, host)
    case 'follower':
      return tickFollower(raft, host)
    case 'candidate':
      return tickCandidate(raft, host)
  }
}

function tickFollower(raft: Raft, host: Host): void {
  const silent = host.uptime - raft.heardAt
  if (!host.rules.isSilent(silent, raft.shape.silenceUs)) return host.wake(raft.shape.silenceUs - silent)
  becomeCandidate(raft, host)
  ask(raft, host)
}

function tickCandidate(raft: Raft, host: Host): void {
  const { round } = raft
  if (round !== null) return host.uptime < round.until ? host.wake(round.until - host.uptime) : count(raft, host)
  if (host.uptime < raft.asksAt) return host.wake(raft.asksAt - host.uptime)
  ask(raft, host)
}

/** The moment at which a majority was last heard, the leader itself counted in. */
function majorityHeardAt({ peers }: Raft, host: Host): Us {
  const heard = [host.uptime, ...peers.map(({ heardAt }) => heardAt)].sort((x, y) => y - x)
  return heard.find((_, k) => host.rules.isMajority(k + 1, heard.length)) ?? 0
}

function tickLeader(raft: Raft, host: Host): void {
  const { heartbeatUs, silenceUs, pushTimeoutUs } = raft.shape
  if (host.rules.givesUp(host.uptime - majorityHeardAt(raft, host), silenceUs)) {
    becomeCandidate(raft, host)
    return ask(raft, host)
  }
  for (const peer of raft.peers) if (!peer.out || host.uptime - peer.sentAt >= pushTimeoutUs) push(raft, host, peer)
  const isBehind = raft.peers.some(({ next, told }) => next < raft.end || told < raft.committed)
  host.wake(isBehind ? Math.min(pushTimeoutUs, heartbeatUs) : heartbeatUs)
}
