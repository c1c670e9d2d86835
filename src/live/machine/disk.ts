/**
 * A disk that can lose power: an ext4 file system in an image file, which is shut down without flushing. What was forced is there after
 * the next mount, the rest is not (RML-029).
 */
import { execFile } from 'node:child_process'
import { mkdirSync, rmdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Unavailable } from './machine.ts'
import type { LossyDisk } from './machine.ts'
import { findProgram } from './programs.ts'

const MEGABYTE = 1_048_576
const BUSY_LIMIT_MS = 10_000
const BUSY_POLL_MS = 50
/** A program that hangs on a sick device must not hang us. */
const CALL_LIMIT_MS = 60_000

const execute = promisify(execFile)

/** @throws Unavailable with what the program said. */
async function call(program: string, ...args: string[]): Promise<void> {
  try {
    await execute(findProgram(program) ?? program, args, { timeout: CALL_LIMIT_MS, killSignal: 'SIGKILL' })
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
    throw new Unavailable(`${program} ${args.join(' ')}: ${said === '' ? String(error) : said}`)
  }
}

export class LoopDisk implements LossyDisk {
  readonly mount: string
  readonly image: string
  private mounted = false
  private frozen = false

  /** @throws Unavailable when it can't be made or mounted. */
  static async make(folder: string, name: string, megabytes: number): Promise<LoopDisk> {
    const disk = new LoopDisk(folder, name)
    mkdirSync(disk.mount, { recursive: true })
    writeFileSync(disk.image, '', { flag: 'wx' })
    truncateSync(disk.image, megabytes * MEGABYTE)
    await call('mkfs.ext4', '-q', '-F', disk.image)
    await disk.mountImage()
    return disk
  }

  private constructor(folder: string, name: string) {
    this.mount = join(folder, name)
    this.image = join(folder, `${name}.img`)
  }

  sync(): Promise<void> {
    return call('sync', '-f', this.mount)
  }

  async cut(): Promise<void> {
    await this.thaw()
    // Without "-f" the log is not flushed either.
    await call('xfs_io', '-x', '-c', 'shutdown', this.mount)
  }

  async replay(): Promise<void> {
    await this.unmount()
    await this.mountImage()
  }

  async freeze(): Promise<void> {
    if (this.frozen) return
    await call('fsfreeze', '-f', this.mount)
    this.frozen = true
  }

  async thaw(): Promise<void> {
    if (!this.frozen) return
    await call('fsfreeze', '-u', this.mount)
    this.frozen = false
  }

  copy(to: string): Promise<void> {
    return call('cp', '--sparse=always', this.image, to)
  }

  async remove(): Promise<void> {
    await this.unmount()
    rmdirSync(this.mount)
    rmSync(this.image)
  }

  private async mountImage(): Promise<void> {
    await call('mount', '-o', 'loop', this.image, this.mount)
    this.mounted = true
  }

  /** A process that was killed may hold its files for some moments more. */
  private async unmount(): Promise<void> {
    if (!this.mounted) return
    await this.thaw()
    for (const limit = performance.now() + BUSY_LIMIT_MS; ; await sleep(BUSY_POLL_MS)) {
      try {
        await call('umount', this.mount)
        this.mounted = false
        return
      } catch (error) {
        if (performance.now() > limit) throw error
      }
    }
  }
}
