/**
 * A RocketMQ configuration: what an operator sets, and which of RocketMQ's own deviations are repaired. `rocketmq-5.5` leaves every
 * deviation as shipped; `hardened` repairs them all. A repair is thus a finding about the real system, with a fact that states it.
 */
import { z } from 'zod'
import { Account } from '../../plan/access.ts'
import { DELAY_LEVELS, DelayLevels } from '../../plan/delay-levels.ts'
import { DeleteWhen } from './delete-when.ts'
import { DEFAULTS, ParameterOverrides, type Parameters } from './parameters.ts'

/** Each repair: what it changes, and the fact that states what RocketMQ does without it. */
export const REPAIRS = {
  forceRecovered: 'Recovery forces what it found before it calls it flushed (RMQ-047).',
  checksumWholeRecord: 'The checksum covers the whole record, not the body alone (RMQ-025, RMQ-048).',
  checkpointAfterForce: "The checkpoint's consume-queue time is that of forced entries, not of appended ones (RMQ-042).",
  keepKeyIndex: 'The key index is rebuilt as far as the log reaches back, not from the recovery start only (RMQ-050).',
  stopOnForceError: 'After a failed force the broker process ends, and recovers when it is started again (RMQ-040).',
  dispatchForcedOnly: 'Consumers see only forced records, under ASYNC_FLUSH too (RMQ-030, RMQ-031).',
  waitForInternalWrites:
    "Half-message renewals, op records, copies of delayed messages and POP's checkpoints, acknowledgements and copies wait for their force; " +
    'that a message was taken back is said once its copy is forced (RMQ-058, RMQ-156).',
  endTxnOnce: 'The end of a transaction that was already ended is ignored (RMQ-129).',
  clampStoredOffsets:
    'Recovery lowers stored offsets of groups and delay levels to the recovered end of their queue, on disk too (RMQ-120, RMQ-155).',
  wholeBatches: 'Recovery keeps a batch as a whole or not at all, not record by record (RMQ-047, RMQ-059).',
  forceQueuesFirst: 'The cleaner forces queue files before it deletes the records that they could be built from again (RMQ-038, RMQ-053).',
  refuseOtherLog: 'A master talks to no slave whose log is not the beginning of its own (RMQ-062, RMQ-063).',
  checksReturned:
    'A message that comes back is named by its id as well as by its place in the log, and nothing else that lies there is taken back (RMQ-113).',
  compareIndexedKeys:
    'A broker counts what its key index finds only where topic and key are the same, not where their hashes are (RMQ-140).',
  strictRaft:
    'A DLedger group keeps the rules of Raft: votes and entries are forced before anybody is told of them, who starts asks in a new term, and entries of older ' +
    'terms are not committed by counting (DLedger 0.3.1.2: MemberState, DLedgerMmapFileStore, DLedgerLeaderElector, DLedgerEntryPusher).',
  masterLease:
    'A master for whose heartbeat no controller has vouched lately takes no writes and acknowledges nothing, before another can be elected (RMQ-078, #7017).',
  waitOutLocks: 'A broker that starts again grants no lock of a queue before all locks of its last life have expired (RMQ-106, RMQ-109).',
} as const
export type Repair = keyof typeof REPAIRS
export const REPAIR_NAMES = Object.keys(REPAIRS) as Repair[]

const RepairName = z.enum(REPAIR_NAMES as [Repair, ...Repair[]])

