/** The files of RocketMQ's processes, from a configuration and the places that they have. */
import { BROKER, CLUSTER, type RocketmqLiveConfig } from './config.ts'

export type Properties = Readonly<Record<string, string | number | boolean>>

/**
 * RML-065: the wheel of messages that are delayed for any time is compared byte by byte at each of its flushes: once a second, as shipped, that
 * takes a fifth of a processor for ever. Where no message is delayed so, it may rest.
 */
const TIMER_FLUSH_MS = { asShipped: 1000, unused: 60_000 } as const
/** RML-065: after each start the service that writes these down spins on a whole processor until its first interval has passed: ten seconds as shipped. */
const TRANSACTION_METRICS_MS = 1000

const HA_PORT = 3

/** What a process of a broker is; who was a slave waits for none when it is promoted. */
export type Role = 'master' | 'slave' | 'promoted'

export interface BrokerPlaces {
  /** Two ports below it belong to the broker as well, and three above it is the one for replication (RML-006). */
  readonly port: number
  readonly nameserverPort: number
  readonly storeDir: string
  /** Where a controller says who is master. */
  readonly controllerPort?: number
}

export interface ProxyPlaces {
  readonly nameserverPort: number
  readonly grpcPort: number
  /** It speaks remoting as well. */
  readonly remotingPort: number
}

/** How long the proxy lets a consumer wait for an empty topic: short, or its other topics would wait too. */
export const AWAIT_MS = 1000

/** Beats that a controller notices in seconds who is gone, and who is back (RML §6). */
const QUICK_CONTROL = {
  controllerHeartBeatTimeoutMills: 3000,
  brokerHeartbeatInterval: 500,
  syncBrokerMetadataPeriod: 1000,
  checkSyncStateSetPeriod: 1000,
  syncControllerMetadataPeriod: 2000,
}

/** RML-034: each begins as a slave without a number, and is told what it is. */
const controlled = ({ controller }: RocketmqLiveConfig, controllerPort: number): Properties => ({
  brokerId: -1,
  brokerRole: 'SLAVE',
  enableControllerMode: true,
  controllerAddr: `127.0.0.1:${controllerPort}`,
  allAckInSyncStateSet: controller?.allAck ?? false,
  minInSyncReplicas: controller?.minInSyncReplicas ?? 1,
  ...QUICK_CONTROL,
})

/** `haMasterAddress` must not be in the file of a slave: it would never connect (RML-032). */
function replication({ slave }: RocketmqLiveConfig, role: Role): Properties {
  if (role === 'slave') return { brokerId: 1, brokerRole: 'SLAVE', slaveReadEnable: true }
  const master = { brokerId: 0, brokerRole: 'ASYNC_MASTER' }
  return role === 'promoted' || slave === undefined ? master : { ...master, brokerRole: slave.role, inSyncReplicas: slave.inSyncReplicas }
}

/** The broker's file: small files, as on the sheet (§2), and no topics or clients but ours. */
export function brokerProperties(config: RocketmqLiveConfig, places: BrokerPlaces, role: Role = 'master'): Properties {
  const { transactions } = config
  return {
    brokerClusterName: CLUSTER,
    brokerName: BROKER,
    ...(places.controllerPort === undefined ? replication(config, role) : controlled(config, places.controllerPort)),
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
    timerFlushIntervalMs: config.timers ? TIMER_FLUSH_MS.asShipped : TIMER_FLUSH_MS.unused,
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
    enablePropertyFilter: config.enablePropertyFilter,
    autoCreateTopicEnable: false,
    autoCreateSubscriptionGroup: true,
  }
}

export function nameserverProperties(port: number, dir: string): Properties {
  return { listenPort: port, bindAddress: '127.0.0.1', kvConfigPath: `${dir}/kv.json`, configStorePath: `${dir}/nameserver.properties` }
}

/** A NameServer that is the controller as well, the only one (RML-034). */
export const controllerProperties = (port: number, dir: string): Properties => ({
  enableControllerInNamesrv: true,
  controllerDLegerGroup: 'g1',
  controllerDLegerPeers: `n0-127.0.0.1:${port}`,
  controllerDLegerSelfId: 'n0',
  controllerStorePath: `${dir}/controller`,
  scanNotActiveBrokerInterval: 500,
  scanInactiveMasterInterval: 1000,
})

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
    // A push consumer says how long it waits, and its shutdown waits as long.
    grpcClientConsumerMaxLongPollingTimeoutMillis: AWAIT_MS,
    // Plans send plain messages and transactions to the same topic.
    enableTopicMessageTypeCheck: false,
  })
}

export const propertiesText = (properties: Properties): string =>
  Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
