/** DLedger groups: leaders go while entries are on their way, come back, and find that another one leads. */
import { ms, seconds } from '../plan/units.ts'
import { strike, type Combination } from './combinations.ts'
import type { Weighted } from './draw.ts'
import { usual, type Config, type Shape } from './shapes.ts'

const of = (preset: 'rocketmq-5.5' | 'hardened'): Config => ({ flushDiskType: 'ASYNC_FLUSH', preset, commitLog: 'dledger' })

/** Nobody knows beforehand which of the three leads. */
const AROUND_LEADERS: Weighted<Combination> = [
  [8, [strike('processKill', 'broker')]],
  [8, [strike('processKill', 'slave')]],
  // Cut off from both others, it goes on for a while by itself.
  [20, [strike('cut', 'slave'), strike('cut', 'other', [1, ms(1)])]],
  [10, [strike('cut', 'slave'), strike('cut', 'other', [1, ms(1)]), strike('processKill', 'broker', [ms(1), seconds(4)])]],
  [
    10,
    [
      strike('processKill', 'broker'),
      strike('processKill', 'slave', [ms(1), seconds(8)]),
      strike('processKill', 'other', [ms(1), seconds(8)]),
    ],
  ],
  [8, [strike('cut', 'slave'), strike('processKill', 'other', [ms(1), seconds(8)])]],
  // Who starts again in the middle of an election.
  [12, [strike('processKill', 'broker'), strike('processKill', 'slave', [1, ms(300)]), strike('processKill', 'other', [1, ms(300)])]],
  // All of them within what is forced every ten milliseconds.
  [24, [strike('powerLoss', 'broker', [200, ms(12)]), strike('powerLoss', 'slave', [1, ms(3)]), strike('powerLoss', 'other', [1, ms(3)])]],
  [6, [strike('powerLoss', 'broker'), strike('powerLoss', 'slave', [1, ms(3)])]],
  [6, [strike('pause', 'broker'), strike('processKill', 'slave', [ms(1), seconds(8)])]],
  [4, [strike('diskLoss', 'slave')]],
  [3, [strike('diskLoss', 'broker'), strike('cut', 'slave', [ms(1), seconds(3)])]],
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
