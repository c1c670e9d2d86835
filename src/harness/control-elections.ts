/** The controls of masters that controllers elect: a part of the catalogue's (control-list.ts). */
import { RETRIES } from '../generate/failover-shapes.ts'
import type { Config } from '../generate/shapes.ts'
import type { Control } from './controls.ts'

const of = (preset: 'rocketmq-5.5' | 'hardened', more: Config = {}): Config => ({
  flushDiskType: 'ASYNC_FLUSH',
  preset,
  enableControllerMode: true,
  ...more,
})
const ALL_ACK: Config = { allAckInSyncStateSet: true }
/** What masters do of their own accord. */
const worked = (control: Control['control'], cell: string, guarantee: Control['guarantee'], more: Partial<Control>): Control => ({
  guarantee,
  control,
  preset: 'failover-workloads',
  config: of('hardened', { ...ALL_ACK, ...RETRIES }),
  cell,
  kinds: ['processKill', 'gracefulRestart', 'pause', 'cut'],
  runs: 300,
  ...more,
})

export const ELECTIONS: readonly Control[] = [
  {
    guarantee: 'HA-2',
    control: 'holds',
    preset: 'controller',
    config: of('hardened', ALL_ACK),
    cell: 'controller, all-ack, ASYNC_FLUSH, hardened',
    kinds: ['processKill', 'gracefulRestart', 'pause', 'cut', 'netLoss', 'netDelay', 'netDuplicate', 'netReorder'],
    runs: 300,
  },
  {
    guarantee: 'HA-2',
    control: 'holds',
    preset: 'controller-quorum',
    config: of('hardened', ALL_ACK),
    cell: 'three controllers, all-ack, ASYNC_FLUSH, hardened',
    kinds: ['processKill', 'gracefulRestart', 'pause', 'cut', 'netLoss', 'netDelay', 'netDuplicate', 'netReorder'],
    runs: 300,
  },
  {
    guarantee: 'HA-2',
    control: 'breaks',
    preset: 'controller',
    config: of('rocketmq-5.5', ALL_ACK),
    cell: 'controller, all-ack, as shipped: a master that wakes goes on',
    kinds: ['pause', 'cut'],
    runs: 1_000,
  },
  {
    guarantee: 'HA-2',
    control: 'breaks',
    preset: 'controller',
    config: of('rocketmq-5.5'),
    cell: 'controller, as shipped: a master acknowledges alone',
    kinds: ['processKill'],
    runs: 1_000,
  },
  worked('holds', 'controller, all-ack, ASYNC_FLUSH, hardened: retries', 'RTY-2', {}),
  worked('holds', 'controller, all-ack, ASYNC_FLUSH, hardened: transactions', 'TXN-2', {}),
  worked('breaks', 'controller, all-ack, as shipped: copies wait for no replica', 'RTY-2', {
    config: of('rocketmq-5.5', { ...ALL_ACK, ...RETRIES }),
    runs: 2_000,
  }),
]
