/** A machine for the tests of adapters: child processes and a directory, nothing else. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Unavailable, type Machine, type ManagedProcess, type ProcessSpec } from '../../machine/machine.ts'

const refuse = (): Promise<never> => Promise.reject(new Unavailable('not on this bench'))

function start({ name, command, args, env }: ProcessSpec): ManagedProcess {
  const child = spawn(command, args, { env: { ...process.env, ...env }, detached: true, stdio: 'pipe' })
  let stderr = ''
  let ended: string | null = null
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const exited = new Promise<string>((resolve) => {
    const over = (how: string): void => {
      ended = how
      resolve(how)
    }
    child.on('error', (error) => {
      over(error.message)
    })
    child.on('exit', (code, signal) => {
      over(signal ?? `exit code ${code ?? 0}`)
    })
  })
  const signal = (which: NodeJS.Signals): void => {
    if (child.pid === undefined || ended !== null) return
    try {
      process.kill(-child.pid, which)
    } catch {
      // It has just gone.
    }
  }
  const kill = async (): Promise<void> => {
    signal('SIGKILL')
    await exited
  }
  return {
    name,
    pid: child.pid ?? 0,
    logFile: '',
    get ended() {
      return ended
    },
    exited,
    stdin: child.stdin,
    stdout: child.stdout,
    kill,
    async stop(limitMs) {
      signal('SIGTERM')
      let late = false
      const timer = setTimeout(() => {
        late = true
        signal('SIGKILL')
      }, limitMs)
      await exited
      clearTimeout(timer)
      return !late
    },
    pause: () => {
      signal('SIGSTOP')
    },
    resume: () => {
      signal('SIGCONT')
    },
    tail: (lines) => stderr.split('\n').slice(-lines).join('\n'),
  }
}

/** Ends its processes and removes its directory when closed. */
export function openBench(): Machine {
  const dir = mkdtempSync(join(tmpdir(), 'mqproof-adapter-'))
  const started: ManagedProcess[] = []
  return {
    dir,
    spawn: (spec) => {
      const one = start(spec)
      started.push(one)
      return Promise.resolve(one)
    },
    disk: refuse,
    proxy: refuse,
    port: refuse,
    async close() {
      await Promise.all(started.map((one) => one.kill()))
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
