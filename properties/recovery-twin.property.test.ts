/** The symbolic log and its byte-level twin agree on what recovery accepts, whatever a power loss or a flipped bit did to the file. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { append, corrupt, emptyDisk, Extent, logFile, powerLoss, settle } from '../src/sim/disk.ts'
import { NO_LABELS } from '../src/plan/labels.ts'
import { BLANK, LogRecord, recordSize, soundness, type LogEntry } from '../src/systems/rocketmq/broker/record.ts'
import { brokerRules } from '../src/systems/rocketmq/broker/rules.ts'
import { encode, recoverBytes, spoil } from '../src/systems/rocketmq/testing/codec.ts'

const NAME = 'commitlog/00000000000000000000'
const record = (n: number, bytes: number): LogRecord =>
  new LogRecord(
    { topic: n % 3 === 0 ? 'T' : 'Orders', queue: 0, offset: n },
    { message: n, msgId: `p1-0-${n}`, key: '', digest: n * 7919, bytes, fails: 0, labels: NO_LABELS },
    { storeTime: 0, bornTime: 0 },
  )

const damaged = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 12 }),
  blank: fc.option(fc.integer({ min: 8, max: 600 }), { nil: null }),
  forced: fc.nat(),
  keep: fc.constantFrom('none', 'all', 'prefix', 'holes', 'torn'),
  flips: fc.array(fc.nat(), { maxLength: 2 }),
  salt: fc.nat(),
})

describe('recovery', () => {
  it('accepts the same bytes symbolically and really', () => {
    fc.assert(
      fc.property(damaged, ({ sizes, blank, forced, keep, flips, salt }) => {
        const disk = emptyDisk()
        let at = 0
        const add = (entry: LogEntry, size: number): void => {
          append(disk, NAME, new Extent<LogEntry>(at, size, entry), 0)
          at += size
        }
        sizes.forEach((bytes, n) => add(record(n, bytes), recordSize(record(n, bytes).topic, bytes)))
        if (blank !== null) add(BLANK, blank)
        settle(disk, NAME, forced % (at + 1), 'ext4')
        for (const flip of flips) corrupt(disk, flip)
        powerLoss(disk, keep, salt, 0)
        const file = logFile(disk, NAME)
        if (file === undefined) return
        const bytes = new Uint8Array(file.size)
        let symbolic = 0
        let broken = false
        for (const extent of file.extents.toArray() as Extent<LogEntry>[]) {
          const part = encode(extent.body, extent.size)
          for (const damage of extent.damage) spoil(part, damage)
          bytes.set(part, extent.at)
          broken = broken || !brokerRules.acceptsRecord(soundness(extent), false)
          if (!broken) symbolic = extent.at + extent.size
        }
        expect(recoverBytes(bytes)).toBe(symbolic)
      }),
      { numRuns: 2000 },
    )
  })
})
