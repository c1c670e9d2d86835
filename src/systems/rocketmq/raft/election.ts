/**
 * Who leads (DLedger 0.3.1.2, DLedgerLeaderElector). A candidate asks first in the term that it knows, in which it has often given its vote away
 * already: so it hears of a leader that it has merely lost sight of, and who is cut off raises no term. Only a round that a majority answered and
 * nobody won leads to the next term.
 *
 * Simplified: who hears of a later term takes it over and votes at once; DLedger asks him to come again for that.
 * Left out: the transfer of leadership to a preferred member.
 */
import type { NodeId } from '../../../sim/system.ts'
import { joined, termBefore } from './log-terms.ts'
import type { AskVote, Ballot, VoteAnswer, VoteGiven } from './messages.ts'
import { others, type Host, type Raft } from './state.ts'
import { pushAll } from './replication.ts'
import { becomeCandidate, takeTerm } from './role.ts'

const endOf = ({ spans, end }: Raft): { term: number; end: number } => ({ term: termBefore(spans, end), end })

const interval = ({ shape }: Raft, host: Host): number => shape.voteMinUs + host.jitter(shape.voteMaxUs - shape.voteMinUs)

/** The next round of a candidate. */
export function ask(raft: Raft, host: Host): void {
  if (raft.raises && !takeTerm(raft, host, raft.term + 1)) return waitFor(raft, host, interval(raft, host))
  const { voteWaitUs, voteMaxUs } = raft.shape
  const wait = voteWaitUs + host.jitter(voteMaxUs)
  const own: Ballot = { from: raft.id, term: raft.term, answer: voteFor(raft, host, raft.id) }
  raft.round = { until: host.uptime + wait, ballots: [own] }
  const { term, end } = endOf(raft)
  const salt = raft.term * 64 + raft.id
  for (const to of others(raft)) host.send(to, { type: 'askVote', salt, term: raft.term, end, endTerm: term })
  host.wake(wait)
  count(raft, host)
}

function waitFor(raft: Raft, host: Host, delay: number): void {
  raft.round = null
  raft.asksAt = host.uptime + delay
  host.wake(delay)
}

function voteFor(raft: Raft, host: Host, candidate: NodeId): VoteAnswer {
  if (!host.rules.mayVoteFor(candidate, raft.votedFor)) return raft.leader >= 0 ? 'has leader' : 'has voted'
  if (raft.votedFor === candidate) return 'granted'
  if (!host.saveVote(raft.term, candidate)) return 'has voted'
  raft.votedFor = candidate
  return 'granted'
}

export function onAskVote(raft: Raft, host: Host, from: NodeId, asked: AskVote): void {
  const answer = answerTo(raft, host, from, asked)
  host.send(from, { type: 'voteGiven', salt: asked.salt, asked: asked.term, term: raft.term, answer })
}

function answerTo(raft: Raft, host: Host, from: NodeId, { term, end, endTerm }: AskVote): VoteAnswer {
  if (!host.rules.isLogUpToDate({ term: endTerm, end }, endOf(raft))) return 'longer log'
  if (term < raft.term) return 'old term'
  if (term > raft.term) {
    if (!takeTerm(raft, host, term)) return 'has voted'
    becomeCandidate(raft, host)
    waitFor(raft, host, interval(raft, host))
  }
  return voteFor(raft, host, from)
}

export function onVoteGiven(raft: Raft, host: Host, from: NodeId, { asked, term, answer }: VoteGiven): void {
  const { round } = raft
  if (round === null || asked !== raft.term || round.ballots.some((one) => one.from === from)) return
  raft.round = { until: round.until, ballots: [...round.ballots, { from, term, answer }] }
  count(raft, host)
}

/** A round ends when it is won, when a leader is heard of, when all have answered, or when its time is up. */
export function count(raft: Raft, host: Host): void {
  const { round, shape } = raft
  if (round === null) return
  const isMajority = (count: number): boolean => host.rules.isMajority(count, shape.members.length)
  const said = (answer: VoteAnswer): number => round.ballots.filter((one) => one.answer === answer).length
  if (isMajority(said('granted'))) return lead(raft, host)
  const hasLeader = said('has leader') > 0
  if (!hasLeader && round.ballots.length < shape.members.length && host.uptime < round.until) return
  const latest = round.ballots.reduce((term, one) => Math.max(term, one.term), raft.term)
  const again = interval(raft, host)
  if (latest > raft.term) takeTerm(raft, host, latest)
  else if (hasLeader) return waitFor(raft, host, again + shape.silenceUs)
  else if (!isMajority(round.ballots.length)) return waitFor(raft, host, again)
  else if (!isMajority(round.ballots.length - said('longer log'))) return waitFor(raft, host, again + shape.voteMaxUs)
  else raft.raises = true
  waitFor(raft, host, again)
}

function lead(raft: Raft, host: Host): void {
  const { end, shape } = raft
  // Who led in this term before it was started again counts on from there.
  const peer = { match: 0, next: end, pushed: host.uptime, out: false, sentAt: 0, heardAt: host.uptime, confirmedAt: -1, told: -1 }
  const peers = others(raft).map((id) => ({ id, ...peer }))
  Object.assign(raft, { role: 'leader', leader: raft.id, round: null, raises: false, heardAt: host.uptime, peers })
  if (shape.ownTermsOnly) {
    const from = raft.end
    raft.end = host.takeOffice()
    raft.spans = joined(raft.spans, [{ term: raft.term, from }])
  }
  host.roleChanged()
  pushAll(raft, host)
  host.wake(shape.pushTimeoutUs)
}
