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
  const hearing = new Hearing(header, new Ledger())
  const running = able.map((checker) => ({ id: checker.id, judge: hearing.admit(checker) }))
  return {
    on: (event) => hearing.on(event),
    end(drain) {
      const found = new Map(running.map(({ id, judge }) => [id, judge.end(drain)]))
      return new Map(asked.map((checker) => [checker.id, found.get(checker.id) ?? unjudged(checker, header)]))
    },
  }
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
