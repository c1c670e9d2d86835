/**
 * Recordings: histories of real brokers, compressed, with what was judged of them. Judged again by every later version, they keep the
 * checkers honest about what brokers really do, on machines without a broker.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { writeHistory } from '../../harness/history-file.ts'
import type { Judgement } from '../../harness/judge.ts'
import type { RunResult } from '../../harness/run-plan.ts'

export interface Recorded {
  readonly row: string
  readonly guarantee: string
  /** Guarantee → how it was judged, and how many anomalies there were. */
  readonly verdicts: Readonly<Record<string, { readonly verdict: string; readonly violations: number; readonly excused: number }>>
}

export const HISTORY_ENDING = '.jsonl.gz'
export const VERDICTS_ENDING = '.verdicts.json'

export const verdictsOf = (judgements: readonly Judgement[]): Recorded['verdicts'] =>
  Object.fromEntries(
    judgements.map(({ id, verdict, violations, excused }) => [id, { verdict, violations: violations.length, excused: excused.length }]),
  )

export function record(dir: string, row: string, guarantee: string, { outcome, events, judgements }: RunResult): void {
  const recorded: Recorded = { row, guarantee, verdicts: verdictsOf(judgements) }
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, `${row}${HISTORY_ENDING}`), gzipSync(writeHistory({ header: outcome.header, events }), { level: 9 }))
  writeFileSync(join(dir, `${row}${VERDICTS_ENDING}`), `${JSON.stringify(recorded, null, 2)}\n`)
}
