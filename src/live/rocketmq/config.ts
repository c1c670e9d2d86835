/** The configuration of a live RocketMQ: what differs between the rows of the control table, who its client is, and the times of that. */
import { z } from 'zod'
import type { Header } from '../../history/event.ts'
import { DELAY_LEVELS, DelayLevels, delayLevelsOf, retryDelays } from '../../plan/delay-levels.ts'
import type { Plan } from '../../plan/plan.ts'
import { ms } from '../../plan/units.ts'

const milliseconds = z.int().positive()

/** Retries within seconds (RML §6). */
export const QUICK_LEVELS = Array.from({ length: 18 }, () => '1s').join(' ')

export const RocketmqLiveConfig = z.strictObject({
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
  /**
   * The broker has a slave, which copies what it stores, and takes its place when its disk is lost: an operator starts it again as the master
   * (RML-033). `inSyncReplicas` counts the master itself: with 1, as shipped, SYNC_MASTER waits for nobody (RMQ-057).
   */
  slave: z.strictObject({ role: z.enum(['ASYNC_MASTER', 'SYNC_MASTER']), inSyncReplicas: z.int().min(1).max(2).default(1) }).optional(),
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
export type RocketmqLiveConfig = z.infer<typeof RocketmqLiveConfig>

/** RMQ-038: as shipped. */
const FLUSH_INTERVAL_US = ms(500)

/** What the contract decides by. */
export const contractConfig = (config: RocketmqLiveConfig): Plan['cluster']['config'] => ({
  flushDiskType: config.flushDiskType,
  disk: 'ext4',
  repairs: [],
  parameters: {
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

/**
 * RML-065: the wheel of delayed messages is compared byte by byte at each of its flushes: once a second, as shipped, that takes a fifth of a
 * processor for ever. No client here uses it: messages are delayed by levels.
 */
const TIMER_FLUSH_MS = 60_000
/** RML-065: after each start the service that writes these down spins on a whole processor until its first interval has passed: ten seconds as shipped. */
const TRANSACTION_METRICS_MS = 1000

export const CLUSTER = 'mqproof'
const HA_PORT = 3
export const BROKER = 'b1'

/** What a process of a broker is; who was a slave waits for none when it is promoted. */
export type Role = 'master' | 'slave' | 'promoted'

export interface BrokerPlaces {
  /** Two ports below it belong to the broker as well, and three above it is the one for replication (RML-006). */
  readonly port: number
  readonly nameserverPort: number
  readonly storeDir: string
}

export interface ProxyPlaces {
  readonly nameserverPort: number
  readonly grpcPort: number
  /** It speaks remoting as well. */
  readonly remotingPort: number
}

/** How long the proxy lets a consumer wait for an empty topic: short, or its other topics would wait too. */
export const AWAIT_MS = 1000

/** `haMasterAddress` must not be in the file of a slave: it would never connect (RML-032). */
function replication({ slave }: RocketmqLiveConfig, role: Role): Record<string, string | number | boolean> {
  if (role === 'slave') return { brokerId: 1, brokerRole: 'SLAVE', slaveReadEnable: true }
  const master = { brokerId: 0, brokerRole: 'ASYNC_MASTER' }
  return role === 'promoted' || slave === undefined ? master : { ...master, brokerRole: slave.role, inSyncReplicas: slave.inSyncReplicas }
}

/** The broker's file: small files, as on the sheet (§2), and no topics or clients but ours. */
export function brokerProperties(
  config: RocketmqLiveConfig,
  places: BrokerPlaces,
  role: Role = 'master',
): Record<string, string | number | boolean> {
  const { transactions } = config
  return {
    brokerClusterName: CLUSTER,
    brokerName: BROKER,
    ...replication(config, role),
    brokerIP1: '127.0.0.1',
    brokerIP2: '127.0.0.1',
    bindAddress: '127.0.0.1',
    namesrvAddr: `127.0.0.1:${places.nameserverPort}`,
    listenPort: places.port,
    // The one port that RocketMQ opens on all interfaces (RML-006); only a slave asks there.
    haListenPort: places.port + HA_PORT,
    storePathRootDir: places.storeDir,
    storePathCommitLog: `${places.storeDir}/commitlog`,
    mappedFileSizeCommitLog: config.segmentBytes,
    mappedFileSizeConsumeQueue: 60_000,
    maxHashSlotNum: 5000,
    maxIndexNum: 20_000,
    mappedFileSizeTimerLog: 1 << 20,
    timerFlushIntervalMs: TIMER_FLUSH_MS,
    transactionMetricFlushInterval: TRANSACTION_METRICS_MS,
    flushDiskType: config.flushDiskType,
    syncFlushTimeout: config.syncFlushTimeoutMs,
    flushCommitLogThoroughInterval: config.flushThoroughMs,
    flushConsumerOffsetInterval: config.offsetFlushMs,
    transactionTimeOut: transactions.timeoutMs,
    transactionCheckInterval: transactions.checkIntervalMs,
    transactionCheckMax: transactions.checksMax,
    transactionOpBatchInterval: transactions.opBatchIntervalMs,
    messageDelayLevel: config.delayLevels,
    autoCreateTopicEnable: false,
    autoCreateSubscriptionGroup: true,
  }
}

export function nameserverProperties(port: number, dir: string): Record<string, string | number | boolean> {
  return { listenPort: port, bindAddress: '127.0.0.1', kvConfigPath: `${dir}/kv.json`, configStorePath: `${dir}/nameserver.properties` }
}

/** The proxy's file. RML-027: by default it announces producers every 20 seconds, and no check finds them before that. */
export function proxySettings(places: ProxyPlaces): string {
  return JSON.stringify({
    rocketMQClusterName: CLUSTER,
    namesrvAddr: `127.0.0.1:${places.nameserverPort}`,
    proxyMode: 'cluster',
    grpcServerPort: places.grpcPort,
    remotingListenPort: places.remotingPort,
    transactionHeartbeatPeriodSecond: 1,
    grpcClientConsumerMinLongPollingTimeoutMillis: AWAIT_MS,
    // Plans send plain messages and transactions to the same topic.
    enableTopicMessageTypeCheck: false,
  })
}

export const propertiesText = (properties: Readonly<Record<string, string | number | boolean>>): string =>
  Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
