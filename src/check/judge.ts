/**
 * How checkers are made. `checker` turns a class of judges into a Checker, and derives from it when a sabotage exists: exactly when the
 * history holds evidence, so that "exercised" has one meaning.
 */
import type { Event, Header, Kind } from '../history/event.ts'
import type { Anomaly, Checker, Drain, Evidence, Findings, GuaranteeId, Hear, Judge, Sort } from './checker.ts'
import { Hearing } from './hearing.ts'
import { Ledger } from './ledger.ts'

const DRAINED: Drain = { drained: true, fresh: false, reason: '' }

/** Of so many anomalies of one name nobody needs another. */
export const ENOUGH = 100

/** The kinds among `needs` that a source can't record. */
export const lacking = (needs: readonly Kind[], header: Header): Kind[] => needs.filter((kind) => !header.records.includes(kind))

/** `spoil` edits a history that `judge` has seen to its end and found evidence in. */
export function checker<J extends Judge>(
  id: GuaranteeId,
  needs: readonly Kind[],
  hears: readonly Sort[],
  start: (header: Header, ledger: Ledger, hear: Hear) => J,
  spoil: (judge: J, events: readonly Event[]) => Event[],
  idle: Checker['idle'] = () => null,
): Checker {
  return {
    id,
    needs,
    hears,
    idle,
    start,
    sabotage(events, header) {
      if (lacking(needs, header).length > 0 || idle(header) !== null) return null
      const hearing = new Hearing(header, new Ledger(header))
      const judge = hearing.admit({ hears, start })
      for (const event of events) hearing.on(event)
      return judge.end(DRAINED).evidence === null ? null : spoil(judge, events)
    },
  }
}

export const evidence = (chances: number, example: () => string): Evidence | null =>
  chances === 0 ? null : { chances, example: example() }

/** Findings of a guarantee that is judged only in runs which came to rest. */
export function whenDrained(drain: Drain, found: Evidence | null, anomalies: readonly Anomaly[]): Findings {
  if (drain.drained || found === null) return { anomalies, evidence: found }
  return { anomalies, evidence: found, unknown: drain.reason === '' ? 'the run did not drain' : `the run did not drain: ${drain.reason}` }
}
