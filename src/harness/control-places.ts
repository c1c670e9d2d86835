/** Where controls take place: the strictest configuration, the loosest one, and kinds of faults that go together. */
import type { Config } from '../generate/shapes.ts'
import type { FaultKind } from '../plan/faults.ts'
import type { Control } from './controls.ts'

export const sync: Config = { flushDiskType: 'SYNC_FLUSH', preset: 'hardened' }
export const async: Config = { flushDiskType: 'ASYNC_FLUSH', preset: 'hardened' }
export const syncShipped: Config = { flushDiskType: 'SYNC_FLUSH', preset: 'rocketmq-5.5' }
export const asyncShipped: Config = { flushDiskType: 'ASYNC_FLUSH', preset: 'rocketmq-5.5' }
export const NET: readonly FaultKind[] = ['netLoss', 'netDelay', 'netDuplicate', 'netReorder', 'cut']
export const CRASHES: readonly FaultKind[] = ['processKill', 'gracefulRestart', 'powerLoss', 'pause']
export const KILLS: readonly FaultKind[] = ['processKill', 'gracefulRestart', 'pause']
export const USUAL: readonly FaultKind[] = [...NET, ...CRASHES]

export type Place = Omit<Control, 'guarantee' | 'control'>

export const strict: Place = { preset: 'hardened', config: sync, cell: 'SYNC_FLUSH, hardened', kinds: USUAL, runs: 300 }
export const loose: Place = { preset: 'async', config: asyncShipped, cell: 'ASYNC_FLUSH, as shipped', kinds: ['powerLoss'], runs: 1_000 }

export const holds = (guarantee: Control['guarantee'], where: Place = strict): Control => ({ guarantee, control: 'holds', ...where })
export const breaks = (guarantee: Control['guarantee'], where: Place = loose): Control => ({ guarantee, control: 'breaks', ...where })

/** A place like another, told in its own words. */
export const at = (where: Place, cell: string, more: Partial<Place>): Place => ({ ...where, cell, ...more })
