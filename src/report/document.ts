/**
 * The JSON documents that commands print: for scripts and pipelines, so each is a schema first, and what is printed is checked
 * against it in tests. `spec/formats` holds the JSON Schemas that are generated from here.
 */
import { z } from 'zod'
import { VERDICTS } from '../contract/contract.ts'
import { FATES } from '../harness/loss-promise.ts'

const count = z.int().nonnegative()
const id = z.string().min(1)

export const GuaranteeResult = z.strictObject({
  id,
  verdict: z.enum(VERDICTS),
  /** Runs in which the contract required or excused it. */
  promised: count,
  /** Of these, runs that could have broken it. */
  exercised: count,
  violations: count,
  excused: count,
  unknown: count,
  /** Runs by the row of the contract that excused something in them (`mqproof explain ROW`). */
  excuses: z.record(z.string(), count),
  reason: z.string(),
})
export type GuaranteeResult = z.infer<typeof GuaranteeResult>

export const FaultCounts = z.record(z.string(), z.strictObject({ injected: count, effective: count }))
export type FaultCounts = z.infer<typeof FaultCounts>

export const FailureResult = z.strictObject({
  guarantee: id,
  run: count,
  dir: z.string(),
  traceHash: z.string(),
  operations: count,
  faults: count,
  summary: z.string(),
})
export type FailureResult = z.infer<typeof FailureResult>

export const REPLAYS = ['reproduced', 'other-trace', 'gone'] as const

const Reproduced = z.strictObject({ times: count, of: count })

/** What run, replay and check print. */
export const RunDocument = z.strictObject({
  mqproof: z.string(),
  command: z.enum(['run', 'replay', 'check']),
  seed: z.string(),
  runs: count,
  steps: count,
  simulatedMs: z.number().nonnegative(),
  wallMs: z.number().nonnegative(),
  traceHash: z.string(),
  faults: FaultCounts,
  guarantees: z.array(GuaranteeResult),
  failures: z.array(FailureResult),
  replay: z.enum(REPLAYS).optional(),
  /** On a live target, where luck is no part of a plan. */
  reproduced: Reproduced.optional(),
})
export type RunDocument = z.infer<typeof RunDocument>

const size = { operations: count, faults: count }

/** What shrink prints. */
export const ShrinkDocument = z.strictObject({
  mqproof: z.string(),
  command: z.literal('shrink'),
  from: z.strictObject(size),
  /** Runs that it took. */
  tried: count,
  /** Null: the plan violates nothing. */
  failure: FailureResult.nullable(),
  /** On a live target: how often the shrunk plan fails. */
  reproduced: Reproduced.optional(),
})
export type ShrinkDocument = z.infer<typeof ShrinkDocument>

/** What scenario prints. */
export const ScenarioDocument = z.strictObject({
  scenarios: z.array(z.strictObject({ file: z.string(), ok: z.boolean(), updated: z.boolean(), expected: z.string(), actual: z.string() })),
})
export type ScenarioDocument = z.infer<typeof ScenarioDocument>

export const ControlResult = z.strictObject({
  guarantee: id,
  control: z.enum(['holds', 'breaks']),
  preset: z.string(),
  cell: z.string(),
  fault: z.string(),
  ok: z.boolean(),
  runs: count,
  reason: z.string(),
  dir: z.string(),
  summary: z.string(),
})
export type ControlResult = z.infer<typeof ControlResult>

/** A cell of the loss matrix. */
export const LossResult = z.strictObject({
  cell: id,
  configuration: z.string(),
  fault: z.string(),
  /** What may become of an acknowledged message: it is kept, or only a slave has it, or it is lost for good. */
  fate: z.enum(FATES),
  ok: z.boolean(),
  runs: count,
  /** Runs in which every fault of the cell struck after something had been acknowledged. */
  effective: count,
  /** With 95 % confidence fewer than this, of runs that count, lose what is kept here. */
  rateMax: z.number().nullable(),
  reason: z.string(),
  dir: z.string(),
})
export type LossResult = z.infer<typeof LossResult>

/** `loss`: the cells of the loss matrix that were asked for. */
export const ControlsDocument = z.strictObject({ controls: z.array(ControlResult), loss: z.array(LossResult).optional() })
export type ControlsDocument = z.infer<typeof ControlsDocument>

export const MutantResult = z.strictObject({
  id,
  guarantee: id,
  bug: z.string(),
  killed: z.boolean(),
  killedBy: z.record(z.string(), count),
  /** The median over the seeds that found it; null where none did. */
  runs: z.number().nullable(),
  shrunk: z.strictObject(size).nullable(),
  wallMs: z.number().nonnegative(),
  /** Still found from what clients saw alone. */
  blackBox: z.boolean(),
})
export type MutantResult = z.infer<typeof MutantResult>
export const MutantsDocument = z.strictObject({ mutants: z.array(MutantResult) })
export type MutantsDocument = z.infer<typeof MutantsDocument>
