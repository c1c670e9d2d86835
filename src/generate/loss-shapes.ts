/** Plans for one cell of the loss matrix: a few messages, and the faults of the cell around one of them. */
import { ms, seconds } from '../plan/units.ts'
import { copying } from './replica-shapes.ts'
import type { Combination } from './combinations.ts'
import type { Config, Preset } from './shapes.ts'

/** How a broker of some configuration, with so many slaves, is struck. */
export const losing = (config: Config, slaves: number, strikes: Combination): Preset => ({
  name: 'loss',
  title: 'one way to keep messages, one way to lose them',
  shapes: [
    [
      1,
      {
        ...copying,
        configs: [[1, config]],
        slaves: [[1, slaves]],
        items: [[1, 'send']],
        sizes: [[1, [1, 4_000]]],
        operations: [[1, [3, 12]]],
        spanUs: [seconds(1), seconds(12)],
        // Sends overlap: some are stored while others are being copied.
        producers: [
          [30, 1],
          [70, 3],
        ],
        clusters: [
          [65, 1],
          [35, 2],
        ],
        queues: [[1, 1]],
        groups: [[1, 1]],
        consumers: [[1, 1]],
        failingPermille: 0,
        faultlessPermille: 0,
        bursts: [[1, 1]],
        strays: [[1, 0]],
        outageUs: [ms(1), seconds(5)],
        combinations: [[1, strikes]],
        combinedPermille: 1000,
        pairsOnly: true,
      },
    ],
  ],
})
