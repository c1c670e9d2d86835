/** Controls of brokers with slaves. */
import type { Config } from '../generate/shapes.ts'
import type { FaultKind } from '../plan/faults.ts'
import { async, asyncShipped, at, breaks, holds, KILLS, NET, strict, USUAL, type Place } from './control-places.ts'
import type { Control } from './controls.ts'

const WAITING: Config = { brokerRole: 'SYNC_MASTER', parameters: { inSyncReplicas: 2 } }
const copied: Place = {
  ...strict,
  preset: 'replicated',
  config: async,
  cell: 'ASYNC_MASTER, ASYNC_FLUSH, hardened',
  kinds: [...USUAL, 'diskLoss'],
}
const waited: Place = {
  ...copied,
  preset: 'sync-replicated',
  config: { ...async, ...WAITING },
  cell: 'SYNC_MASTER, two in sync, ASYNC_FLUSH, hardened',
}
const LOST_MASTER: readonly FaultKind[] = ['diskLoss', 'pause', 'cut']
const READABLE: Partial<Place> = {
  preset: 'slave-reads',
  config: { ...async, slaveReadEnable: true },
  kinds: ['processKill', 'gracefulRestart'],
}
/** Consumers are told to read old messages from a slave, and messages are old soon. */
const REDIRECTING = { slaveReadEnable: true, parameters: { inMemoryBytes: 400 } } as const
const redirects: Place = {
  ...strict,
  preset: 'redirects',
  config: { ...async, ...REDIRECTING },
  cell: 'ASYNC_MASTER, hardened, slaves can be read',
  kinds: [...NET, ...KILLS],
}
/** An administrator promotes slaves. */
const handedOver: Place = {
  ...waited,
  preset: 'promotions',
  config: { ...async, ...WAITING, retry: 'local' },
  cell: 'a slave is promoted, two in sync, ASYNC_FLUSH, hardened',
  kinds: [...NET, ...KILLS, 'promotion', 'diskLoss'],
}
/** Slaves stand in for masters that are away. */
const STANDING_IN: Config = { slaveReadEnable: true, enableSlaveActingMaster: true }
const stoodIn: Place = {
  ...strict,
  preset: 'acting-masters',
  config: { ...async, ...STANDING_IN },
  cell: 'slaves stand in for masters, ASYNC_FLUSH, hardened',
  kinds: ['processKill', 'gracefulRestart'],
}
export const COPIES: readonly Control[] = [
  holds('HA-1', stoodIn),
  holds('RBL-3', stoodIn),
  breaks(
    'RBL-3',
    at(stoodIn, 'slaves stand in for masters, as shipped: each has locks of its own', { config: { ...asyncShipped, ...STANDING_IN } }),
  ),
  holds('HA-2', handedOver),
  breaks(
    'HA-2',
    at(handedOver, 'a slave is promoted, ASYNC_MASTER, as shipped: it lacks what was not copied', {
      config: { ...asyncShipped, retry: 'local' },
      kinds: ['processKill', 'cut', 'promotion'],
    }),
  ),
  breaks(
    'HA-2',
    at(handedOver, 'a slave is promoted, two in sync, as shipped', {
      config: { ...asyncShipped, ...WAITING, retry: 'local' },
      kinds: [...NET, ...KILLS, 'promotion'],
      runs: 1_000,
    }),
  ),
  holds('DUR-5', waited),
  breaks(
    'DUR-5',
    at(waited, 'SYNC_MASTER, as shipped: it waits for nobody', {
      config: { ...asyncShipped, brokerRole: 'SYNC_MASTER' },
      kinds: LOST_MASTER,
    }),
  ),
  breaks(
    'DUR-5',
    at(waited, 'two in sync, as shipped: a slave that is ahead is believed', {
      config: { ...asyncShipped, ...WAITING },
      kinds: ['powerLoss'],
      runs: 1_000,
    }),
  ),
  holds('HA-1', at(copied, 'ASYNC_MASTER, hardened, slaves can be read', READABLE)),
  breaks('HA-1', at(copied, 'ASYNC_MASTER, as shipped: slaves are not read', { ...READABLE, config: asyncShipped })),
  holds('HA-3', redirects),
  holds('HA-3', at(redirects, 'ASYNC_MASTER, as shipped, without power loss', { config: { ...asyncShipped, ...REDIRECTING } })),
  breaks('HA-3', at(redirects, 'a slave that sends its readers on', { mutant: 'slave-sends-on-to-its-end' })),
  holds('DUR-6', copied),
  breaks(
    'DUR-6',
    at(copied, 'ASYNC_FLUSH, as shipped: a slave that is ahead is believed', { config: asyncShipped, kinds: ['powerLoss'], runs: 1_000 }),
  ),
]
