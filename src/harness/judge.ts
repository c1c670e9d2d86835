/**
 * From findings and terms to verdicts. What a contract excuses does not count as broken, what nothing could have broken does not count as
 * kept, and what can't be judged is said to be so.
 */
import type { Anomaly, Drain, Findings, GuaranteeId } from '../check/checker.ts'
import type { Pardon, RunFacts, Term, Verdict } from '../contract/contract.ts'

export interface Excused extends Pardon {
  readonly anomaly: Anomaly
}

/** How one guarantee fared in one run. */
export interface Judgement {
  readonly id: GuaranteeId
  readonly verdict: Verdict
  /** The contract demands it of this run, without exceptions or with some; or not at all. */
  readonly promise: 'required' | 'with-excuses' | 'none'
  readonly exercised: boolean
  readonly violations: readonly Anomaly[]
  readonly excused: readonly Excused[]
  /** One sentence; empty when it was upheld. */
  readonly reason: string
}

interface Sorted {
  readonly violations: Anomaly[]
  readonly excused: Excused[]
}

function sortAnomalies(anomalies: readonly Anomaly[], term: Term, run: RunFacts): Sorted {
  const sorted: Sorted = { violations: [], excused: [] }
  for (const anomaly of anomalies) {
    const pardon = typeof term === 'object' && 'excuses' in term ? term.excuses(anomaly, run) : null
    if (pardon === null) sorted.violations.push(anomaly)
    else sorted.excused.push({ anomaly, ...pardon })
  }
  return sorted
}

const NOTHING_TO_BREAK = 'nothing in the run could have broken it'

export function judgeOne(id: GuaranteeId, findings: Findings, term: Term, run: RunFacts): Judgement {
  const exercised = findings.evidence !== null
  if (typeof term === 'object' && 'notApplicable' in term) {
    return { id, verdict: 'not-exercised', promise: 'none', exercised: false, violations: [], excused: [], reason: term.notApplicable }
  }
  const promise = term === 'required' || ('inFull' in term && term.inFull === true) ? 'required' : 'with-excuses'
  const sorted = sortAnomalies(findings.anomalies, term, run)
  const judged = (verdict: Verdict, reason: string): Judgement => ({ id, verdict, promise, exercised, ...sorted, reason })
  const [violation] = sorted.violations
  if (violation !== undefined) return judged('violated', violation.summary)
  if (findings.unknown !== undefined) return judged('unknown', findings.unknown)
  const [excuse] = sorted.excused
  if (excuse !== undefined) return judged('allowed', `${excuse.anomaly.summary}: ${excuse.reason}`)
  return exercised ? judged('upheld', '') : judged('not-exercised', findings.notExercised ?? NOTHING_TO_BREAK)
}

/** A guarantee that the contract does not mention is not promised. */
const UNMENTIONED: Term = { notApplicable: 'the contract of this system says nothing about it' }

/** A source that misbehaved has told nothing that could speak for or against anybody. */
const unreliable = ({ evidence }: Findings, reason: string): Findings => ({ anomalies: [], evidence, unknown: reason })

export function judgeRun(
  findings: ReadonlyMap<GuaranteeId, Findings>,
  terms: ReadonlyMap<GuaranteeId, Term>,
  run: RunFacts,
  { broken }: Pick<Drain, 'broken'> = {},
): Judgement[] {
  return [...findings].map(([id, found]) => {
    const relied = broken === undefined ? found : unreliable(found, broken)
    return judgeOne(id, relied, terms.get(id) ?? UNMENTIONED, run)
  })
}
