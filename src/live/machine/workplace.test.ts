/** However a run ends, nothing of it is left; and nothing that is not its own is ever touched. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { whyNoDisk } from './abilities.ts'
import { RunJournal, journalProcesses, staleRuns } from './run-journal.ts'
import { Unavailable } from './machine.ts'
import { mountsBelow } from './mounts.ts'
import { idOf, isCertainly, markedProcesses } from './process-table.ts'
import { Workplace } from './workplace.ts'

const base = realpathSync(mkdtempSync(join(tmpdir(), 'mqproof-place ')))
afterAll(() => rmSync(base, { recursive: true }))
const newRoot = (): string => mkdtempSync(join(base, 'root-'))
let root: string
beforeEach(() => {
  root = newRoot()
})

const PROGRAM = fileURLToPath(new URL('testing/lives.ts', import.meta.url))

interface Life {
  readonly child: ChildProcess
  readonly dir: string
  readonly end: Promise<number | string>
}

/** Starts a run in a process of its own, and waits until it has everything. */
async function live(how: string, root: string): Promise<Life> {
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, root, how], { stdio: ['ignore', 'pipe', 'ignore'] })
  const end = new Promise<number | string>((resolve) => child.once('exit', (code, name) => resolve(code ?? name ?? '')))
  const dir = await new Promise<string>((resolve) => child.stdout.once('data', (bytes: Buffer) => resolve(bytes.toString().trim())))
  return { child, dir, end }
}

function expectNothingLeft(dir: string): void {
  expect(markedProcesses(dir)).toEqual([])
  expect(mountsBelow(dir)).toEqual([])
  expect(existsSync(dir)).toBe(false)
}

describe('a run', () => {
  it.concurrent.each(['close', 'exit', 'throw'])('that ends by %s leaves nothing', async (how) => {
    const { dir, end } = await live(how, newRoot())
    expect(await end).toBe({ close: 0, exit: 7, throw: 1 }[how])
    expectNothingLeft(dir)
  })

  it.concurrent.each(['SIGTERM', 'SIGHUP'] as const)('that ends by %s leaves nothing', async (name) => {
    const { child, dir, end } = await live('wait', newRoot())
    expect(markedProcesses(dir).length).toBeGreaterThanOrEqual(4)
    child.kill(name)
    expect(await end).toBe(name)
    expectNothingLeft(dir)
  })

  it('that was killed is cleaned up by the next, and one that lives is left alone', async () => {
    const [dead, alive] = await Promise.all([live('wait', root), live('wait', root)])
    dead.child.kill('SIGKILL')
    await dead.end
    const orphans = journalProcesses(dead.dir)
    expect(orphans.length).toBeGreaterThanOrEqual(4)
    const before = markedProcesses(alive.dir)
    const place = await Workplace.open(root)
    expectNothingLeft(dead.dir)
    expect(orphans.filter(isCertainly)).toEqual([])
    expect(markedProcesses(alive.dir)).toEqual(before)
    expect(readdirSync(root)).toHaveLength(2)
    await place.close()
    alive.child.kill('SIGTERM')
    await alive.end
    expect(readdirSync(root)).toEqual([])
  })
})

describe('after its end', () => {
  it('nothing is started any more', async () => {
    const place = await Workplace.open(root)
    await place.close()
    const late = { name: 'late', command: 'sleep', args: ['100'] }
    for (const start of [() => place.spawn(late), () => place.disk('late', 8), () => place.proxy(1), () => place.port()])
      await expect(start()).rejects.toThrow(Unavailable)
    expectNothingLeft(place.dir)
  })

  it('what was being started is undone', async () => {
    const place = await Workplace.open(root)
    const starting = [place.spawn({ name: 'late', command: 'sleep', args: ['100'] }), place.proxy(1)]
    const refused = Promise.all(starting.map((one) => expect(one).rejects.toThrow(Unavailable)))
    await place.close()
    await refused
    expectNothingLeft(place.dir)
  })
})

