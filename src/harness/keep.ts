/**
 * Failure directories: everything that is needed to see a failure again, and to read about it. They appear whole or not at all, and one
 * failure never overwrites another.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { threadId } from 'node:worker_threads'
import type { Event } from '../history/event.ts'
import { hashText, showHash } from '../plan/hash.ts'
import { InputError } from '../plan/input-error.ts'
import { messageOf } from '../plan/message-of.ts'
import type { Plan } from '../plan/plan.ts'
import { storyVerdicts } from './failure.ts'
import { writeHistory } from './history-file.ts'
import type { ShrunkFailure } from './shrink-failure.ts'
import { verdictFile, type VerdictFile } from './verdict-file.ts'

export const FAILURES = '.mqproof/failures'

/** Tells a run as a story. */
export type ToStory = (plan: Plan, events: readonly Event[], verdictLines: readonly string[]) => string

export interface Keeper {
  /** Where failure directories go. */
  readonly root: string
  readonly toStory?: ToStory | undefined
}

export interface Keepsake {
  readonly shrunk: ShrunkFailure
  readonly original: Plan
  readonly origin?: VerdictFile['origin']
  /** Puts more into the directory before it appears. */
  readonly beside?: ((dir: string) => void) | undefined
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** The shrunk plan, saying what it does. */
export function expecting({ plan, result, anomaly }: ShrunkFailure): Plan {
  return { ...plan, expect: { guarantee: anomaly.guarantee, traceHash: result.outcome.traceHash } }
}

function filesOf(keeper: Keeper, { shrunk, original, origin }: Keepsake): Map<string, string> {
  const { result, anomaly } = shrunk
  const plan = expecting(shrunk)
  const files = new Map([
    ['plan.json', json(plan)],
    ['original.json', json(original)],
    ['history.jsonl', writeHistory({ header: result.outcome.header, events: result.events })],
    ['verdict.json', json(verdictFile(result, anomaly.guarantee, anomaly.summary, origin))],
  ])
  if (keeper.toStory !== undefined)
    files.set('story.scenario', keeper.toStory(plan, result.events, storyVerdicts(result.judgements, [anomaly.guarantee])))
  return files
}

/** On a real broker one plan can have many histories. */
const TELLING = ['plan.json', 'history.jsonl']

const sameFailure = (dir: string, files: ReadonlyMap<string, string>): boolean =>
  TELLING.every((name) => existsSync(join(dir, name)) && readFileSync(join(dir, name), 'utf8') === files.get(name))

/** A directory that is free, or that holds this very failure. */
function freeDirectory(root: string, name: string, files: ReadonlyMap<string, string>): { dir: string; kept: boolean } {
  for (let n = 1; ; n++) {
    const dir = join(root, n === 1 ? name : `${name}-${n}`)
    if (!existsSync(dir)) return { dir, kept: false }
    if (sameFailure(dir, files)) return { dir, kept: true }
  }
}

/** Writes a failure down and gives its directory. @throws InputError when the place can't be written to. */
export function keepFailure(keeper: Keeper, keepsake: Keepsake): string {
  const files = filesOf(keeper, keepsake)
  const plan = files.get('plan.json') ?? ''
  const { guarantee } = keepsake.shrunk.anomaly
  const { dir, kept } = freeDirectory(keeper.root, `${guarantee}-${showHash(hashText(plan))}`, files)
  if (kept) return dir
  const half = `${dir}.part-${process.pid}-${threadId}`
  try {
    mkdirSync(half, { recursive: true })
    for (const [name, text] of files) writeFileSync(join(half, name), text)
    keepsake.beside?.(half)
    renameSync(half, dir)
  } catch (error) {
    if (existsSync(half)) rmSync(half, { recursive: true })
    // Another thread was quicker, most likely with the same failure.
    if (existsSync(dir)) return keepFailure(keeper, keepsake)
    throw new InputError(`${keeper.root}: a failure can't be written there (${messageOf(error)}): name a place with --out`)
  }
  return dir
}
