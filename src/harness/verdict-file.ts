/** `verdict.json`: what was judged about one run, for programs. */
import { z } from 'zod'
import { VERDICTS } from '../contract/contract.ts'
import { judgementOf, type RunResult } from './run-plan.ts'

export const VERDICT_FORMAT = 'mqproof-verdict/1'

const AnomalyJson = z.strictObject({
  name: z.string(),
  summary: z.string(),
  /** Simulated microseconds; -1 where the anomaly is an absence. */
  t: z.int(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** Numbers (`i`) of the events that show it. */
  events: z.array(z.int()),
})

export const VerdictFile = z.strictObject({
  format: z.literal(VERDICT_FORMAT),
  version: z.string(),
  /** The guarantee that the run was kept for. */
  guarantee: z.string(),
  summary: z.string(),
  traceHash: z.string(),
  /** How to draw the original plan again; absent when it came from a file. */
  origin: z.strictObject({ seed: z.string(), run: z.int().positive(), preset: z.string() }).optional(),
  guarantees: z.array(
    z.strictObject({
      id: z.string(),
      verdict: z.enum(VERDICTS),
      reason: z.string(),
      violations: z.array(AnomalyJson),
      excused: z.array(z.strictObject({ ...AnomalyJson.shape, reason: z.string() })),
    }),
  ),
})
export type VerdictFile = z.infer<typeof VerdictFile>

type AnomalyJson = z.infer<typeof AnomalyJson>

const anomalyJson = (anomaly: {
  name: string
  summary: string
  t: number
  facts: AnomalyJson['facts']
  events: readonly number[]
}): AnomalyJson => ({
  name: anomaly.name,
  summary: anomaly.summary,
  t: anomaly.t,
  facts: { ...anomaly.facts },
  events: [...anomaly.events],
})

export function verdictFile(result: RunResult, guarantee: string, summary: string, origin?: VerdictFile['origin']): VerdictFile {
  const guarantees = result.judgements.map(({ id, verdict, reason, violations, excused }) => ({
    id,
    verdict,
    reason,
    violations: violations.map(anomalyJson),
    excused: excused.map((one) => ({ ...anomalyJson(one.anomaly), reason: one.reason })),
  }))
  const named = judgementOf(result, guarantee)
  return {
    format: VERDICT_FORMAT,
    version: result.outcome.header.version,
    guarantee,
    summary: summary === '' ? (named?.reason ?? '') : summary,
    traceHash: result.outcome.traceHash,
    ...(origin === undefined ? {} : { origin }),
    guarantees,
  }
}