export const ConfigInput = z.strictObject({
  /** RMQ-036, RMQ-038: whether an answer waits until its message is forced to the disk. */
  flushDiskType: z.enum(['SYNC_FLUSH', 'ASYNC_FLUSH']).default('ASYNC_FLUSH'),
  /** RocketMQ as it is, or with every repair. */
  preset: z.enum(['rocketmq-5.5', 'hardened']).default('rocketmq-5.5'),
  /** Repairs on top of the preset. */
  repairs: z.array(RepairName).default([]),
  /** Repairs of the preset that are left out: what one of them is good for shows where it alone is missing. */
  without: z.array(RepairName).default([]),
  /** What a power loss takes of a file system: under `posix` also the names of files that were not forced with their folders. */
  disk: z.enum(['ext4', 'posix']).default('ext4'),
  /** RMQ-057, RMQ-065: a SYNC_MASTER waits for slaves if inSyncReplicas is 2 or more, an ASYNC_MASTER for nobody. */
  brokerRole: z.enum(['ASYNC_MASTER', 'SYNC_MASTER']).default('ASYNC_MASTER'),
  /** RMQ-072: masters are elected by `cluster.controllers`, from a broker and its slaves. Without it brokers do not listen to controllers. */
  enableControllerMode: z.boolean().default(false),
  /** RMQ-077: whether a master waits for its whole SyncStateSet. */
  allAckInSyncStateSet: z.boolean().default(false),
  /** RMQ-073: whether somebody from outside of the SyncStateSet may be elected. */
  enableElectUncleanMaster: z.boolean().default(false),
  /**
   * RMQ-071: while a master is away, the first of its slaves that is there stands in for it, as far as it can without storing anything. It is two
   * switches in RocketMQ, enableSlaveActingMaster of brokers and supportActingMaster of NameServers (RMQ-010).
   */
  enableSlaveActingMaster: z.boolean().default(false),
  /** RMQ-069: consumers may read from slaves. */
  slaveReadEnable: z.boolean().default(false),
  /** RMQ-082: whether a send that was stored without what its mode promises is tried again, at another broker. */
  retryAnotherBrokerWhenNotStoreOK: z.boolean().default(false),
  /** RMQ-085: whether a producer leaves brokers alone for a while that were slow or failed. */
  sendLatencyFaultEnable: z.boolean().default(false),
  /**
   * In normal order producers go by the brokers that are registered. In strict order every topic of the plan is in the NameServers'
   * ORDER_TOPIC_CONFIG, and `orderMessageEnable` is on: producers keep to the queues that the plan lists, whichever brokers are up (RMQ-144).
   */
  order: z.enum(['normal', 'strict']).default('normal'),
  /** What a pop consumer does with a message that its listener has failed: it hides it for another time, or leaves it to come again by itself. */
  popFailure: z.enum(['hide', 'leave']).default('hide'),
  /**
   * What a concurrent listener fails on: `send-back`, as shipped, gives it to the broker, which brings it again by its schedule (RMQ-113), so often
   * before it is a dead letter. `local` runs it again where it was given, which RocketMQ does only when it can't send it back (RMQ-099): a
   * simplification, for runs that are about other things than retries, and for DLedger groups, where it is what is meant if nothing is said.
   */
  retry: z.enum(['local', 'send-back']).optional(),
  /** RMQ-079: `dledger`, enableDLegerCommitLog: a broker and its slaves are a Raft group, and elect who is the master. */
  commitLog: z.enum(['own', 'dledger']).default('own'),
  /** RMQ-113: how often a message comes back before it is a dead letter, where its group does not say. */
  retryMaxTimes: z.int().min(0).max(100).default(16),
  /** Numbers other than RocketMQ's own. */
  parameters: ParameterOverrides.default({}),
  /** Histories tell every pull of a consumer, and its answer: there are more of them than of anything else. */
  recordPolls: z.boolean().default(false),
  /**
   * RML-007: a broker that starts has not found its NameServers yet when it would register first, and does so ten seconds later. Which of the two
   * a start meets is a race, seen to be lost in 7 of 13 starts of a busy machine.
   */
  lateRegistration: z.boolean().default(false),
  /** RMQ-137: whether brokers understand selectors over properties. */
  enablePropertyFilter: z.boolean().default(false),
  /** RMQ-141: whether brokers have a topic for traces. */
  traceTopicEnable: z.boolean().default(false),
  /** RMQ-141: whether clients send any. */
  enableMsgTrace: z.boolean().default(false),
  /** RMQ-125: whether messages that wait on the timer wheel can be recalled. */
  recallMessageEnable: z.boolean().default(false),
  /** RMQ-143: whether brokers ask who somebody is, and whether he may do what he wants; off as shipped. Both of RocketMQ's switches in one. */
  authorizationEnabled: z.boolean().default(false),
  /** Those of producers, and of groups with all their members; others are operators'. */
  accounts: z.array(Account).default([]),
  /** RMQ-118: messageDelayLevel, the same for every topic of the broker. */
  messageDelayLevel: DelayLevels.default(DELAY_LEVELS),
  /** RMQ-051: at which hours of the broker's day files that have had their time are deleted, as "04" or "04;16". */
  deleteWhen: DeleteWhen.default('04'),
})
type ConfigInput = z.infer<typeof ConfigInput>

