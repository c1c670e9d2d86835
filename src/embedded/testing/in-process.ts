/** A machine whose only process is the reference adapter, in this very thread: the whole way through the protocol, and no child to wait for. */
import { createInterface } from 'node:readline'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { Unavailable, type Machine, type ManagedProcess } from '../../live/machine/machine.ts'
import { ReferenceAdapter } from '../adapter.ts'

const refuse = (): Promise<never> => Promise.reject(new Unavailable('not in this thread'))

function start(): ManagedProcess {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()]
  const adapter = new ReferenceAdapter((line) => void stdout.write(line))
  let ended: string | null = null
  let words = ''
  let exit: (how: string) => void = () => undefined
  const exited = new Promise<string>((resolve) => (exit = resolve))
  const end = (how: string): Promise<void> => {
    if (ended !== null) return Promise.resolve()
    ended = how
    adapter.close()
    stdout.end()
    exit(how)
    return Promise.resolve()
  }
  const lines = createInterface({ input: stdin })
  lines.on('line', (line) => {
    adapter.take(line).catch((error: unknown) => {
      words = error instanceof Error ? (error.stack ?? error.message) : String(error)
      void end('exit code 1')
    })
  })
  lines.on('close', () => void end('exit code 0'))
  return {
    name: 'reference',
    pid: 0,
    logFile: '',
    get ended() {
      return ended
    },
    exited,
    stdin,
    stdout,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM').then(() => true),
    pause: () => undefined,
    resume: () => undefined,
    tail: () => words,
  }
}

export function inProcess(): Machine {
  const dir = mkdtempSync(join(tmpdir(), 'mqproof-reference-'))
  return {
    dir,
    spawn: () => Promise.resolve(start()),
    disk: refuse,
    proxy: refuse,
    port: refuse,
    close() {
      rmSync(dir, { recursive: true, force: true })
      return Promise.resolve()
    },
  }
}
