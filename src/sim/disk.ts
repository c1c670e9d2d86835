/**
 * A node's disk: files of appended extents, and small files that are replaced whole. Each knows what is in page cache and what is on
 * stable storage, because a process crash keeps the first and a power loss only the second, plus whatever happened to be written.
 *
 * Plain data, so that a step can fork or draft it; the functions below are called by the kernel only.
 */
import type { Keep } from '../plan/faults.ts'
import { hashText, mix, modulo } from '../plan/hash.ts'
import { invariant } from '../plan/invariant.ts'
import { seconds, type Us } from '../plan/units.ts'
import { Vec } from './vec.ts'

export const PAGE = 4096

/** What a failure did to the bytes of one extent, relative to its start. Zeroed: never written, or dropped. Flipped: one bit at `from`. */
export interface Damage {
  readonly kind: 'zero' | 'flip'
  readonly from: number
  readonly to: number
}

/** One for all that are sound: a fresh list for each would cost as much as the extent. */
const SOUND: readonly Damage[] = []

/** Bytes that were appended in one call. `at` is the position in the file; the body is the System's own value. */
export class Extent<T = unknown> {
  readonly at: number
  readonly size: number
  readonly body: T
  readonly damage: readonly Damage[]
  constructor(at: number, size: number, body: T, damage: readonly Damage[] = SOUND) {
    this.at = at
    this.size = size
    this.body = body
    this.damage = damage
  }
  hurt(damage: Damage): Extent<T> {
    return new Extent(this.at, this.size, this.body, [...this.damage, damage])
  }
}

/** An appended file. Invariant: forced ≤ size, and extents are contiguous from 0 to size. */
export interface LogFile {
  readonly name: string
  extents: Vec<Extent>
  size: number
  /** Bytes below this are on stable storage, except those in `dropped`. */
  forced: number
  /** Ranges whose write-back failed: the kernel calls the pages clean, the disk never got them. */
  dropped: Vec<{ readonly from: number; readonly to: number }>
  /** The directory entry is on stable storage: with the file's first force under ext4, by write-back alone under posix. */
  linked: boolean
  readonly bornUs: Us
}

/**
 * A small file, replaced as a whole. `value`: as read now; `durable`: as read after a power loss. The versions say whether they are one:
 * identities of state can't, since a drafted state has others.
 */
export interface Cell {
  readonly name: string
  value: object | null
  version: number
  durable: object | null
  durableVersion: number
}

export interface Disk {
  logs: LogFile[]
  cells: Cell[]
}

export type DiskPreset = 'ext4' | 'posix'

export const emptyDisk = (): Disk => ({ logs: [], cells: [] })

export const forkDisk = (disk: Disk): Disk => ({
  logs: disk.logs.map((file) => ({ ...file })),
  cells: disk.cells.map((cell) => ({ ...cell })),
})

export function logFile(disk: Disk, name: string): LogFile | undefined {
  const { logs } = disk
  // Searched from both ends: it is mostly one of the oldest files or one of the newest, and a log may have thousands.
  for (let low = 0, high = logs.length - 1; low <= high; low++, high--) {
    const [old, young] = [logs[low] as LogFile, logs[high] as LogFile]
    if (old.name === name) return old
    if (young.name === name) return young
  }
  return undefined
}

export function cellValue(disk: Disk, name: string): object | null {
  for (const cell of disk.cells) if (cell.name === name) return cell.value
  return null
}

export function openLog(disk: Disk, name: string, now: Us): LogFile {
  const known = logFile(disk, name)
  if (known !== undefined) return known
  const made: LogFile = { name, extents: Vec.none, size: 0, forced: 0, dropped: Vec.none, linked: false, bornUs: now }
  disk.logs.push(made)
  return disk.logs[disk.logs.length - 1] as LogFile
}

