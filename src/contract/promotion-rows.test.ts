/** Which losses a change of masters excuses: a power loss explains one only of who is promoted, before that or after. */
import { expect, it } from 'vitest'
import type { Anomaly } from '../check/checker.ts'
import type { FaultKind } from '../plan/faults.ts'
import { rocketmqContract } from './rocketmq.ts'

/** Masters wait for their slave, and a slave refuses the end of another log: no other row is left. */
const CONFIG = {
  flushDiskType: 'ASYNC_FLUSH',
  disk: 'ext4',
  repairs: ['refuseOtherLog'],
  brokerRole: 'SYNC_MASTER',
  parameters: { segmentBytes: 1 << 30, transactionChecksMax: 15, flushIntervalUs: 500_000, flushThoroughUs: 10_000_000, inSyncReplicas: 2 },
}
const LOST: Anomaly = {
  guarantee: 'HA-2',
  name: 'lost in a failover',
  summary: '',
  t: -1,
  facts: { message: 1, broker: 'b1', sentAtUs: 0, slaves: 'one', twoMasters: false },
  events: [],
}

function rowsAfter(...struck: readonly (readonly [FaultKind, string])[]): readonly string[] {
  const effective = new Set(struck.map(([kind]) => kind))
  const faults = struck.map(([kind, on], k) => ({ kind, on, t: 1_000_000 * (k + 1) }))
  const term = rocketmqContract(CONFIG, effective, [], true).get('HA-2')
  if (term === undefined || term === 'required' || 'notApplicable' in term) return []
  return term.excuses(LOST, { effective, faults, brokers: ['b1'] })?.rows ?? []
}

it('a power loss excuses the loss of a message where the node that it strikes is promoted', () => {
  expect(rowsAfter(['powerLoss', 'b1s'], ['promotion', 'b1s'])).toEqual(['promoted-from-page-cache'])
  expect(rowsAfter(['powerLoss', 'b1s'])).toEqual([])
  expect(rowsAfter(['powerLoss', 'b1'], ['promotion', 'b1s'])).toEqual([])
  expect(rowsAfter(['promotion', 'b1s'], ['powerLoss', 'b1s'])).toEqual(['promoted-and-struck'])
  expect(rowsAfter(['promotion', 'b1s'], ['powerLoss', 'b1'])).toEqual([])
})
