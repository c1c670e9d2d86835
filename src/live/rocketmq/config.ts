/** The configuration of a live RocketMQ: what differs between the rows of the control table, who its client is, and the times of that. */
import { z } from 'zod'
import type { Header } from '../../history/event.ts'
import { DELAY_LEVELS, DelayLevels, delayLevelsOf, retryDelays } from '../../plan/delay-levels.ts'
import type { Plan } from '../../plan/plan.ts'
import { ms } from '../../plan/units.ts'

const milliseconds = z.int().positive()

/** Retries within seconds (RML §6). */
export const QUICK_LEVELS = Array.from({ length: 18 }, () => '1s').join(' ')

const Settings = z.strictObject({
  flushDiskType: z.enum(['ASYNC_FLUSH', 'SYNC_FLUSH']).default('ASYNC_FLUSH'),
  /** RMQ-036; as shipped: five seconds. */
  syncFlushTimeoutMs: milliseconds.default(5000),
  /** RMQ-038: ASYNC_FLUSH forces twice a second when there is enough to force, and this often in any case. */
  flushThoroughMs: milliseconds.default(10_000),
  /** RMQ-095: how often the broker writes the progress of groups to its disk. */
  offsetFlushMs: milliseconds.default(5000),
  /** The size of a log file; as shipped it is 1 GiB. */
  segmentBytes: z
    .int()
    .min(1 << 20)
    .default(16 << 20),
  /** RMQ-106, RML-020: how long the lock of a queue lives whose holder is gone; as shipped a minute, which is longer than a round. */
  lockLifeMs: milliseconds.default(6000),
  /** The check-back; fast values of the sheet (§6), with which the first check comes after about two seconds. */
  transactions: z
    .strictObject({
      timeoutMs: milliseconds.default(1000),
      checkIntervalMs: milliseconds.default(1000),
      opBatchIntervalMs: milliseconds.default(100),
      checksMax: z.int().positive().default(15),
    })
    .prefault({}),
  /** What a listener failed on: run again by its client, or sent back to the broker (RMQ-113), so often before it is given up. */
  retry: z.enum(['local', 'send-back']).default('local'),
  retryMaxTimes: z.int().nonnegative().default(16),
  /** RMQ-118: the first retry comes after the third of these delays. */
  delayLevels: DelayLevels.default(DELAY_LEVELS),
  /** Groups may choose by selectors over properties (RMQ-137); as shipped they may not. */
  enablePropertyFilter: z.boolean().default(false),
  /** Messages may be delayed for any time (RMQ-122): the broker's wheel for that takes a fifth of a processor (RML-065). */
  timers: z.boolean().default(false),
  /**
   * The broker has a slave, which copies what it stores, and takes its place when its disk is lost: an operator starts it again as the master
   * (RML-033). `inSyncReplicas` counts the master itself: with 1, as shipped, SYNC_MASTER waits for nobody (RMQ-057).
   */
  slave: z.strictObject({ role: z.enum(['ASYNC_MASTER', 'SYNC_MASTER']), inSyncReplicas: z.int().min(1).max(2).default(1) }).optional(),
  /**
   * Two processes are replicas of the broker, and a controller says which of them is its master; another one is elected when that one is
   * gone. `allAck`: what is acknowledged waits for all that are in sync; below `minInSyncReplicas` nothing is (RMQ-072, RMQ-154).
   */
  controller: z.strictObject({ allAck: z.boolean().default(false), minInSyncReplicas: z.int().min(1).max(2).default(1) }).optional(),
  /** Who speaks to the broker: our own remoting client, or RocketMQ's library through its proxy. */
  client: z.enum(['remoting', 'sdk']).default('remoting'),
  /** How the library consumes for groups that do not keep order; for those that do, it pushes. */
  sdkConsumer: z.enum(['simple', 'push']).default('simple'),
  /** RMQ-080, RMQ-095, RMQ-099, RMQ-106: a lock is valid to its holder for half as long as it lives at the broker. */
  clientTimes: z
    .strictObject({
      sendTimeoutMs: milliseconds.default(3000),
      commitIntervalMs: milliseconds.default(1000),
      retryDelayMs: milliseconds.default(1000),
      lockValidMs: milliseconds.default(3000),
      lockRenewMs: milliseconds.default(1000),
      popInvisibleMs: milliseconds.default(5000),
    })
    .prefault({}),
})

const together = (path: 'slave' | 'client'): { message: string; path: string[] } => ({
  message: `a broker with a controller has replicas of its own, and our own client: leave ${path} out, or the controller`,
  path: [path],
})
export const RocketmqLiveConfig = Settings.refine(
  ({ controller, slave }) => controller === undefined || slave === undefined,
  together('slave'),
).refine(({ controller, client }) => controller === undefined || client === 'remoting', together('client'))
export type RocketmqLiveConfig = z.infer<typeof RocketmqLiveConfig>

/** RMQ-038: as shipped. */
const FLUSH_INTERVAL_US = ms(500)

/** Who copies what the broker stores, and who takes its place. */
function rolesOf({ slave, controller }: RocketmqLiveConfig): Plan['cluster']['config'] {
  if (controller !== undefined) return { enableControllerMode: true, allAckInSyncStateSet: controller.allAck }
  return slave === undefined ? {} : { brokerRole: slave.role, slaveTakesOver: true }
}

/** What the contract decides by. */
export const contractConfig = (config: RocketmqLiveConfig): Plan['cluster']['config'] => ({
  flushDiskType: config.flushDiskType,
  disk: 'ext4',
  repairs: [],
  ...(config.enablePropertyFilter ? { enablePropertyFilter: true } : {}),
  ...rolesOf(config),
  parameters: {
    ...(config.slave === undefined ? {} : { inSyncReplicas: config.slave.inSyncReplicas }),
    ...(config.controller === undefined ? {} : { minInSyncReplicas: config.controller.minInSyncReplicas }),
    segmentBytes: config.segmentBytes,
    transactionChecksMax: config.transactions.checksMax,
    flushIntervalUs: FLUSH_INTERVAL_US,
    flushThoroughUs: ms(config.flushThoroughMs),
  },
})

/** RMQ-130. */
export const checksOf = ({ transactions }: RocketmqLiveConfig): NonNullable<Header['checks']> => ({
  immunityUs: ms(transactions.timeoutMs),
  intervalUs: ms(transactions.checkIntervalMs),
  max: transactions.checksMax,
})

/** What histories say of what is sent back. */
export const retriesOf = ({ delayLevels, retryMaxTimes: max }: RocketmqLiveConfig): NonNullable<Header['retries']> => ({
  max,
  delaysUs: retryDelays(delayLevelsOf(delayLevels), max),
})

export const CLUSTER = 'mqproof'
export const BROKER = 'b1'
