/** DLedger groups: leaders go while entries are on their way, come back, and find that another one leads. */
import { ms, seconds } from '../plan/units.ts'
import type { Combination } from './combinations.ts'
import type { Weighted } from './draw.ts'
import { usual, type Config, type Shape } from './shapes.ts'

const of = (preset: 'rocketmq-5.5' | 'hardened'): Config => ({ flushDiskType: 'ASYNC_FLUSH', preset, commitLog: 'dledger' })

/** Nobody knows beforehand which of the three leads. */
const AROUND_LEADERS: Weighted<Combination> = [
  [8, [{ kind: 'processKill', role: 'broker' }]],
  [8, [{ kind: 'processKill', role: 'slave' }]],
  // Cut off from both others, it goes on for a while by itself.
  [
    20,
    [
      { kind: 'cut', role: 'slave' },
      { kind: 'cut', role: 'other', after: [1, ms(1)] },
    ],
  ],
  [
    10,
    [
      { kind: 'cut', role: 'slave' },
      { kind: 'cut', role: 'other', after: [1, ms(1)] },
      { kind: 'processKill', role: 'broker', after: [ms(1), seconds(4)] },
    ],
  ],
  [
    10,
    [
      { kind: 'processKill', role: 'broker' },
      { kind: 'processKill', role: 'slave', after: [ms(1), seconds(8)] },
      { kind: 'processKill', role: 'other', after: [ms(1), seconds(8)] },
    ],
  ],
  [
    8,
    [
      { kind: 'cut', role: 'slave' },
      { kind: 'processKill', role: 'other', after: [ms(1), seconds(8)] },
    ],
  ],
  // Who starts again in the middle of an election.
  [
    12,
    [
      { kind: 'processKill', role: 'broker' },
      { kind: 'processKill', role: 'slave', after: [1, ms(300)] },
      { kind: 'processKill', role: 'other', after: [1, ms(300)] },
    ],
  ],
  // All of them within what is forced every ten milliseconds.
  [
    24,
    [
      { kind: 'powerLoss', role: 'broker', after: [200, ms(12)] },
      { kind: 'powerLoss', role: 'slave', after: [1, ms(3)] },
      { kind: 'powerLoss', role: 'other', after: [1, ms(3)] },
    ],
  ],
  [
    6,
    [
      { kind: 'powerLoss', role: 'broker' },
      { kind: 'powerLoss', role: 'slave', after: [1, ms(3)] },
    ],
  ],
  [
    6,
    [
      { kind: 'pause', role: 'broker' },
      { kind: 'processKill', role: 'slave', after: [ms(1), seconds(8)] },
    ],
  ],
  [4, [{ kind: 'diskLoss', role: 'slave' }]],
  [
    3,
    [
      { kind: 'diskLoss', role: 'broker' },
      { kind: 'cut', role: 'slave', after: [ms(1), seconds(3)] },
    ],
  ],
]

/** Ten times as quick as shipped, so that leaders change often in a short run. */
export const QUICK_TERMS = {
  ledgerHeartbeatUs: ms(200),
  ledgerVoteMinUs: ms(30),
  ledgerVoteMaxUs: ms(100),
  ledgerVoteWaitUs: ms(200),
  ledgerPushTimeoutUs: ms(100),
  routePollUs: seconds(1),
}

export const ledgers: Shape = {
  ...usual,
  configs: [
    [1, of('rocketmq-5.5')],
    [1, of('hardened')],
  ],
  settings: [
    [35, {}],
    [65, QUICK_TERMS],
  ],
  segments: { permille: 0, bytes: [1024, 1024] },
  slaves: [
    [85, 2],
    [10, 4],
    [5, 1],
  ],
  topics: [[1, 1]],
  items: [[1, 'send']],
  operations: [
    [30, [1, 5]],
    [70, [5, 14]],
  ],
  sizes: [[1, [1, 2_000]]],
  // A group elects in about a second, and misses its leader after six.
  spanUs: [seconds(2), seconds(20)],
  faultlessPermille: 60,
  kinds: [
    [30, 'processKill'],
    [12, 'powerLoss'],
    [6, 'gracefulRestart'],
    [5, 'diskLoss'],
    [10, 'pause'],
    [2, 'diskFull'],
    [2, 'diskSlow'],
    [2, 'diskStall'],
    [2, 'forceFails'],
    [1, 'forceLies'],
    [1, 'bitCorruption'],
    [2, 'clockJump'],
    [6, 'netLoss'],
    [4, 'netDelay'],
    [3, 'netDuplicate'],
    [3, 'netReorder'],
    [14, 'cut'],
  ],
  roles: [
    [42, 'broker'],
    [42, 'slave'],
    [8, 'consumer'],
    [8, 'producer'],
  ],
  outageUs: [ms(10), seconds(20)],
  windowUs: [seconds(1), seconds(20)],
  combinations: AROUND_LEADERS,
  combinedPermille: 750,
}
