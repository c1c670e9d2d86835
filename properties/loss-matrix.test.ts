/** The loss matrix: its page says what the contract says (UPDATE=1 writes it), and some of its cells are proven here; all by `mqproof controls`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { registry } from '../src/cli/registry.ts'
import { cellNamed, cellsCalled, LOSS_CELLS } from '../src/harness/loss-cells.ts'
import { proveCell } from '../src/harness/loss-proof.ts'
import { lossPromises } from '../src/harness/loss-runs.ts'
import { lossPage } from '../src/report/loss-page.ts'
import { VERSION } from '../src/version.ts'
import { read, ROOT } from './repository.ts'

const PAGE = 'spec/loss-matrix.md'
const subject = registry.subjectOf('rocketmq')
const options = { subject, seed: '1', version: VERSION, effectiveRuns: 15 }

/** One of each sort, and those that people get wrong. */
const PROVEN = [
  ['async-flush/one-copy/kill', 'kept'],
  ['async-flush/one-copy/power-loss', 'lost'],
  ['sync-flush/one-copy/power-loss', 'kept'],
  ['sync-flush/async-master/disk-loss', 'lost'],
  ['sync-flush/sync-master-1/disk-loss', 'lost'],
  ['async-flush/sync-master-2/power-loss', 'slave'],
  ['async-flush/sync-master-2/power-loss-of-all', 'lost'],
  ['async-flush/sync-master-2/power-loss-then-disk-loss', 'lost'],
  ['sync-flush-hardened/sync-master-3/partition-then-disk-loss', 'slave'],
  ['async-flush/controller/kill', 'lost'],
  ['sync-flush/controller-all-ack/kill', 'kept'],
  ['async-flush-hardened/dledger-3/power-loss-of-all', 'kept'],
] as const

describe('the loss matrix', () => {
  it('is on its page as the contract has it', async () => {
    const text = lossPage(await lossPromises(subject, VERSION))
    if (process.env['UPDATE'] === '1') writeFileSync(join(ROOT, PAGE), text)
    expect(read(PAGE)).toBe(text)
  })

  it('has more than a hundred cells, each with a name', () => {
    expect(LOSS_CELLS.length).toBeGreaterThanOrEqual(100)
    expect(new Set(LOSS_CELLS.map(({ id }) => id)).size).toBe(LOSS_CELLS.length)
    expect(cellsCalled('loss')).toEqual(LOSS_CELLS)
    expect(cellsCalled('one-copy').every(({ copies }) => copies.slaves === 0)).toBe(true)
    expect(cellsCalled('nothing-of-the-sort')).toEqual([])
  })

  it.each(PROVEN)('%s: %s', async (id, fate) => {
    expect(await proveCell(cellNamed(id), options)).toMatchObject({ cell: id, fate, ok: true })
  })
})