export function openCell(disk: Disk, name: string): Cell {
  const known = disk.cells.find((cell) => cell.name === name)
  if (known !== undefined) return known
  disk.cells.push({ name, value: null, version: 0, durable: null, durableVersion: 0 })
  return disk.cells[disk.cells.length - 1] as Cell
}

/** Replaces the content in page cache; gives its version. */
export function write(disk: Disk, name: string, value: object): number {
  const cell = openCell(disk, name)
  cell.value = value
  return ++cell.version
}

/** This version of the content has reached stable storage. */
export function settleCell(disk: Disk, name: string, value: object, version: number): void {
  const cell = disk.cells.find((one) => one.name === name)
  if (cell === undefined || version <= cell.durableVersion) return
  cell.durable = value
  cell.durableVersion = version
}

export function append(disk: Disk, name: string, extent: Extent, now: Us): void {
  const file = openLog(disk, name, now)
  if (extent.at !== file.size)
    throw new Error(`append to ${name} at ${extent.at}, but the file ends at ${file.size}: who computed the position?`)
  file.extents = file.extents.append(extent)
  file.size += extent.size
}

/** Everything below `to` reached stable storage; under ext4 the directory entry went with it. */
export function settle(disk: Disk, name: string, to: number, preset: DiskPreset): void {
  const file = logFile(disk, name)
  if (file === undefined) return
  if (preset === 'ext4') file.linked = true
  file.forced = Math.max(file.forced, Math.min(to, file.size))
  invariant(file.forced <= file.size, () => `${name} is forced up to ${file.forced} and ends at ${file.size}`)
}

/** The whole content is written once more, so that pages which the kernel believes clean are dirty again, and forced. */
export function rewrite(disk: Disk, name: string, preset: DiskPreset): void {
  const file = logFile(disk, name)
  if (file !== undefined) {
    file.dropped = Vec.none
    settle(disk, name, file.size, preset)
  }
  const cell = disk.cells.find((one) => one.name === name)
  if (cell !== undefined && cell.value !== null) settleCell(disk, name, cell.value, cell.version)
}

/** A write-back error: the kernel forgets that these pages are dirty, and a later force will not write them. */
export function drop(disk: Disk, name: string, to: number): void {
  const file = logFile(disk, name)
  if (file === undefined || to <= file.forced) return
  file.dropped = file.dropped.append({ from: file.forced, to: Math.min(to, file.size) })
}

/** Cuts a file, durably at once: left out is a power loss that brings the old end back. So is it for `remove`. */
export function truncate(disk: Disk, name: string, size: number): void {
  const file = logFile(disk, name)
  if (file === undefined || file.size <= size) return
  const kept = file.extents.search((extent) => extent.at + extent.size > size)
  const cut = kept < file.extents.length ? file.extents.at(kept) : undefined
  if (cut !== undefined && cut.at < size)
    throw new Error(`truncation of ${name} at ${size} cuts the extent at ${cut.at}: cut at a boundary`)
  file.extents = file.extents.take(kept)
  file.size = size
  file.forced = Math.min(file.forced, size)
  file.dropped = Vec.of(
    file.dropped
      .toArray()
      .filter((range) => range.from < size)
      .map(({ from, to }) => ({ from, to: Math.min(to, size) })),
  )
}

export function remove(disk: Disk, name: string): void {
  disk.logs = disk.logs.filter((file) => file.name !== name)
  disk.cells = disk.cells.filter((cell) => cell.name !== name)
}

const overlap = (extent: Extent, from: number, to: number): Damage | null => {
  const low = Math.max(0, from - extent.at)
  const high = Math.min(extent.size, to - extent.at)
  return low < high ? { kind: 'zero', from: low, to: high } : null
}

/** Zeroes [from, to) of a file: what a page that was never written reads as. */
function zero(file: LogFile, from: number, to: number): void {
  file.extents = Vec.of(
    file.extents.toArray().map((extent) => {
      const damage = overlap(extent, from, to)
      return damage === null ? extent : extent.hurt(damage)
    }),
  )
}

