/**
 * A process group of our own, so that a broker with its helpers is stopped, continued and killed as one. Where the program that is started
 * only starts the broker, the broker's pid file names it; it is believed only if that process carries this run's mark.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, readSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Unavailable } from './machine.ts'
import type { ManagedProcess, ProcessSpec } from './machine.ts'
import { groupMembers, isMarked, MARK, signal } from './process-table.ts'
import { findProgram } from './programs.ts'

const POLL_MS = 10
const DAEMON_POLL_MS = 100
const KILL_LIMIT_MS = 30_000
const TAIL_BYTES = 65_536

export interface ProcessPlace {
  readonly logFile: string
  /** The run's directory: the mark of all that it starts. */
  readonly mark: string
  /** Told as soon as there is a number. */
  readonly started: (pid: number) => void
}

const outcomeOf = (code: number | null, name: NodeJS.Signals | null): string => (code === null ? `ended by ${name}` : `exit code ${code}`)

export class OwnProcess implements ManagedProcess {
  readonly name: string
  readonly logFile: string
  readonly exited: Promise<string>
  private outcome: string | null = null
  private readonly child: ChildProcess
  private readonly group: number
  private readonly mark: string
  private readonly pidFile: string | undefined
  private readonly logFrom: number

  /** @throws Unavailable when there is no such program, or it can't be started. */
  static async start(spec: ProcessSpec, place: ProcessPlace): Promise<OwnProcess> {
    mkdirSync(dirname(place.logFile), { recursive: true })
    // What an earlier life wrote names another process.
    if (spec.pidFile !== undefined) rmSync(spec.pidFile, { force: true })
    const log = openSync(place.logFile, 'a')
    const logFrom = statSync(place.logFile).size
    try {
      const child = spawn(findProgram(spec.command) ?? spec.command, spec.args, {
        cwd: spec.cwd,
        env: { ...process.env, ...spec.env, [MARK]: place.mark },
        stdio: spec.pipes === true ? ['pipe', 'pipe', log] : ['ignore', log, log],
        detached: true,
      })
      if (child.pid !== undefined) place.started(child.pid)
      await spawned(child, spec)
      return new OwnProcess(child, spec, place, logFrom)
    } finally {
      closeSync(log)
    }
  }

  private constructor(child: ChildProcess, spec: ProcessSpec, place: ProcessPlace, logFrom: number) {
    this.child = child
    this.group = child.pid ?? 0
    this.name = spec.name
    this.pidFile = spec.pidFile
    this.logFile = place.logFile
    this.mark = place.mark
    this.logFrom = logFrom
    // Who writes to it learns that it is gone from `exited`, not from an error that nobody awaits.
    child.stdin?.on('error', () => undefined)
    this.exited = this.watch()
  }

  /** The broker's own, where it has a pid file. */
  get pid(): number {
    return this.daemon() ?? this.group
  }

  get ended(): string | null {
    return this.outcome
  }

  get stdin(): NodeJS.WritableStream | null {
    return this.child.stdin
  }

  get stdout(): NodeJS.ReadableStream | null {
    return this.child.stdout
  }

  async kill(): Promise<void> {
    const limit = performance.now() + KILL_LIMIT_MS
    for (;;) {
      this.signalAll('SIGKILL')
      if (this.outcome !== null && this.members().length === 0) return
      if (performance.now() > limit)
        throw new Error(`${this.name} (process ${this.pid}) is not gone ${KILL_LIMIT_MS / 1_000} s after SIGKILL`)
      await sleep(POLL_MS)
    }
  }

  async stop(limitMs: number): Promise<boolean> {
    // Only the broker is asked: helpers which end before it would disturb it. The stopped hear nothing.
    this.resume()
    if (this.outcome === null) signal(this.pid, 'SIGTERM')
    const late = new AbortController()
    await Promise.race([this.exited, sleep(limitMs, undefined, { signal: late.signal }).catch(() => undefined)])
    late.abort()
    const byItself = this.outcome !== null
    await this.kill()
    return byItself
  }

  pause(): void {
    this.signalAll('SIGSTOP')
  }

  resume(): void {
    this.signalAll('SIGCONT')
  }

  tail(lines: number): string {
    const size = statSync(this.logFile, { throwIfNoEntry: false })?.size ?? 0
    const from = Math.max(this.logFrom, size - TAIL_BYTES)
    if (size <= from) return ''
    const bytes = Buffer.alloc(size - from)
    const file = openSync(this.logFile, 'r')
    const read = readSync(file, bytes, 0, bytes.length, from)
    closeSync(file)
    return bytes.toString('utf8', 0, read).trimEnd().split('\n').slice(-lines).join('\n')
  }

  /** The program that was started may end while the broker that it started lives on. */
  private async watch(): Promise<string> {
    const outcome = await new Promise<string>((resolve) => this.child.once('exit', (code, name) => resolve(outcomeOf(code, name))))
    while (this.daemon() !== null) await sleep(DAEMON_POLL_MS, undefined, { ref: false })
    this.outcome = outcome
    return outcome
  }

  private daemon(): number | null {
    if (this.pidFile === undefined) return null
    try {
      const pid = Number(readFileSync(this.pidFile, 'utf8').trim())
      return Number.isSafeInteger(pid) && pid > 1 && isMarked(pid, this.mark) ? pid : null
    } catch {
      return null
    }
  }

  /** Who is alive in the group; once its first process is buried the number may be another's, and only the marked are ours. */
  private members(): number[] {
    const daemon = this.daemon()
    const members = groupMembers(this.group)
    const ours = this.isBuried() ? members.filter((pid) => isMarked(pid, this.mark)) : members
    return daemon === null ? ours : [daemon, ...ours]
  }

  private isBuried(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null
  }

  private signalAll(name: NodeJS.Signals): void {
    if (!this.isBuried()) signal(-this.group, name)
    for (const pid of this.members()) signal(pid, name)
  }
}

function spawned(child: ChildProcess, { name, command }: ProcessSpec): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'ENOENT' ? 'there is no such program or directory' : error.message
      reject(new Unavailable(`${name}: ${command} could not be started: ${reason}`))
    })
  })
}
