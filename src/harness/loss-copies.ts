/**
 * How messages are kept: the columns of the loss matrix, and the tables in which they stand. One line more here is one configuration more.
 */
import { QUICK_ELECTIONS } from '../generate/controller-shapes.ts'
import { QUICK_TERMS } from '../generate/ledger-shapes.ts'
import type { Config } from '../generate/shapes.ts'

/** When an acknowledgement waits for the disk, and which deviations of RocketMQ's are repaired. */
export interface Mode {
  readonly id: string
  readonly title: string
  readonly config: Config
}

/** Who answers for a broker's messages when it falls: itself, whom controllers elect in its place, or the DLedger group that it is one of. */
export type Keeper = 'broker' | 'elected' | 'group'

/** Who else has a message, and whether anybody waits for that. */
export interface Copies {
  readonly id: string
  readonly title: string
  readonly keeper: Keeper
  readonly slaves: number
  readonly config: Config
}

export const MODES: readonly Mode[] = [
  { id: 'async-flush', title: 'ASYNC_FLUSH, as shipped', config: { flushDiskType: 'ASYNC_FLUSH', preset: 'rocketmq-5.5' } },
  { id: 'sync-flush', title: 'SYNC_FLUSH, as shipped', config: { flushDiskType: 'SYNC_FLUSH', preset: 'rocketmq-5.5' } },
  { id: 'async-flush-hardened', title: 'ASYNC_FLUSH, hardened', config: { flushDiskType: 'ASYNC_FLUSH', preset: 'hardened' } },
  { id: 'sync-flush-hardened', title: 'SYNC_FLUSH, hardened', config: { flushDiskType: 'SYNC_FLUSH', preset: 'hardened' } },
]

const waitingFor = (inSyncReplicas: number): Config => ({ brokerRole: 'SYNC_MASTER', parameters: { inSyncReplicas } })

/** Elections take four seconds, and not fifteen, so that short outages meet them too. */
const elected = (more: Config, parameters: Config = {}): Config => ({
  enableControllerMode: true,
  retry: 'local',
  ...more,
  parameters: { ...QUICK_ELECTIONS, ...parameters },
})
const ALL_ACK: Config = { allAckInSyncStateSet: true }

export const COPIES: readonly Copies[] = [
  { id: 'one-copy', title: 'one copy', keeper: 'broker', slaves: 0, config: {} },
  { id: 'async-master', title: 'ASYNC_MASTER, 1 slave', keeper: 'broker', slaves: 1, config: {} },
  { id: 'sync-master-1', title: 'SYNC_MASTER, inSyncReplicas 1, 1 slave', keeper: 'broker', slaves: 1, config: waitingFor(1) },
  { id: 'sync-master-2', title: 'SYNC_MASTER, inSyncReplicas 2, 1 slave', keeper: 'broker', slaves: 1, config: waitingFor(2) },
  { id: 'sync-master-2-of-3', title: 'SYNC_MASTER, inSyncReplicas 2, 2 slaves', keeper: 'broker', slaves: 2, config: waitingFor(2) },
  { id: 'sync-master-3', title: 'SYNC_MASTER, inSyncReplicas 3, 2 slaves', keeper: 'broker', slaves: 2, config: waitingFor(3) },
  { id: 'controller', title: 'controller, 1 slave', keeper: 'elected', slaves: 1, config: elected({}) },
  {
    id: 'controller-sync-2-of-3',
    title: 'controller, SYNC_MASTER, inSyncReplicas 2, 2 slaves',
    keeper: 'elected',
    slaves: 2,
    config: elected({ brokerRole: 'SYNC_MASTER' }, { inSyncReplicas: 2 }),
  },
  { id: 'controller-all-ack', title: 'controller, allAckInSyncStateSet, 1 slave', keeper: 'elected', slaves: 1, config: elected(ALL_ACK) },
  {
    id: 'controller-all-ack-min-2',
    title: 'controller, allAckInSyncStateSet, minInSyncReplicas 2, 1 slave',
    keeper: 'elected',
    slaves: 1,
    config: elected(ALL_ACK, { minInSyncReplicas: 2 }),
  },
  {
    id: 'controller-unclean',
    title: 'controller, allAckInSyncStateSet, enableElectUncleanMaster, 1 slave',
    keeper: 'elected',
    slaves: 1,
    config: elected({ ...ALL_ACK, enableElectUncleanMaster: true }),
  },
  { id: 'dledger-3', title: 'DLedger, 3 members', keeper: 'group', slaves: 2, config: { commitLog: 'dledger', parameters: QUICK_TERMS } },
]
