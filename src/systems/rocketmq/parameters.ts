/**
 * Every number of the model, with RocketMQ 5.x's default and the fact that states it. A plan may override any of them
 * (`config.parameters`); nothing else in the model is a magic number. Times in microseconds, sizes in bytes.
 */
import { z } from 'zod'
import { hours, minutes, ms, seconds } from '../../plan/units.ts'

/** A threshold that is not set. */
export const UNLIMITED = Number.MAX_SAFE_INTEGER

export const DEFAULTS = {
  /** RMQ-026: mappedFileSizeCommitLog. */
  segmentBytes: 1 << 30,
  /** RMQ-024: maxMessageSize. */
  messageBytesMax: 4 << 20,

  /** RMQ-054, RMQ-024: waitTimeMillsInSendQueue, osPageCacheBusyTimeOutMills; and dirty_ratio, 20 % of 16 GiB: see broker/busy.ts. */
  sendQueueWaitUs: ms(200),
  pageCacheBusyUs: seconds(1),
  dirtyBytesMax: 3_435_973_836,

  /** RMQ-036: the group-commit loop's wait when nothing is urgent. */
  groupCommitIntervalUs: ms(10),
  /** RMQ-036: 1000 attempts of 1 ms each; here ten of 100 ms, so that a failing disk costs ten steps. */
  forceRetryUs: ms(100),
  forceAttempts: 10,
  /** RMQ-036: syncFlushTimeout. */
  syncFlushTimeoutUs: seconds(5),
  /** RMQ-038: flushIntervalCommitLog, flushCommitLogLeastPages, flushCommitLogThoroughInterval. */
  flushIntervalUs: ms(500),
  flushLeastPages: 4,
  flushThoroughUs: seconds(10),
  /** RMQ-038: the same for consume queues, and the checkpoint file. */
  queueFlushIntervalUs: seconds(1),
  queueFlushLeastPages: 2,
  queueFlushThoroughUs: seconds(60),
  checkpointIntervalUs: seconds(1),
  /** RMQ-042: recovery starts this much before the checkpoint. */
  checkpointMarginUs: seconds(3),
  /** RMQ-032: the dispatcher's turn. */
  dispatchIntervalUs: ms(1),

  /** RMQ-089: how long a pull is held, and how many messages it brings (RMQ-035). */
  pullHoldUs: seconds(15),
  /** RMQ-089: how often held pulls are looked through. */
  pullScanUs: seconds(5),
  pullTimeoutUs: seconds(30),
  pullBatch: 32,
  /** RMQ-035: so many places of a queue at least are looked at for what a group chooses (maxFilterMessageSize, of 20 bytes each). */
  filterScan: 800,
  /** RMQ-035: 40 % of the machine's memory, here of 16 GiB. */
  inMemoryBytes: 6_871_947_673,
  /** RMQ-089: the same for consumers that an application asks for messages; and how often these commit by themselves. */
  litePullHoldUs: seconds(20),
  litePullBatch: 10,
  autoCommitUs: seconds(5),
  /** RMQ-140: MQAdminImpl.timeoutMillis; a broker that is asked by key has three times as long, and all together four times. */
  adminTimeoutUs: seconds(6),
  /** RMQ-141: how many lines of its traces a client holds, sends at once, and lets wait. */
  traceQueueMax: 2048,
  traceBatch: 10,
  traceFlushUs: seconds(5),
  /** RMQ-090: after an error; and the thresholds of flow control. */
  pullErrorDelayUs: seconds(3),
  pullThreshold: 1000,
  pullThresholdBytes: 100 << 20,
  pullSpan: 2000,
  /** RMQ-090: pullThresholdForTopic, pullThresholdSizeForTopic: see client/flow-control.ts. */
  pullTopicThreshold: UNLIMITED,
  pullTopicThresholdBytes: UNLIMITED,
  /** RMQ-103: the first pull of a queue that was gained. */
  firstPullUs: ms(500),
  /** RMQ-091: consumeThreadMax. */
  consumeThreads: 20,
  /** RMQ-099: a failed message whose send-back failed is run again locally. */
  localRetryUs: seconds(5),
  /** RMQ-100: consumeTimeout. */
  consumeTimeoutUs: minutes(15),
  /** RMQ-113: how long a client waits for the broker to take a message back. */
  sendBackTimeoutUs: seconds(5),
  /** RMQ-095: persistConsumerOffsetInterval at the client (first after 10 s), flushConsumerOffsetInterval at the broker. */
  offsetPersistUs: seconds(5),
  offsetFirstPersistUs: seconds(10),
  offsetFlushUs: seconds(5),

  /** RMQ-110: popInvisibleTime, popBatchNums, popThresholdForQueue; held as long as a pull. */
  popInvisibleUs: seconds(60),
  popBatch: 32,
  popThreshold: 96,
  popHoldUs: seconds(15),
  /** What a client asks for a message that its listener has failed for the first time; see client/pop-listener.ts. */
  popRetryUs: seconds(10),
  /** RMQ-110, RMQ-111: reviveQueueNum, reviveInterval. A checkpoint is dealt with when it is over for so long, as RML-059 shows. */
  reviveQueues: 8,
  reviveIntervalUs: seconds(1),
  reviveMarginUs: seconds(2),
  /** RMQ-111: the first wait before a message that could not be stored anew is tried again. */
  revivePutBackUs: seconds(10),
  /** RMQ-112: how often the state of orderly pops is saved. */
  popOrderSaveUs: seconds(10),

  /** RMQ-064, RMQ-057: slaveTimeout; and inSyncReplicas, the master counted in. */
  slaveTimeoutUs: seconds(3),
  inSyncReplicas: 1,
  /** RMQ-060: how much of the log goes at once, how long a slave waits before it connects again, and when what is not taken is sent anew. */
  haBatchBytes: 32 << 10,
  haConnectUs: seconds(5),
  haHeartbeatUs: seconds(5),
  /**
   * How long what nobody waits for may lie before it is sent to slaves: inferred from what was lost with a master (the last 47 and 81 ms in RML-038),
   * not measured by itself.
   */
  haIdleUs: ms(100),
  /** RMQ-067: how often a slave fetches what is not in the log. */
  slaveSyncUs: seconds(60),
  /**
   * RMQ-071, where slaves act as masters: brokerHeartbeatInterval, brokerNotActiveTimeoutMillis; and how often a broker asks its NameServers who of its
   * name is there, and one that comes back whether it may begin (syncBrokerMemberGroupPeriod: inferred, not measured).
   */
  actingHeartbeatUs: seconds(1),
  actingExpiryUs: seconds(10),
  memberGroupUs: seconds(1),
  /** RMQ-069: a slave that has nothing to say sends its client back at once; here the client counts to a second, so that it costs little. */
  slaveRetryUs: seconds(1),

  /**
   * DLedger 0.3.1.2, DLedgerConfig: heartBeatTimeIntervalMs and maxHeartBeatLeak; minVoteIntervalMs, maxVoteIntervalMs, and how long a round of votes
   * waits (DLedgerLeaderElector); maxPushTimeOutMs, maxWaitAckTimeMs, flushFileInterval. RMQ-067: how often a follower fetches what is not in the log.
   */
  ledgerHeartbeatUs: seconds(2),
  ledgerHeartbeatLeak: 3,
  ledgerVoteMinUs: ms(300),
  ledgerVoteMaxUs: seconds(1),
  ledgerVoteWaitUs: seconds(2),
  ledgerPushTimeoutUs: seconds(1),
  ledgerAckUs: ms(2_500),
  ledgerFlushUs: ms(10),
  ledgerSyncUs: seconds(10),
  /** RMQ-072: brokerHeartbeatInterval, controllerHeartBeatTimeoutMills, scanNotActiveBrokerInterval, syncBrokerMetadataPeriod. */
  controllerHeartbeatUs: seconds(1),
  controllerExpiryUs: seconds(10),
  controllerScanUs: seconds(5),
  rolePollUs: seconds(5),
  /** RMQ-072: syncControllerMetadataPeriod, and how long a broker that knows of no leader waits before it asks again (ReplicasManager). */
  controllerMetadataUs: seconds(10),
  controllerRetryUs: seconds(1),
  /** RMQ-072, RMQ-074: checkSyncStateSetPeriod, haMaxTimeSlaveNotCatchup. RMQ-077: minInSyncReplicas, the master counted in. */
  checkSyncStateSetUs: seconds(5),
  notCaughtUpUs: seconds(15),
  minInSyncReplicas: 1,
  /** RML-045: how long a master goes on that has been told of its successor: seen to acknowledge for 215 ms more, the longest time seen. */
  demotionUs: ms(215),
  /** RMQ-067: how often a slave of this mode fetches what is not in the log. */
  replicaSyncUs: seconds(10),

  /** RMQ-106: how long a lock lives at the broker, and how long its holder takes it for valid; how often it is renewed. */
  lockLifeUs: seconds(60),
  lockValidUs: seconds(30),
  lockFirstRenewUs: seconds(1),
  lockRenewUs: seconds(20),
  /** RMQ-106: the time of one request for a lock, and how long a queue rests whose lock was asked for again in vain. */
  lockTimeoutUs: seconds(1),
  lockRetryUs: seconds(3),
  /** RMQ-107: how long a lost queue waits for its listener before it is unlocked another time. */
  unlockWaitUs: ms(500),
  /** RMQ-108: how long one thread stays with a queue, and how long a queue rests after a failure. */
  orderlyRunUs: seconds(60),
  orderlySuspendUs: seconds(1),

  /** RMQ-080, RMQ-081: sendMsgTimeout is the budget of all attempts; attempts = 1 + retryTimesWhenSendFailed. */
  sendTimeoutUs: seconds(3),
  /** RMQ-087: the producer's maxMessageSize, of a batch as a whole. Left out: the bytes that go between its messages. */
  sendBytesMax: 4 << 20,
  /** RMQ-087: compressMsgBodyOverHowmuch; and what ZLIB leaves of a body, a number of the application's: here all of it. */
  compressOverBytes: 4096,
  compressedPermille: 1000,
  sendAttempts: 3,
  sendAsyncAttempts: 3,
  /** RMQ-080: sendMsgMaxTimeoutPerRequest; none, as long as it is not less than the budget. */
  sendAttemptTimeoutUs: seconds(3),
  clientTimeoutUs: seconds(3),

  /** RMQ-004, RMQ-012: registration, route poll, producer heartbeat. RMQ-005: expiry. */
  registerFirstUs: seconds(10),
  registerIntervalUs: seconds(30),
  routePollUs: seconds(30),
  heartbeatUs: seconds(30),
  brokerExpiryUs: seconds(120),
  /** RMQ-005: scanNotActiveBrokerInterval. */
  expiryScanUs: seconds(5),
  /** RMQ-101: the periodic rebalance, the expiry of a silent member at the broker, and how often the broker looks for one. */
  rebalanceUs: seconds(20),
  memberExpiryUs: seconds(120),
  memberScanUs: seconds(10),

  /** RMQ-130, RMQ-128: transactionTimeOut, transactionCheckInterval, transactionCheckMax, transactionOpBatchInterval. */
  transactionTimeoutUs: seconds(6),
  transactionCheckIntervalUs: seconds(30),
  transactionChecksMax: 15,
  transactionOpBatchUs: seconds(3),
  /** RMQ-119: when the task of a delay level looks first, and how often it looks then. RMQ-120: flushDelayOffsetInterval. */
  delayFirstLookUs: seconds(1),
  delayLookUs: ms(100),
  delayPersistUs: seconds(10),
  /** RMQ-122: how long a slot of the timer wheel is, timerMaxDelaySec, timerRollWindowSlot. RMQ-124: how often one is tried that is due. */
  timerPrecisionUs: seconds(1),
  timerDelayMaxUs: hours(72),
  timerRollUs: hours(48),
  timerTriesMax: 3,
  /** RMQ-051: fileReservedTime; the configuration files that are shipped say 48 hours. RMQ-130: a half older than this is given up. */
  fileReservedUs: hours(72),
  /** RMQ-051: cleanResourceInterval, and how long after its start a broker looks first. */
  cleanIntervalUs: seconds(10),
  cleanFirstUs: seconds(60),
  /** RMQ-051: how many files go in one round. */
  deleteFilesMax: 10,
  /** RMQ-051, RMQ-052: diskMaxUsedSpaceRatio, diskSpaceCleanForciblyRatio, diskSpaceWarningLevelRatio; and the disk's size, here a tebibyte. */
  diskCleanPermille: 750,
  diskForcePermille: 850,
  diskFullPermille: 900,
  diskBytes: 1_099_511_627_776,

  /** How long an idle listener thread works on one message at the most; an application's number, not RocketMQ's. */
  listenerUs: ms(20),
  /** An application's numbers too: how long a statement to its database may take, a key lives in a cache, a lock is leased for. */
  queryTimeoutUs: seconds(3),
  keyLifeUs: minutes(10),
  lockLeaseUs: seconds(30),
  /** The network: base latency, and what a choice may add. */
  latencyUs: 200,
  latencySpreadUs: 800,
  /** The disk: a force takes this, and what a choice may add. */
  forceUs: 800,
  forceSpreadUs: ms(4),
  /** How long after the heal the same clients may take to drain before fresh ones are tried. */
  drainUs: minutes(12),
} as const satisfies Record<string, number>

export type ParameterName = keyof typeof DEFAULTS
export type Parameters = { readonly [name in ParameterName]: number }

const fields = Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, z.int().positive().optional()])) as Record<
  ParameterName,
  z.ZodOptional<z.ZodInt>
>
export const ParameterOverrides = z.strictObject(fields)
