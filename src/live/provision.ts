/** Follows a recipe: writes its files, runs its steps one after the other, and stops at the first that fails. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { signal as send } from './machine/process-table.ts'
import { findProgram } from './machine/programs.ts'
import type { Recipe, RecipeFile, Step } from './recipe.ts'

export interface ProvisionOptions {
  /** Takes what the steps print. */
  readonly output: (text: string) => void
  /** Ends the running step. */
  readonly signal: AbortSignal
}

/** A step that failed, by its title. */
export class ProvisionFailed extends Error {
  override name = 'ProvisionFailed'
}

export const isProvisioned = (recipe: Recipe): boolean => recipe.present.every((path) => existsSync(path))

/** A step as one would type it. */
export function shownStep({ command, args, cwd }: Step): string {
  const words = [command, ...args].map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
  return `${cwd === undefined ? '' : `cd ${cwd} && `}${words.join(' ')}`
}

function write({ path, text }: RecipeFile): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** A program that a shell is just starting may miss the first signal. */
const REPEAT_MS = 2_000

function runStep(step: Step, { output, signal }: ProvisionOptions): Promise<string | null> {
  return new Promise((resolve) => {
    // A group of its own: a shell hears of a signal only when the program that it waits for has ended.
    const child = spawn(step.command, step.args, { cwd: step.cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    let again: NodeJS.Timeout | undefined
    const interrupt = (): void => {
      if (child.pid !== undefined) send(-child.pid, 'SIGTERM')
      again = setTimeout(interrupt, REPEAT_MS)
    }
    if (signal.aborted) interrupt()
    else signal.addEventListener('abort', interrupt, { once: true })
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', output)
    let reason: string | null = null
    child.on('error', (error) => (reason = error.message))
    // Not before it has cleaned up.
    child.on('close', (code, name) => {
      signal.removeEventListener('abort', interrupt)
      clearTimeout(again)
      resolve(reason ?? (code === 0 ? null : name === null ? `it ended with ${code}` : `it was ended by ${name}`))
    })
  })
}

/** @throws ProvisionFailed with the step that failed and what to do. */
export async function provision(recipe: Recipe, options: ProvisionOptions): Promise<void> {
  for (const { program, install } of recipe.needs) {
    if (findProgram(program) === null) throw new ProvisionFailed(`${recipe.id} needs ${program}, which is not here: ${install}`)
  }
  for (const file of recipe.files) write(file)
  for (const [i, step] of recipe.steps.entries()) {
    options.output(`step ${i + 1} of ${recipe.steps.length}: ${step.title}\n`)
    const failure = await runStep(step, options)
    if (failure !== null)
      throw new ProvisionFailed(`step ${i + 1}, "${step.title}", failed: ${failure}; its command was: ${shownStep(step)}`)
  }
  if (recipe.stamp !== null) write(recipe.stamp)
}
