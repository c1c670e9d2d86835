/** Faults to choose from: those that only together reach code that is hard to reach, and single kinds with their weights. */
import type { FaultKind } from '../plan/faults.ts'
import { ms, seconds } from '../plan/units.ts'
import type { Range, Weighted } from './draw.ts'

/** Where a fault strikes: link faults lie between a client and a broker, or around one node. */
/** `other`: the slave after the first, where a broker has several. */
export type Role = 'broker' | 'slave' | 'other' | 'consumer' | 'producer' | 'nameserver' | 'controller'

/**
 * One fault of a combination that is known to matter; `slaves` are all that the broker has. `after`: since the fault before it began, or since the
 * operation for the first.
 */
export interface Part {
  readonly kind: FaultKind
  readonly role: Role | 'slaves'
  readonly after?: Range
}
export type Combination = readonly Part[]

/** While a send is in flight. */
const FLIGHT: Range = [400, ms(14)]
const SOON: Range = [100, ms(50)]
/** A half is checked once it is 6 s old, every 30 s. */
const CHECK: Range = [seconds(6), seconds(60)]
const LATER: Range = [ms(1), seconds(12)]

/** Faults that only together reach code that is hard to reach. */
export const COMBINATIONS: Weighted<Combination> = [
  // Recovery trusts what a killed process left in page cache, then the machine loses it.
  [
    5,
    [
      { kind: 'processKill', role: 'broker' },
      { kind: 'powerLoss', role: 'broker', after: LATER },
    ],
  ],
  [
    3,
    [
      { kind: 'powerLoss', role: 'broker' },
      { kind: 'powerLoss', role: 'broker', after: LATER },
    ],
  ],
  [
    3,
    [
      { kind: 'forceFails', role: 'broker' },
      { kind: 'powerLoss', role: 'broker', after: LATER },
    ],
  ],
  [
    2,
    [
      { kind: 'forceLies', role: 'broker' },
      { kind: 'powerLoss', role: 'broker', after: LATER },
    ],
  ],
  [
    2,
    [
      { kind: 'diskStall', role: 'broker' },
      { kind: 'powerLoss', role: 'broker', after: LATER },
    ],
  ],
  [
    2,
    [
      { kind: 'gracefulRestart', role: 'broker' },
      { kind: 'powerLoss', role: 'broker', after: LATER },
    ],
  ],
  [9, [{ kind: 'processKill', role: 'consumer' }]],
  // A disk that refuses while something is written.
  [4, [{ kind: 'forceFails', role: 'broker' }]],
  [3, [{ kind: 'diskFull', role: 'broker' }]],
  [5, [{ kind: 'diskStall', role: 'broker' }]],
  // Who takes over after a consumer, and from where.
  [
    3,
    [
      { kind: 'processKill', role: 'consumer' },
      { kind: 'processKill', role: 'broker', after: LATER },
    ],
  ],
  [
    2,
    [
      { kind: 'processKill', role: 'consumer' },
      { kind: 'powerLoss', role: 'broker', after: LATER },
    ],
  ],
  [
    2,
    [
      { kind: 'netLoss', role: 'consumer' },
      { kind: 'processKill', role: 'consumer', after: SOON },
    ],
  ],
  [
    2,
    [
      { kind: 'pause', role: 'consumer' },
      { kind: 'processKill', role: 'consumer', after: LATER },
    ],
  ],
  // An answer gets lost, and what was answered too.
  [
    3,
    [
      { kind: 'netLoss', role: 'producer' },
      { kind: 'processKill', role: 'broker', after: SOON },
    ],
  ],
  [
    2,
    [
      { kind: 'netDuplicate', role: 'producer' },
      { kind: 'netReorder', role: 'producer' },
    ],
  ],
  [
    2,
    [
      { kind: 'processKill', role: 'producer' },
      { kind: 'processKill', role: 'broker', after: LATER },
    ],
  ],
  [
    2,
    [
      { kind: 'cut', role: 'producer' },
      { kind: 'powerLoss', role: 'broker', after: SOON },
    ],
  ],
]

/** A queue changes hands, and its old owner does not know: it stands still, is cut off, or the broker has forgotten whose the queue was. */
export const BETWEEN_OWNERS: Weighted<Combination> = [
  [8, [{ kind: 'processKill', role: 'consumer' }]],
  [5, [{ kind: 'gracefulRestart', role: 'consumer' }]],
  [6, [{ kind: 'pause', role: 'consumer', after: [ms(1), ms(40)] }]],
  [
    5,
    [
      { kind: 'processKill', role: 'consumer' },
      { kind: 'processKill', role: 'broker', after: LATER },
    ],
  ],
  [4, [{ kind: 'processKill', role: 'broker' }]],
]

/** What can come between the two phases of a transaction: its half is answered after some milliseconds, and its end follows at once. */
export const BETWEEN_PHASES: Weighted<Combination> = [
  [15, [{ kind: 'netLoss', role: 'producer', after: FLIGHT }]],
  [15, [{ kind: 'cut', role: 'producer', after: FLIGHT }]],
  [8, [{ kind: 'processKill', role: 'producer', after: FLIGHT }]],
  [12, [{ kind: 'processKill', role: 'broker', after: FLIGHT }]],
  [8, [{ kind: 'powerLoss', role: 'broker', after: FLIGHT }]],
  [5, [{ kind: 'netDuplicate', role: 'producer' }]],
  // The commit is lost, and then the answer to the check.
  [
    8,
    [
      { kind: 'cut', role: 'producer', after: FLIGHT },
      { kind: 'cut', role: 'producer', after: CHECK },
    ],
  ],
  [
    8,
    [
      { kind: 'cut', role: 'producer', after: FLIGHT },
      { kind: 'processKill', role: 'broker', after: CHECK },
    ],
  ],
]

/** Every fault that the simulation knows. */
export const ALL_KINDS: Weighted<FaultKind> = [
  [30, 'processKill'],
  [34, 'powerLoss'],
  [12, 'gracefulRestart'],
  [2, 'diskLoss'],
  [10, 'pause'],
  [7, 'diskFull'],
  [3, 'diskSlow'],
  [8, 'diskStall'],
  [10, 'forceFails'],
  [4, 'forceLies'],
  [3, 'bitCorruption'],
  [2, 'clockOffset'],
  [3, 'clockJump'],
  [2, 'clockDrift'],
  [12, 'netLoss'],
  [8, 'netDelay'],
  [8, 'netDuplicate'],
  [6, 'netReorder'],
  [10, 'cut'],
]
