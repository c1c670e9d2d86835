/** What lies where a message was that is sent back may be taken for it, after a loss and without the repair alone. */
import { describe, expect, it } from 'vitest'
import type { Anomaly, GuaranteeId } from '../check/checker.ts'
import type { FaultKind } from '../plan/faults.ts'
import type { RunFacts } from './contract.ts'
import { explains } from './excuse.ts'
import { RETRIES } from './retry-rows.ts'
import { rocketmqContract } from './rocketmq.ts'

const anomaly = (guarantee: GuaranteeId, name: string, facts: Anomaly['facts'] = {}): Anomaly => ({
  guarantee,
  name,
  summary: '',
  t: -1,
  facts,
  events: [],
})
const run = (...kinds: FaultKind[]): RunFacts => ({
  effective: new Set(kinds),
  faults: kinds.map((kind, k) => ({ kind, on: 'b1', t: 1_000_000 * (k + 1) })),
  brokers: ['b1'],
})
const RETURNED = { returned: true }
const byPlace = RETRIES.filter(({ id }) => id.startsWith('returned-by-place'))
const isExcused = (what: Anomaly, facts: RunFacts): boolean => byPlace.some((row) => explains(row, what, facts))

describe('what is sent back', () => {
  it('may be another message after a loss', () => {
    const wrong = [
      anomaly('RTY-1', 'unearned', RETURNED),
      anomaly('RTY-2', 'dead too soon', RETURNED),
      anomaly('RTY-2', 'forgotten', { ...RETURNED, sentAtUs: 0, lastCrash: 'diskLoss' }),
    ]
    for (const what of wrong) {
      expect(isExcused(what, run('diskLoss'))).toBe(true)
      expect(isExcused(what, run('powerLoss'))).toBe(true)
      expect(isExcused(what, run('processKill'))).toBe(false)
    }
    expect(isExcused(anomaly('RTY-1', 'unearned', RETURNED), run('bitCorruption', 'processKill'))).toBe(true)
  })

  it('is what was failed on, where nothing was lost since it was stored', () => {
    expect(isExcused(anomaly('RTY-2', 'forgotten', { ...RETURNED, sentAtUs: 2_000_000, lastCrash: 'none' }), run('powerLoss'))).toBe(false)
    expect(isExcused(anomaly('RTY-1', 'unearned'), run('powerLoss'))).toBe(false)
  })

  it('may go with the power where its client was told that the disk has not forced it', () => {
    const inDoubt = RETRIES.filter(({ id }) => id === 'returned-copies-in-doubt')
    const gone = (facts: Anomaly['facts']): Anomaly =>
      anomaly('RTY-2', 'forgotten', { ...RETURNED, sentAtUs: 0, lastCrash: 'powerLoss', ...facts })
    const excused = (facts: Anomaly['facts']): boolean => inDoubt.some((row) => explains(row, gone(facts), run('powerLoss')))
    expect(excused({ status: 'FLUSH_DISK_TIMEOUT' })).toBe(true)
    expect(excused({})).toBe(false)
  })

  it('is known by its id, with the repair', () => {
    const setup = {
      flushDiskType: 'SYNC_FLUSH',
      preset: 'rocketmq-5.5',
      parameters: { segmentBytes: 1 << 30, transactionChecksMax: 15, flushIntervalUs: 500_000, flushThoroughUs: 10_000_000 },
    }
    const excused = (repairs: string[]): boolean => {
      const facts = run('diskLoss')
      const term = rocketmqContract({ ...setup, disk: 'ext4', order: 'normal', repairs }, facts.effective).get('RTY-1')
      return typeof term === 'object' && 'excuses' in term && term.excuses(anomaly('RTY-1', 'unearned', RETURNED), facts) !== null
    }
    expect(excused([])).toBe(true)
    expect(excused(['checksReturned'])).toBe(false)
  })
})
