/** One pass over a history for all checkers. */
import type { Event, Header } from '../history/event.ts'
import { checkers } from './catalogue.ts'
import type { Checker, Drain, Findings, GuaranteeId } from './checker.ts'
import { Hearing } from './hearing.ts'
import { lacking } from './judge.ts'
import { Ledger } from './ledger.ts'

export interface Checks {
  on(event: Event): void
  /** The findings of each checker that was asked for, in the order of the catalogue. Call it once, after the last event. */
  end(drain: Drain): Map<GuaranteeId, Findings>
}

/** The guarantees to judge; all when absent. */
type Only = readonly GuaranteeId[]

export function startChecks(header: Header, only?: Only): Checks {
  const asked = checkers.filter((checker) => only === undefined || only.includes(checker.id))
  const able = asked.filter((checker) => lacking(checker.needs, header).length === 0 && checker.idle(header) === null)
  const ledger = new Ledger(header)
  const hearing = new Hearing(header, ledger)
  const running = able.map((checker) => ({ id: checker.id, judge: hearing.admit(checker) }))
  return {
    on: (event) => hearing.on(event),
    end(drain) {
      const found = new Map(running.map(({ id, judge }) => [id, withDeletions(judge.end(drain), ledger)]))
      return new Map(asked.map((checker) => [checker.id, found.get(checker.id) ?? unjudged(checker, header)]))
    },
  }
}

/**
 * What contracts decide by, whichever guarantee it is: that files of a log were deleted in this run, in their time or for want of space, and that the
 * message which is missed went with one.
 */
function withDeletions(findings: Findings, { deleted }: Ledger): Findings {
  if (deleted.size === 0 || findings.anomalies.length === 0) return findings
  const anomalies = findings.anomalies.map((anomaly) => {
    const { message } = anomaly.facts
    const own = typeof message === 'number' && deleted.has(message) ? { deleted: true } : {}
    return { ...anomaly, facts: { ...anomaly.facts, deletions: true, ...own } }
  })
  return { ...findings, anomalies }
}

const unjudged = (checker: Checker, header: Header): Findings => ({
  anomalies: [],
  evidence: null,
  notExercised: checker.idle(header) ?? `the history does not record ${lacking(checker.needs, header).join(', ')}`,
})

export function runChecks(header: Header, events: readonly Event[], drain: Drain, only?: Only): Map<GuaranteeId, Findings> {
  const checks = startChecks(header, only)
  // By index: an iterator makes an object for each.
  for (let k = 0; k < events.length; k++) checks.on(events[k] as Event)
  return checks.end(drain)
}
