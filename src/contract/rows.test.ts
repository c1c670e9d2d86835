/** The rows of the contract as a whole: each has a name, matters somewhere, and is looked at. */
import { describe, expect, it } from 'vitest'
import type { GuaranteeId } from '../check/checker.ts'
import { QUIRKS } from '../plan/groups.ts'
import { Recipe, Strategy, type Receiver } from '../plan/plan.ts'
import { ANOMALIES } from './anomalies.ts'
import { matters } from './conditions.ts'
import type { ExcuseRow, Setting } from './excuse.ts'
import { settingOf, termOf } from './rocketmq.ts'
import { ROCKETMQ_ROWS } from './rocketmq-rows.ts'
import { REPAIRS } from './testing/repairs.ts'

const CONFIG = {
  flushDiskType: 'ASYNC_FLUSH',
  disk: 'posix',
  repairs: [],
  brokerRole: 'SYNC_MASTER',
  parameters: {
    segmentBytes: 4096,
    transactionChecksMax: 15,
    fileReservedUs: 60_000_000,
    flushIntervalUs: 500_000,
    flushThoroughUs: 10_000_000,
  },
}

describe('rows', () => {
  const small = {
    segmentBytes: 4096,
    transactionChecksMax: 15,
    transactionCheckIntervalUs: 30_000_000,
    fileReservedUs: 60_000_000,
    flushIntervalUs: 500_000,
    flushThoroughUs: 10_000_000,
    shippedIntervals: false,
    order: 'normal' as const,
    youngQueues: false,
    tagsOnly: true,
    openToAll: true,
    traced: false,
    traceQueueMax: 100,
    copied: true,
    ledger: true,
  }
  const receivers: Receiver[] = Recipe.options.flatMap((recipe) => [
    { recipe, by: 'key' },
    { recipe, by: 'msgId' },
  ])
  // Every strategy, every subscription, and every recipe under one name.
  const groups = receivers.map((receiver, k) => ({
    name: 'g',
    topics: [`T${k}`],
    receiver,
    allocate: Strategy.options[k % Strategy.options.length],
  }))
  const everywhere: Setting[] = (['SYNC_FLUSH', 'ASYNC_FLUSH'] as const).flatMap((flushDiskType) =>
    (['ext4', 'posix'] as const).flatMap((disk) =>
      [[], REPAIRS].flatMap((repairs) =>
        [1, 2, 3, 4].map((k) => {
          const copies = k === 2 || k === 3 ? 2 : 1
          const elected = { controlled: k < 4, allAck: k === 2, uncleanElection: true, mayBeAlone: copies < 2 }
          const roles = {
            brokerRole: 'SYNC_MASTER' as const,
            copies,
            slaveReadEnable: copies === 2,
            acting: copies === 2,
            slaveTakesOver: disk === 'posix',
            ...elected,
          }
          return { flushDiskType, disk, repairs: new Set(repairs), receivers, quirks: new Set(QUIRKS), ...small, ...roles }
        }),
      ),
    ),
  )

  it('have names of their own, and name known anomalies', () => {
    expect(new Set(ROCKETMQ_ROWS.map((row) => row.id)).size).toBe(ROCKETMQ_ROWS.length)
    for (const row of ROCKETMQ_ROWS) {
      for (const [id, names] of Object.entries(row.excuses)) {
        expect(ANOMALIES.get(id as GuaranteeId)).toEqual(expect.arrayContaining([...(names ?? [])]))
      }
    }
  })

  it('each matter somewhere', () => {
    const idle = (row: ExcuseRow): boolean => !everywhere.some((setting) => matters(row, setting))
    expect(ROCKETMQ_ROWS.filter(idle).map((row) => row.id)).toEqual([])
  })

  it('name repairs that exist', () => {
    for (const row of ROCKETMQ_ROWS)
      for (const repair of [row.unless, row.given]) if (repair !== undefined) expect(REPAIRS).toContain(repair)
  })

  it('are all looked at by the term of their guarantee', () => {
    const setting = settingOf(CONFIG, groups, true)
    for (const row of ROCKETMQ_ROWS.filter((one) => matters(one, setting))) {
      const id = (Object.keys(row.excuses) as GuaranteeId[])[0] as GuaranteeId
      const term = termOf(id, setting, new Set(row.after.flat()))
      expect(term === 'required').toBe(false)
    }
  })
})
