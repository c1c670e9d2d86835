/** Whoever has enough to do: consumers that hold as much as they may and are given several messages at once, and brokers that take no more. */
import type { ListenerBatch } from '../plan/plan.ts'
import { ms, seconds } from '../plan/units.ts'
import { strike, type Combination } from './combinations.ts'
import type { Weighted } from './draw.ts'
import { consuming, usual, type Config, type Shape } from './shapes.ts'

/** Thresholds that a short run reaches (RMQ-090), and pulls that bring little at a time. */
const THRESHOLDS: Weighted<Config> = [
  [15, {}],
  [20, { pullBatch: 2, pullThreshold: 1 }],
  [20, { pullBatch: 1, pullThresholdBytes: 200 }],
  [15, { pullBatch: 2, pullSpan: 2, listenerUs: seconds(2) }],
  [15, { pullBatch: 1, pullTopicThreshold: 3, listenerUs: ms(300) }],
  [15, { pullBatch: 8, pullTopicThresholdBytes: 500 }],
]

const BATCHES: Weighted<ListenerBatch | null> = [
  [25, null],
  [20, { max: 2, verdict: 'whole' }],
  [15, { max: 8, verdict: 'whole' }],
  [20, { max: 3, verdict: 'ack-index' }],
  [20, { max: 8, verdict: 'ack-index' }],
]

/** Messages come in crowds, and listeners fail on some of them. */
export const busy: Shape = {
  ...consuming,
  settings: THRESHOLDS,
  segments: { permille: 0, bytes: [1024, 1024] },
  batches: BATCHES,
  queues: [
    [60, 1],
    [25, 2],
    [15, 3],
  ],
  items: [
    [80, 'send'],
    [20, 'batch'],
  ],
  operations: [
    [50, [3, 12]],
    [50, [8, 24]],
  ],
  sizes: [[1, [1, 200]]],
  failingPermille: 700,
  faultlessPermille: 150,
}

/** Some listeners work for longer than they may (RMQ-100), and brokers are away when what is given up goes back to them. */
export const slow: Shape = {
  ...consuming,
  settings: [
    [60, { consumeTimeoutUs: seconds(3), listenerUs: seconds(8) }],
    [40, { consumeTimeoutUs: seconds(5), listenerUs: seconds(20), offsetFirstPersistUs: seconds(1), offsetPersistUs: seconds(1) }],
  ],
  segments: { permille: 0, bytes: [1024, 1024] },
  operations: [
    [60, [1, 4]],
    [40, [3, 8]],
  ],
  sizes: [[1, [1, 200]]],
  bursts: [
    [30, 1],
    [50, 2],
    [20, 3],
  ],
  kinds: [
    [60, 'processKill'],
    [15, 'gracefulRestart'],
    [10, 'pause'],
    [10, 'cut'],
    [5, 'netLoss'],
  ],
  roles: [
    [80, 'broker'],
    [20, 'consumer'],
  ],
  outageUs: [seconds(1), seconds(30)],
  windowUs: [seconds(1), seconds(30)],
  combinedPermille: 0,
}

/** Disks stall while messages come in, and page caches take little that is not on the disk. */
const STALLS: Weighted<Combination> = [
  [6, [strike('diskStall', 'broker')]],
  [2, [strike('diskSlow', 'broker')]],
  [1, [strike('diskStall', 'broker'), strike('processKill', 'broker', [ms(1), seconds(2)])]],
  [1, [strike('diskStall', 'broker'), strike('powerLoss', 'broker', [ms(1), seconds(2)])]],
  [1, [strike('diskStall', 'broker'), strike('gracefulRestart', 'broker', [ms(1), seconds(2)])]],
]

/** Brokers that refuse what they can't take, and producers that go elsewhere, where they can. */
export const refusing: Shape = {
  ...usual,
  settings: [
    [40, { dirtyBytesMax: 400 }],
    [30, { dirtyBytesMax: 2_000 }],
    [15, { dirtyBytesMax: 400, sendTimeoutUs: seconds(10) }],
    [15, { dirtyBytesMax: 4_000, compressOverBytes: 2_000, compressedPermille: 300 }],
  ],
  segments: { permille: 0, bytes: [1024, 1024] },
  brokers: [
    [50, 1],
    [50, 2],
  ],
  items: [
    [88, 'send'],
    [8, 'batch'],
    [4, 'transaction'],
  ],
  operations: [
    [50, [4, 12]],
    [50, [8, 24]],
  ],
  clusters: [
    [70, 1],
    [30, 2],
  ],
  spanUs: [ms(100), seconds(10)],
  faultlessPermille: 100,
  kinds: [
    [40, 'diskStall'],
    [15, 'diskSlow'],
    [15, 'processKill'],
    [8, 'forceFails'],
    [8, 'powerLoss'],
    [8, 'gracefulRestart'],
    [6, 'netLoss'],
  ],
  windowUs: [ms(100), seconds(8)],
  combinations: STALLS,
  combinedPermille: 700,
}
