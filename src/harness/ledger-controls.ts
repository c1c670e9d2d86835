/** The controls of DLedger groups: what they keep hardened, and what takes it from them. */
import { RETRIES } from '../generate/failover-shapes.ts'
import type { Config } from '../generate/shapes.ts'
import type { FaultKind } from '../plan/faults.ts'
import type { Control } from './controls.ts'

const of = (preset: 'rocketmq-5.5' | 'hardened'): Config => ({ flushDiskType: 'ASYNC_FLUSH', preset, commitLog: 'dledger' })

const NET: readonly FaultKind[] = ['netLoss', 'netDelay', 'netDuplicate', 'netReorder', 'cut']
const KILLS: readonly FaultKind[] = ['processKill', 'gracefulRestart', 'pause']

const dur7 = (control: Control['control'], cell: string, more: Pick<Control, 'config' | 'kinds' | 'runs'> & Partial<Control>): Control => ({
  guarantee: 'DUR-7',
  preset: 'dledger',
  control,
  cell,
  ...more,
})

export const LEDGER: readonly Control[] = [
  dur7('holds', 'DLedger, hardened', { config: of('hardened'), kinds: [...NET, ...KILLS, 'powerLoss'], runs: 300 }),
  dur7('holds', 'DLedger, as shipped, without power loss', { config: of('rocketmq-5.5'), kinds: [...NET, ...KILLS], runs: 300 }),
  {
    ...dur7('holds', 'DLedger, as shipped, without power loss: retries', {
      config: { ...of('rocketmq-5.5'), ...RETRIES },
      kinds: [...NET, ...KILLS],
      runs: 300,
    }),
    guarantee: 'RTY-2',
    preset: 'dledger-workloads',
  },
  dur7('breaks', 'DLedger, as shipped: power lost at several members', { config: of('rocketmq-5.5'), kinds: ['powerLoss'], runs: 1_000 }),
  dur7('breaks', 'DLedger, hardened: a member that has lost its disk votes', {
    config: of('hardened'),
    kinds: ['diskLoss', 'processKill', 'cut'],
    runs: 2_000,
  }),
  dur7('breaks', 'DLedger, hardened: a leader that acknowledges what only it has', {
    config: of('hardened'),
    kinds: [...NET, ...KILLS],
    mutant: 'ledger-ack-before-majority',
    runs: 1_000,
  }),
]
