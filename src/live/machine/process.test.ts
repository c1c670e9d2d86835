/** Processes of our own: with their helpers they stop, die and are found as one, and nobody else is touched. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { Unavailable } from './machine.ts'
import type { ProcessSpec } from './machine.ts'
import { OwnProcess } from './process.ts'
import { groupMembers, idOf, isCertainly, isMarked, mayBeAlive } from './process-table.ts'

const dir = mkdtempSync(join(tmpdir(), 'mqproof-process-'))
afterAll(() => rmSync(dir, { recursive: true }))

const started: OwnProcess[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.kill()))
})

async function start(spec: Partial<ProcessSpec>): Promise<OwnProcess> {
  const place = { logFile: join(dir, 'log', 'one.log'), mark: dir, started: () => undefined }
  const one = await OwnProcess.start({ name: 'one', command: 'sh', args: [], ...spec }, place)
  started.push(one)
  return one
}
const shell = (script: string, more: Partial<ProcessSpec> = {}): Promise<OwnProcess> => start({ args: ['-c', script], ...more })

async function until(done: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !done(); i++) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(done()).toBe(true)
}

const stateOf = (pid: number): string => /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1] ?? ''

describe('a process', () => {
  it('tells how it ended', async () => {
    const one = await shell('exit 3')
    expect(await one.exited).toBe('exit code 3')
    expect(one.ended).toBe('exit code 3')
  })

  it('shows what it wrote in this life', async () => {
    await (
      await shell('echo before')
    ).exited
    const one = await shell('for i in 1 2 3; do echo line $i; done; echo told >&2')
    await one.exited
    expect(one.tail(2)).toBe('line 3\ntold')
    expect(one.tail(9)).toBe('line 1\nline 2\nline 3\ntold')
  })

  it('that is no program is said', async () => {
    await expect(start({ command: 'no-such-program' })).rejects.toThrow(Unavailable)
    await expect(start({ command: 'no-such-program' })).rejects.toThrow(/one: no-such-program could not be started: there is no such/)
  })

  it('talks through pipes', async () => {
    const one = await start({ command: 'cat', pipes: true })
    one.stdin?.end('hello')
    const said: string[] = []
    one.stdout?.on('data', (bytes: Buffer) => said.push(bytes.toString()))
    await one.exited
    await until(() => said.join('') === 'hello')
  })

  it('that is gone is no error for who writes to it', async () => {
    const one = await start({ command: 'true', pipes: true })
    await one.exited
    one.stdin?.write('anybody?')
    one.pause()
    one.resume()
    await one.kill()
    expect(one.ended).toBe('exit code 0')
  })
})

describe('a group', () => {
  it('stands still, goes on and dies as one', async () => {
    const one = await shell('sleep 100 & sleep 100 & wait')
    await until(() => groupMembers(one.pid).length === 3)
    const members = groupMembers(one.pid)
    one.pause()
    await until(() => members.every((pid) => stateOf(pid) === 'T'))
    one.resume()
    await until(() => members.every((pid) => stateOf(pid) !== 'T'))
    await one.kill()
    expect(one.ended).toBe('ended by SIGKILL')
    expect(groupMembers(one.pid)).toEqual([])
  })

  it('dies also when it stands still, and when its first process has gone before', async () => {
    const stopped = await shell('sleep 100 & wait')
    stopped.pause()
    await stopped.kill()
    expect(groupMembers(stopped.pid)).toEqual([])
    const headless = await shell('sleep 100 & exit 0')
    await headless.exited
    expect(groupMembers(headless.pid)).toHaveLength(1)
    await headless.kill()
    expect(groupMembers(headless.pid)).toEqual([])
  })

  it('is asked before it is killed', async () => {
    const polite = await shell('trap "echo bye; exit 0" TERM; while :; do sleep 0.01; done')
    await until(() => stateOf(polite.pid) === 'S')
    polite.pause()
    expect(await polite.stop(5_000)).toBe(true)
    expect(polite.ended).toBe('exit code 0')
    const deaf = await shell('trap "" TERM; echo deaf; while :; do sleep 0.01; done')
    await until(() => deaf.tail(1) === 'deaf')
    expect(await deaf.stop(50)).toBe(false)
    expect(deaf.ended).toBe('ended by SIGKILL')
  })
})

describe('a pid file', () => {
  it('names the broker that a program started and left', async () => {
    const pidFile = join(dir, 'pid')
    writeFileSync(pidFile, '1')
    const one = await shell(`setsid sh -c 'echo $$ > ${pidFile}; exec sleep 100' & sleep 0.2`, { pidFile })
    const first = one.pid
    await until(() => one.pid !== first)
    const { pid } = one
    await until(() => !mayBeAlive(idOf(first)))
    expect(one.ended).toBeNull()
    one.pause()
    await until(() => stateOf(pid) === 'T')
    await one.kill()
    expect(isMarked(pid, dir)).toBe(false)
    expect(await one.exited).toBe('exit code 0')
  })

  it('that names a stranger is not believed', async () => {
    const pidFile = join(dir, 'stranger')
    const stranger = await OwnProcess.start(
      { name: 'stranger', command: 'sleep', args: ['100'] },
      { logFile: join(dir, 'stranger.log'), mark: '/another/run', started: () => undefined },
    )
    started.push(stranger)
    const one = await shell('sleep 100', { pidFile })
    writeFileSync(pidFile, String(stranger.pid))
    expect(one.pid).not.toBe(stranger.pid)
    await one.kill()
    expect(stranger.ended).toBeNull()
  })
})

describe('the table', () => {
  it('tells a process from a later one of the same number', () => {
    const own = idOf(process.pid)
    expect(isCertainly(own)).toBe(true)
    expect(mayBeAlive(own)).toBe(true)
    const other = { pid: process.pid, start: '1' }
    expect(isCertainly(other)).toBe(false)
    expect(mayBeAlive(other)).toBe(false)
    expect(isCertainly({ pid: process.pid, start: '' })).toBe(false)
  })
})