export interface RocketmqConfig {
  readonly flushDiskType: 'SYNC_FLUSH' | 'ASYNC_FLUSH'
  readonly preset: ConfigInput['preset']
  /** All repairs in force, the preset's included. */
  readonly repairs: readonly Repair[]
  readonly disk: 'ext4' | 'posix'
  readonly brokerRole: ConfigInput['brokerRole']
  readonly enableControllerMode: boolean
  readonly allAckInSyncStateSet: boolean
  readonly enableElectUncleanMaster: boolean
  readonly enableSlaveActingMaster: boolean
  readonly slaveReadEnable: boolean
  readonly retryAnotherBrokerWhenNotStoreOK: boolean
  readonly sendLatencyFaultEnable: boolean
  readonly order: ConfigInput['order']
  readonly popFailure: ConfigInput['popFailure']
  readonly retry: 'local' | 'send-back'
  readonly retryMaxTimes: number
  readonly commitLog: ConfigInput['commitLog']
  readonly parameters: Parameters
  readonly recordPolls: boolean
  readonly lateRegistration: boolean
  readonly enablePropertyFilter: boolean
  readonly traceTopicEnable: boolean
  readonly enableMsgTrace: boolean
  readonly recallMessageEnable: boolean
  readonly authorizationEnabled: boolean
  readonly accounts: readonly Account[]
  readonly messageDelayLevel: string
  readonly deleteWhen: string
}

function resolve(input: ConfigInput): RocketmqConfig {
  const asked = new Set<Repair>(input.preset === 'hardened' ? REPAIR_NAMES : input.repairs)
  const overrides = Object.entries(input.parameters).filter((pair): pair is [string, number] => pair[1] !== undefined)
  return {
    flushDiskType: input.flushDiskType,
    preset: input.preset,
    repairs: REPAIR_NAMES.filter((name) => asked.has(name) && !input.without.includes(name)),
    disk: input.disk,
    brokerRole: input.brokerRole,
    enableControllerMode: input.enableControllerMode,
    allAckInSyncStateSet: input.allAckInSyncStateSet,
    enableElectUncleanMaster: input.enableElectUncleanMaster,
    enableSlaveActingMaster: input.enableSlaveActingMaster,
    slaveReadEnable: input.slaveReadEnable,
    recordPolls: input.recordPolls,
    lateRegistration: input.lateRegistration,
    order: input.order,
    enablePropertyFilter: input.enablePropertyFilter,
    traceTopicEnable: input.traceTopicEnable,
    enableMsgTrace: input.enableMsgTrace,
    recallMessageEnable: input.recallMessageEnable,
    authorizationEnabled: input.authorizationEnabled,
    accounts: input.accounts,
    messageDelayLevel: input.messageDelayLevel,
    deleteWhen: input.deleteWhen,
    popFailure: input.popFailure,
    retry: input.retry ?? (input.commitLog === 'dledger' ? 'local' : 'send-back'),
    retryMaxTimes: input.retryMaxTimes,
    commitLog: input.commitLog,
    retryAnotherBrokerWhenNotStoreOK: input.retryAnotherBrokerWhenNotStoreOK,
    sendLatencyFaultEnable: input.sendLatencyFaultEnable,
    parameters: { ...DEFAULTS, ...Object.fromEntries(overrides) },
  }
}

export const Config = ConfigInput.transform(resolve)
