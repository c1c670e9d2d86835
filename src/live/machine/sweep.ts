/**
 * Undoes a run: kills what it started, unmounts what it mounted and removes its directory. Synchronous, because the last place where it is
 * called is the end of the process; the same sweep cleans up after a run that died.
 */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { journalProcesses } from './run-journal.ts'
import { mountsBelow } from './mounts.ts'
import { isCertainly, markedProcesses, signal } from './process-table.ts'
import { findProgram } from './programs.ts'

const WAIT_MS = 5_000
const STEP_MS = 20
const CALL_LIMIT_MS = 10_000

const pauseFor = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

/** @returns whether it went well. */
function call(program: string, ...args: string[]): boolean {
  const path = findProgram(program)
  return path !== null && spawnSync(path, args, { stdio: 'ignore', timeout: CALL_LIMIT_MS, killSignal: 'SIGKILL' }).status === 0
}

/** Asks again and again until it is so, or the time is up. */
function until(done: () => boolean): boolean {
  for (let waitedMs = 0; waitedMs < WAIT_MS; waitedMs += STEP_MS) {
    if (done()) return true
    pauseFor(STEP_MS)
  }
  return false
}

/** SIGKILL reaches the stopped as well. */
function killAll(dir: string): boolean {
  for (const one of journalProcesses(dir)) if (isCertainly(one)) signal(-one.pid, 'SIGKILL')
  const marked = markedProcesses(dir)
  for (const pid of marked) signal(pid, 'SIGKILL')
  return marked.length === 0 && !journalProcesses(dir).some(isCertainly)
}

/** @returns false when something is left, which the next run will find. */
export function sweep(dir: string): boolean {
  // On a frozen file system nobody can die.
  for (const mount of mountsBelow(dir)) call('fsfreeze', '-u', mount)
  until(() => killAll(dir))
  until(() => mountsBelow(dir).every((mount) => call('umount', mount)))
  for (const mount of mountsBelow(dir)) call('umount', '-l', mount)
  if (mountsBelow(dir).length > 0) return false
  rmSync(dir, { recursive: true, force: true, maxRetries: 3 })
  return true
}
