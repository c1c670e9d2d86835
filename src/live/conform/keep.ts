/** Keeps a round of a live target: like any failure, and beside it the manifest and what the broker itself left behind. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Anomaly } from '../../check/checker.ts'
import { keepFailure, type Keeper } from '../../harness/keep.ts'
import type { RunResult } from '../../harness/run-plan.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Manifest } from './document.ts'

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
}

/** Disk images are mostly holes, which a plain copy would fill. */
function copy(from: string, to: string): void {
  const { status } = spawnSync('cp', ['-r', '--sparse=always', from, to], { stdio: 'ignore' })
  if (status !== 0) cpSync(from, to, { recursive: true })
}

/** Logs of two brokers may have one name. */
function freeName(dir: string, path: string): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? basename(path) : `${n}-${basename(path)}`
    if (!existsSync(join(dir, name))) return join(dir, name)
  }
}

/** Copies what is still there: evidence that can't be read must not cost the failure itself. */
function copyEvidence(dir: string, paths: readonly string[]): void {
  const folder = join(dir, 'evidence')
  mkdirSync(folder)
  const missed: string[] = []
  for (const path of paths) {
    try {
      copy(path, freeName(folder, path))
    } catch (error) {
      missed.push(`${path}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  if (missed.length > 0) writeFileSync(join(folder, 'not-copied.txt'), `${missed.join('\n')}\n`)
}

/** Gives the directory, in which everything is already on disk. @throws InputError when the place can't be written to. */
export function keepLiveFailure(keeper: Keeper, { result, original, anomaly, seed, run, manifest, evidence }: LiveFailure): string {
  return keepFailure(keeper, {
    shrunk: { plan: result.plan, result, anomaly, tried: 0 },
    original: original ?? result.plan,
    ...(original === undefined ? { origin: { seed, run, preset: 'live' } } : {}),
    beside: (dir) => {
      writeFileSync(join(dir, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
      copyEvidence(dir, evidence)
    },
  })
}
