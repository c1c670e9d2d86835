/**
 * How the leader's log becomes the group's (RMQ-079; DLedger 0.3.1.2, DLedgerEntryPusher): it looks for where a member's log agrees with its own,
 * what differs is cut off there, and what a majority has is committed.
 *
 * Simplified: one push is on its way to each member at a time, and is sent anew after a second; DLedger has up to a thousand of one entry each.
 */
import { mix } from '../../../plan/hash.ts'
import type { Us } from '../../../plan/units.ts'
import type { NodeId } from '../../../sim/system.ts'
import { becomeCandidate, follow, takeTerm } from './role.ts'
import { joined, partingOf, spansBetween, termBefore, type Span } from './log-terms.ts'
import type { EntriesPushed, Frame, PushEntries } from './messages.ts'
import { noteCut, type Host, type Peer, type Raft } from './state.ts'

/** To every member that has answered for what it was sent last. */
export function pushAll(raft: Raft, host: Host): void {
  commit(raft, host)
  for (const peer of raft.peers) if (!peer.out) push(raft, host, peer)
}

export function push(raft: Raft, host: Host, peer: Peer): void {
  const { end, places, extents } = host.read(peer.next)
  const frame: Frame = {
    at: peer.next,
    end,
    termBefore: termBefore(raft.spans, peer.next),
    spans: spansBetween(raft.spans, peer.next, end),
    places,
    extents,
    isWhole: end === raft.end,
  }
  Object.assign(peer, { out: true, sentAt: host.uptime, pushed: peer.pushed + 1 })
  const salt = (raft.term * 1024 + peer.pushed) * 64 + peer.id
  host.send(peer.id, { type: 'pushEntries', salt, term: raft.term, n: peer.pushed, frame, committed: raft.committed })
  const counted = host.rules.countedOf(peer.match, end)
  if (counted > peer.match) {
    peer.match = counted
    commit(raft, host)
  }
}

export function onPushEntries(raft: Raft, host: Host, from: NodeId, message: PushEntries): void {
  const { term, n, frame } = message
  // Raft §5.1: who leads an older term is not heard, and learns of it.
  if (term < raft.term) return refuse(raft, host, from, message)
  if (term > raft.term && !takeTerm(raft, host, term)) return
  follow(raft, host, from)
  if (n <= raft.seen) return
  raft.seen = n
  const agrees = raft.end >= frame.at && host.rules.followsOn(termBefore(raft.spans, frame.at), frame.termBefore)
  if (!agrees) return refuse(raft, host, from, message)
  raft.agreed = merge(raft, host, frame)
  learn(raft, host, Math.min(message.committed, raft.agreed))
  answer(raft, host, from)
}

function refuse({ term, spans, end, committed }: Raft, host: Host, leader: NodeId, { n, frame, salt }: PushEntries): void {
  const refusal = { agreed: -1, safe: -1, hint: whereToLook(spans, end, frame), committed }
  host.send(leader, { type: 'entriesPushed', salt, term, n, ...refusal })
}

/** A follower says how far it is: when it is pushed to, and again when it has forced more of what it answers for. */
export function answer(raft: Raft, host: Host, leader: NodeId): void {
  const { agreed, committed, term, seen: n } = raft
  const safe = Math.min(agreed, host.answersFor())
  const salt = mix(mix(term, n), safe)
  host.send(leader, { type: 'entriesPushed', salt, term, n, agreed, safe, hint: -1, committed })
}

/** The beginning of the term that differs, or the end of a log that is too short. */
function whereToLook(spans: readonly Span[], end: number, { at }: Frame): number {
  if (end < at) return end
  return spans.findLast((span) => span.from < at)?.from ?? 0
}

/** Gives how far the log is the leader's now. */
function merge(raft: Raft, host: Host, frame: Frame): number {
  const own = spansBetween(raft.spans, frame.at, raft.end)
  const parting = partingOf(own, frame.spans, frame.at, Math.min(raft.end, frame.end))
  const differs = parting < frame.end && parting < raft.end
  const isLonger = frame.isWhole && raft.end > frame.end
  if ((differs || isLonger) && host.rules.cutsWhatDiffers()) {
    noteCut(raft, host.cut(parting))
  }
  if (raft.end < frame.end) {
    const from = raft.end
    raft.end = host.take(frame)
    raft.spans = joined(raft.spans, spansBetween(frame.spans, from, raft.end))
  }
  return Math.min(raft.end, frame.end)
}

function learn(raft: Raft, host: Host, committed: number): void {
  if (committed <= raft.committed) return
  raft.committed = Math.min(committed, raft.end)
  host.committed()
}

export function onEntriesPushed(raft: Raft, host: Host, from: NodeId, answered: EntriesPushed): void {
  const { term, n, agreed, safe, hint, committed } = answered
  if (term > raft.term) {
    if (takeTerm(raft, host, term)) becomeCandidate(raft, host)
    return host.wake(0)
  }
  const peer = raft.peers.find(({ id }) => id === from)
  if (raft.role !== 'leader' || peer === undefined || term !== raft.term) return
  peer.heardAt = host.uptime
  peer.told = Math.max(peer.told, committed)
  peer.next = Math.max(peer.next, agreed)
  peer.match = Math.max(peer.match, safe)
  commit(raft, host)
  if (n !== peer.pushed) return
  peer.out = false
  peer.confirmedAt = peer.sentAt
  if (agreed < 0) peer.next = Math.min(hint, peer.next)
  if (peer.next < raft.end || agreed < 0) push(raft, host, peer)
}

/** How far a majority answers for the leader's log. */
export function commit(raft: Raft, host: Host): void {
  if (raft.role !== 'leader') return
  const reached = [host.answersFor(), ...raft.peers.map(({ match }) => match)].sort((x, y) => y - x)
  const at = reached.find((_, k) => host.rules.isMajority(k + 1, reached.length)) ?? 0
  if (at <= raft.committed || !host.rules.mayCommit(termBefore(raft.spans, at), raft.term, raft.shape.ownTermsOnly)) return
  raft.committed = Math.min(at, raft.end)
  host.committed()
  host.wake(raft.shape.pushTimeoutUs)
}

/** Until then, at least, nobody else was elected: a majority has answered what this leader sent at that time. */
export function sureToLeadAt({ peers, role }: Raft, host: Host): Us {
  if (role !== 'leader') return -1
  const confirmed = [host.uptime, ...peers.map(({ confirmedAt }) => confirmedAt)].sort((x, y) => y - x)
  return confirmed.find((_, k) => host.rules.isMajority(k + 1, confirmed.length)) ?? -1
}
