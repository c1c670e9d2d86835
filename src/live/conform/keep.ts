/** Keeps a round of a live target: like any failure, and beside it the manifest and what the broker itself left behind. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Anomaly } from '../../check/checker.ts'
import { keepFailure, type Keeper } from '../../harness/keep.ts'
import type { RunResult } from '../../harness/run-plan.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Secrets } from '../secrets.ts'
import type { Manifest } from './document.ts'
import { copyEvidence } from './evidence.ts'

export interface LiveFailure {
  readonly result: RunResult
  /** What it was shrunk from. */
  readonly original?: Plan | undefined
  readonly anomaly: Anomaly
  readonly seed: string
  readonly run: number
  readonly manifest: Manifest
  /** Paths of logs, configuration and disk images. */
  readonly evidence: readonly string[]
  /** What the evidence must not hold. */
  readonly secrets: Secrets
}

/** Gives the directory, in which everything is already on disk. @throws InputError when the place can't be written to. */
export function keepLiveFailure(keeper: Keeper, failure: LiveFailure): string {
  const { result, original, anomaly, seed, run, manifest, evidence, secrets } = failure
  return keepFailure(keeper, {
    shrunk: { plan: result.plan, result, anomaly, tried: 0 },
    original: original ?? result.plan,
    ...(original === undefined ? { origin: { seed, run, preset: 'live' } } : {}),
    beside: (dir) => {
      writeFileSync(join(dir, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
      copyEvidence(dir, evidence, secrets)
    },
  })
}
