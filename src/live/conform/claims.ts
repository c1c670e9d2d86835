/** Claims against observations: what documentation or author say of each guarantee, beside what was seen. */
import type { GuaranteeId } from '../../check/checker.ts'
import type { RunResult } from '../../harness/run-plan.ts'
import type { Claim } from '../target.ts'
import type { Counts } from './counts.ts'
import type { ClaimResult, ConformGuarantee } from './document.ts'

export const grouped = (n: number): string => n.toLocaleString('en-US')
export const counted = (n: number, noun: string): string => `${grouped(n)} ${noun}${n === 1 ? '' : 's'}`

/** "lost 1,962 of 17,563": anomalies by name against the acknowledged messages of the rounds in which they were looked for. */
export function seenText(anomalies: Readonly<Record<string, number>>, { acked, rounds }: Counts): string {
  const names = Object.entries(anomalies).filter(([, count]) => count > 0)
  const where = `${grouped(acked)} acknowledged, ${counted(rounds, 'round')}`
  if (names.length > 0) return `${names.map(([name, count]) => `${name} ${grouped(count)}`).join(', ')} (of ${where})`
  return rounds === 0 ? 'nothing could have broken it' : `nothing amiss (${where})`
}

/**
 * The guarantees whose claims these findings break by their own words: none of the faults that they except took effect. What the contract excuses
 * counts too: it may know better than the documentation what a broker keeps.
 */
export function contradictedBy(claims: readonly Claim[], { judgements, facts }: Pick<RunResult, 'judgements' | 'facts'>): GuaranteeId[] {
  const broken = claims.filter(({ guarantee, promised, except }) => {
    const judgement = judgements.find(({ id }) => id === guarantee)
    if (judgement === undefined || !promised || except.some((kind) => facts.effective.has(kind))) return false
    return judgement.violations.length + judgement.excused.length > 0
  })
  return broken.map(({ guarantee }) => guarantee)
}

function standing(
  claim: Claim,
  { verdict, counts, anomalies }: ConformGuarantee,
  contradicted: ReadonlySet<GuaranteeId>,
): ClaimResult['stands'] {
  if (counts.rounds === 0) return 'not tested'
  const broke = Object.values(anomalies).some((count) => count > 0)
  if (!claim.promised) return broke ? 'as claimed' : 'not seen to break'
  if (verdict === 'violated' || contradicted.has(claim.guarantee)) return 'contradicted'
  return verdict === 'upheld' || verdict === 'allowed' ? 'as claimed' : 'not tested'
}

/** Claims of guarantees that were judged. */
export function claimResults(
  claims: readonly Claim[],
  guarantees: readonly ConformGuarantee[],
  contradicted: ReadonlySet<GuaranteeId>,
): ClaimResult[] {
  return claims.flatMap((claim) => {
    const seen = guarantees.find((one) => one.id === claim.guarantee)
    if (seen === undefined) return []
    return [{ ...claim, verdict: seen.verdict, stands: standing(claim, seen, contradicted), seen: seenText(seen.anomalies, seen.counts) }]
  })
}
