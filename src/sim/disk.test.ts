/** What each way of losing power leaves on a disk. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Keep } from '../plan/faults.ts'
import { seconds } from '../plan/units.ts'
import {
  append,
  drop,
  emptyDisk,
  Extent,
  forkDisk,
  hasLoose,
  logFile,
  cellValue,
  powerLoss,
  settle,
  settleCell,
  truncate,
  write,
  type Disk,
} from './disk.ts'

/** Ten extents of 1000 bytes, of which `forced` bytes are on stable storage. */
function disk(forced: number): Disk {
  const made = emptyDisk()
  for (let n = 0; n < 10; n++) append(made, 'f', new Extent(n * 1000, 1000, n), 0)
  settle(made, 'f', forced, 'ext4')
  return made
}
const whole = (made: Disk): number[] =>
  (logFile(made, 'f')?.extents.toArray() ?? []).filter((extent) => extent.damage.length === 0).map((extent) => extent.body as number)

describe('power loss', () => {
  it('keeps what was forced and, with keep=none, nothing else', () => {
    const made = disk(3000)
    powerLoss(made, 'none', 1, 0)
    expect(whole(made)).toEqual([0, 1, 2])
  })

  it('keeps everything with keep=all', () => {
    const made = disk(3000)
    powerLoss(made, 'all', 1, 0)
    expect(whole(made)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('never loses a forced byte, and leaves only forced bytes behind', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.constantFrom(...Keep.options), fc.nat(), (forced, keep, salt) => {
        const made = disk(forced)
        powerLoss(made, keep, salt, 0)
        const kept = whole(made)
        for (let n = 0; (n + 1) * 1000 <= forced; n++) expect(kept).toContain(n)
        expect(hasLoose(made)).toBe(false)
      }),
    )
  })

  it('tears a record with keep=torn, and punches page-sized holes with keep=holes', () => {
    const found = new Set<string>()
    for (let salt = 0; salt < 50; salt++) {
      for (const keep of ['torn', 'holes'] as const) {
        const made = disk(1000)
        powerLoss(made, keep, salt, 0)
        const damage =
          logFile(made, 'f')
            ?.extents.toArray()
            .flatMap((extent) => extent.damage) ?? []
        if (damage.length > 0) found.add(keep)
        if (keep === 'holes' && whole(made).includes(9) && damage.length > 0) found.add('valid behind a hole')
      }
    }
    expect([...found].sort((x, y) => (x < y ? -1 : 1))).toEqual(['holes', 'torn', 'valid behind a hole'])
  })

  it('zeroes pages whose write-back failed, although a later force passed them', () => {
    const made = disk(1000)
    drop(made, 'f', 3000)
    settle(made, 'f', 10_000, 'ext4')
    powerLoss(made, 'all', 1, 0)
    expect(whole(made)).toEqual([0, 3, 4, 5, 6, 7, 8, 9])
  })

  it('remembers lost pages on both sides of a later cut', () => {
    const made = disk(1000)
    drop(made, 'f', 8000)
    settle(made, 'f', 10_000, 'ext4')
    truncate(made, 'f', 5000)
    powerLoss(made, 'all', 1, 0)
    expect(whole(made)).toEqual([0])
  })

  it('loses a forced file whose directory entry was never forced, under posix, until write-back', () => {
    const lost = emptyDisk()
    append(lost, 'f', new Extent(0, 10, 0), 0)
    settle(lost, 'f', 10, 'posix')
    const later = forkDisk(lost)
    powerLoss(lost, 'none', 1, seconds(1))
    powerLoss(later, 'none', 1, seconds(31))
    expect([logFile(lost, 'f'), whole(later)]).toEqual([undefined, [0]])
  })

  it('gives a small file its old value or its new one', () => {
    const made = emptyDisk()
    settleCell(made, 'c', { n: 1 }, write(made, 'c', { n: 1 }))
    write(made, 'c', { n: 2 })
    powerLoss(made, 'none', 1, 0)
    expect(cellValue(made, 'c')).toEqual({ n: 1 })
  })
})

describe('a log file', () => {
  it('is cut at a boundary only', () => {
    const made = disk(10_000)
    truncate(made, 'f', 4000)
    expect(whole(made)).toEqual([0, 1, 2, 3])
    expect(() => truncate(made, 'f', 3500)).toThrow('cut at a boundary')
  })

  it('refuses an append that leaves a gap', () => {
    expect(() => append(disk(0), 'f', new Extent(99, 1, 0), 0)).toThrow('who computed the position')
  })
})