describe('a stale journal', () => {
  const stale = (name: string, ...lines: readonly object[]): string => {
    const dir = join(root, name)
    mkdirSync(dir)
    if (lines.length > 0) writeFileSync(join(dir, 'journal.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    return dir
  }
  const owner = { kind: 'owner', pid: process.pid, start: '1', boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() }

  it('names a process by its number and its start', () => {
    const dir = stale('run-1-a', owner, { kind: 'process', name: 'us', pid: process.pid, start: '1' })
    expect(staleRuns(root)).toEqual([dir])
    expect(journalProcesses(dir).filter(isCertainly)).toEqual([])
  })

  it('of another boot names nobody', () => {
    const dir = stale('run-1-b', { ...owner, ...idOf(process.pid), boot: 'another' }, { kind: 'process', name: 'us', ...idOf(process.pid) })
    expect(staleRuns(root)).toEqual([dir])
    expect(journalProcesses(dir)).toEqual([])
  })

  it('may be torn, or not there yet', () => {
    const own = new RunJournal(root)
    own.process('us', process.pid)
    appendFileSync(join(own.dir, 'journal.jsonl'), '{"kind":"proc')
    expect(journalProcesses(own.dir)).toHaveLength(1)
    stale(`run-${process.pid}-young`)
    const dead = stale('run-4194999-x')
    stale('something-else')
    expect(staleRuns(root)).toEqual([dead])
  })
})

describe('mounts', () => {
  const table = [
    '42 27 7:0 / /run/a\\040b/disks/d rw,relatime shared:1 - ext4 /dev/loop0 rw',
    '43 27 7:1 / /run/a\\040b/disks/foreign rw - ext4 /dev/loop1 rw',
    '44 27 0:9 / /run/a\\040b/proc rw - proc proc rw',
    '45 27 7:2 / /run/other/d rw - ext4 /dev/loop2 rw',
    '',
  ].join('\n')

  it('are ours if the mount point and the image both lie in our directory', () => {
    const files: Readonly<Record<string, string>> = {
      '/dev/loop0': '/run/a b/disks/d.img',
      '/dev/loop1': '/home/x.img',
      '/dev/loop2': '/run/a b/e.img',
    }
    expect(mountsBelow('/run/a b', table, (device) => files[device] ?? '')).toEqual(['/run/a b/disks/d'])
  })
})

describe('a disk', () => {
  const nothing = { isRoot: () => false, exists: () => false, program: () => null }

  it('that this machine can not make is refused with the reason', async () => {
    const place = await Workplace.open(root, nothing)
    await expect(place.disk('data', 8)).rejects.toThrow(Unavailable)
    await expect(place.disk('data', 8)).rejects.toThrow(
      /needs root \(run mqproof as root\).*loop devices.*mkfs\.ext4.*xfs_io \(apt-get install/,
    )
    await place.close()
  })

  it('is refused for the one thing that is missing', () => {
    const probe = { isRoot: () => true, exists: () => true, program: (name: string) => (name === 'xfs_io' ? null : `/sbin/${name}`) }
    expect(whyNoDisk(probe)).toBe('it needs xfs_io (apt-get install -y xfsprogs)')
    expect(whyNoDisk({ ...probe, program: (name) => name })).toBeNull()
  })

  it('keeps what was forced when it loses power, or says why there is none', async () => {
    const place = await Workplace.open(root)
    const reason = whyNoDisk()
    if (reason !== null) {
      await expect(place.disk('data', 8)).rejects.toThrow(reason)
      return place.close()
    }
    const disk = await place.disk('data', 8)
    writeFileSync(join(disk.mount, 'forced'), 'forced')
    await disk.sync()
    writeFileSync(join(disk.mount, 'loose'), 'loose')
    await disk.freeze()
    await disk.thaw()
    writeFileSync(join(disk.mount, 'looser'), 'looser')
    await disk.cut()
    expect(() => writeFileSync(join(disk.mount, 'late'), 'late')).toThrow()
    await disk.copy(join(place.dir, 'copy.img'))
    await disk.replay()
    // To freeze a disk is to write it out first.
    expect(readdirSync(disk.mount).toSorted()).toEqual(['forced', 'loose', 'lost+found'])
    expect(readFileSync(join(disk.mount, 'forced'), 'utf8')).toBe('forced')
    expect(existsSync(join(place.dir, 'copy.img'))).toBe(true)
    await disk.remove()
    expect(existsSync(disk.image)).toBe(false)
    await place.close()
    expectNothingLeft(place.dir)
  })
})