/** Cuts a file at any byte: the extent across the cut is torn. */
function tear(file: LogFile, size: number): void {
  if (size >= file.size) return
  const kept = file.extents.search((extent) => extent.at + extent.size > size)
  const torn = kept < file.extents.length ? file.extents.at(kept) : undefined
  const whole = file.extents.take(kept)
  if (torn === undefined || torn.at >= size) {
    file.extents = whole
    file.size = size
    return
  }
  file.extents = whole.append(torn.hurt({ kind: 'zero', from: size - torn.at, to: torn.size }))
  // The files of a store are preallocated: a torn record keeps its length and ends in zeros.
  file.size = torn.at + torn.size
}

function survive(file: LogFile, keep: Keep, luck: number): void {
  const loose = file.size - file.forced
  if (loose === 0) return
  if (keep === 'none') return tear(file, file.forced)
  if (keep === 'all') return
  if (keep === 'torn') return tear(file, file.forced + modulo(luck, loose))
  const firstPage = Math.floor(file.forced / PAGE)
  const pages = Math.floor((file.size - 1) / PAGE) - firstPage + 1
  if (keep === 'prefix') return tear(file, Math.max(file.forced, (firstPage + modulo(luck, pages + 1)) * PAGE))
  for (let page = firstPage; page < firstPage + pages; page++) {
    if (mix(luck, page) & 1) zero(file, Math.max(file.forced, page * PAGE), (page + 1) * PAGE)
  }
}

/** How long the kernel may sit on a new directory entry that nobody forced. */
const WRITE_BACK = seconds(30)

const entrySurvives = (file: LogFile, keep: Keep, salt: number, now: Us): boolean => {
  if (file.linked || keep === 'all' || now - file.bornUs > WRITE_BACK) return true
  return keep !== 'none' && (mix(salt, hashText(file.name)) & 1) === 0
}

/** The machine loses power. What is left is on stable storage, so afterwards everything that can be read is forced. */
export function powerLoss(disk: Disk, keep: Keep, salt: number, now: Us): void {
  disk.logs = disk.logs.filter((file) => entrySurvives(file, keep, salt, now))
  for (const file of disk.logs) {
    survive(file, keep, mix(salt, hashText(file.name)))
    for (const range of file.dropped.toArray()) zero(file, range.from, range.to)
    file.dropped = Vec.none
    file.forced = file.size
    file.linked = true
  }
  for (const cell of disk.cells) {
    const written = keep === 'all' || (keep !== 'none' && (mix(salt, hashText(cell.name)) & 1) === 1)
    if (written) cell.durable = cell.value
    cell.value = cell.durable
    cell.durableVersion = cell.version
  }
  disk.cells = disk.cells.filter((cell) => cell.value !== null)
}

/** True when a power loss now could lose something. */
export const hasLoose = (disk: Disk): boolean =>
  disk.logs.some((file) => file.forced < file.size || file.dropped.length > 0 || !file.linked) ||
  disk.cells.some((cell) => cell.version !== cell.durableVersion)

/** Flips one bit of a stored record, chosen by `salt`; false when nothing is stored. */
export function corrupt(disk: Disk, salt: number): boolean {
  const files = disk.logs.filter((file) => file.extents.length > 0)
  if (files.length === 0) return false
  const file = files[salt % files.length] as LogFile
  const index = modulo(mix(salt, 1), file.extents.length)
  const extents = file.extents.toArray()
  const victim = extents[index] as Extent
  const at = modulo(mix(salt, 2), victim.size)
  // A bit that flips a second time is as it was.
  const others = victim.damage.filter((one) => one.kind !== 'flip' || one.from !== at)
  extents[index] =
    others.length < victim.damage.length
      ? new Extent(victim.at, victim.size, victim.body, others)
      : victim.hurt({ kind: 'flip', from: at, to: at + 1 })
  file.extents = Vec.of(extents)
  return true
}
