/** Claims against observations: what documentation or author say of each guarantee, beside what was seen. */
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

function standing({ promised }: Claim, { verdict, counts, anomalies }: ConformGuarantee): ClaimResult['stands'] {
  if (counts.rounds === 0) return 'not tested'
  const broke = Object.values(anomalies).some((count) => count > 0)
  if (!promised) return broke ? 'as claimed' : 'not seen to break'
  if (verdict === 'violated') return 'contradicted'
  return verdict === 'upheld' || verdict === 'allowed' ? 'as claimed' : 'not tested'
}

/** Claims of guarantees that were judged. */
export function claimResults(claims: readonly Claim[], guarantees: readonly ConformGuarantee[]): ClaimResult[] {
  return claims.flatMap((claim) => {
    const seen = guarantees.find((one) => one.id === claim.guarantee)
    if (seen === undefined) return []
    return [{ ...claim, verdict: seen.verdict, stands: standing(claim, seen), seen: seenText(seen.anomalies, seen.counts) }]
  })
}
