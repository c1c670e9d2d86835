/** A broker process: what comes in, and who handles it. Read in the order in which a message meets the files: put, log, flush, dispatch, pull, offsets. */
import { invariant } from '../../../plan/invariant.ts'
import type { Entry } from '../../../sim/agenda.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import type { ControllerTraffic } from '../controller-messages.ts'
import type { HaTraffic } from '../ha-messages.ts'
import type { RocketmqMessage } from '../messages.ts'
import type { GetProgress, QueryMessage, ViewMessage } from '../query-messages.ts'
import { dropLink, onHaConnect, onHaReport, onSlaveSync } from './ha-master.ts'
import { onResendTimer, onTransferTimer, RESEND_TIMER, TRANSFER_TIMER } from './ha-transfer.ts'
import { LEDGER_SYNC, onLedgerSync, onMemberMessage, onRaftTimer, pendingAtMember, pushAppended, startMember } from '../dledger/member.ts'
import { RAFT_TIMER } from '../raft/host.ts'
import { isRaftMessage } from '../raft/messages.ts'
import { LEDGER_DEADLINE, onLedgerDeadline } from '../dledger/waits.ts'
import { connect, CONNECT_TIMER, disconnect, onHaFrame, onSlaveSyncAnswer, onSyncTimer, startSlave, SYNC_TIMER } from './ha-slave.ts'
import {
  ACTING_HEARTBEAT,
  isStandIns,
  MEMBER_POLL,
  onActingHeartbeat,
  onMemberPoll,
  onStandInMessage,
  pendingActing,
  startActing,
} from './acting.ts'
import { BUSY_TIMER, onBusyTimer } from './busy.ts'
import { COPY_DEADLINE, onCopyDeadline } from './ha-wait.ts'
import { CONTROLLER_TIMER, onControllerTimer, onTellController } from '../controller/leader.ts'
import { onHaEpochs, onHaHello } from '../controller/rejoin.ts'
import {
  DEMOTION_TIMER,
  HEARTBEAT_TIMER,
  onDemotionTimer,
  onHeartbeatHeard,
  onHeartbeatTimer,
  onRoleTimer,
  onTellRole,
  ROLE_TIMER,
  startReplica,
} from '../controller/replica.ts'
import { onSetTimer, SET_TIMER } from '../controller/sync-set.ts'
import { CHECKPOINT, onCheckpointTimer, onQueueFlushTimer, onQueueForced } from './checkpoint.ts'
import { isDenied } from './access.ts'
import { armLevels, DELAY_FILE, isLevelTimer, onDelaysSaved, onLevelTimer, pendingDelays, saveDelays } from './delay.ts'
import { onDispatchTimer } from './dispatch.ts'
import { onCheckClient } from './filter.ts'
import { isLogFile, onFlushDeadline, onFlushTimer, onLogForced } from './flush.ts'
import { onClientGone, onConsumerHeartbeat, onGetConsumerList, onMemberScan, onUnregister } from './members.ts'
import { OFFSET_FILE, onOffsetsSaved, onQueryOffset, onUpdateOffset, saveOffsets } from './offsets.ts'
import { onLockQueue, onUnlockQueue, waitOutLocks } from './locks.ts'
import { dropHeld, onHoldTimer, onPull, onScan } from './pull.ts'
import { onAck, onChangeInvisible } from './pop-ack.ts'
import { saveOrders } from './pop-order.ts'
import { answerHeldPops, dropHeldPops, onPop, onPopHoldTimer } from './pop.ts'
import { onSlaveMet } from './pre-online.ts'
import { onSend } from './sends.ts'
import { ABORT, recover } from './recovery.ts'
import { onGetProgress } from './progress.ts'
import { onQueryMessage, onViewMessage } from './query.ts'
import { onRecall } from './recall.ts'
import { onResetOffset } from './resets.ts'
import { onSendBack } from './send-back.ts'
import { armCleaner, CLEAN, onCleanTimer, startCleaner } from './retention.ts'
import { onReviveTimer, unacknowledged } from './revive.ts'
import type { BrokerRules } from './rules.ts'
import { advanceStop } from './shutdown.ts'
import { isIsolated, isSlave, type BrokerState } from './state.ts'
import {
  onCreateTopic,
  onGetConsumeStats,
  onGetTopicStats,
  onRegisterTimer,
  onTopicsSaved,
  onUpdateTopic,
  register,
  TOPIC_FILE,
} from './topics.ts'
import { armWheel, onWheelSave, onWheelSaved, onWheelTimer, pendingTimer, WHEEL_FILE, WHEEL_SAVE, WHEEL_TIMER } from './timer.ts'
import { onSendTrace } from './trace.ts'
import { armCheck, flushOpBatch, onCheckTimer, onEndTransaction, onHeartbeat } from './transactions.ts'

type BrokerEnv = Env<BrokerRules>

export function startBroker(state: BrokerState, env: BrokerEnv): void {
  state.log.thoroughAt = env.now
  state.queueThoroughAt = env.uptime
  waitOutLocks(state, env)
  if (!recover(state, env)) return env.exit()
  // RMQ-043. The real file is not forced; a file system's own write-back makes it last within seconds, which is left out.
  env.put(ABORT, {})
  env.forceNow(ABORT)
  env.timer('register', state.shape.parameters.registerFirstUs)
  // A member of a group registers once it knows who leads.
  if (state.ledger !== null) return startMember(state, env)
  if (state.ha?.replica) return startReplica(state, env, state.ha)
  startActing(state, env)
  if (!state.shape.config.lateRegistration) register(state, env)
  if (state.ha?.shape.byHand === true) env.record.role({ role: isSlave(state) ? 'slave' : 'master', epoch: 0, end: state.log.end })
  if (isSlave(state)) return startSlave(state, env)
  if (isIsolated(state)) return
  armCheck(state, env)
  startCleaner(state, env)
}

export function handleBroker(state: BrokerState, entry: Entry, env: BrokerEnv): void {
  handle(state, entry, env)
  pushAppended(state, env)
  const { log, dispatchedTo } = state
  const { name } = state.shape
  invariant(log.flushedTo <= log.end, () => `${name} calls ${log.flushedTo} flushed of a log that ends at ${log.end}`)
  invariant(dispatchedTo <= log.end, () => `${name} has dispatched ${dispatchedTo} of a log that ends at ${log.end}`)
}

function handle(state: BrokerState, entry: Entry, env: BrokerEnv): void {
  switch (entry.kind) {
    case 'message':
      return onMessage(state, entry, env)
    case 'timer':
      return onTimer(state, entry, env)
    case 'forced':
      if (entry.b === 0 && mustEnd(state)) return env.exit()
      if (isLogFile(entry.name)) onLogForced(state, env, entry)
      else onQueueForced(state, env, entry)
      return advanceStop(state, env, entry)
    case 'saved':
      if (entry.b === 0 && mustEnd(state)) return env.exit()
      if (entry.name === OFFSET_FILE) onOffsetsSaved(state, env, entry)
      else if (entry.name === TOPIC_FILE) onTopicsSaved(state, env, entry)
      else if (entry.name === DELAY_FILE) onDelaysSaved(state, env, entry)
      else if (entry.name === WHEEL_FILE) onWheelSaved(state, env, entry.b === 1)
      return advanceStop(state, env, entry)
    case 'clock':
      if (isSlave(state)) return
      armCleaner(state, env)
      armWheel(state, env)
      return armLevels(state, env, true)
    case 'refused':
      return disconnect(state, env, entry.from)
    case 'reset':
      dropLink(state, env, entry.from)
      disconnect(state, env, entry.from)
      dropHeld(state, entry.from)
      dropHeldPops(state, entry.from)
      state.producers = state.producers.filter((id) => id !== entry.from)
      return onClientGone(state, env, entry.from)
    default:
      return
  }
}

/** With the repair stopOnForceError, a stop that can't force its files is no stop in good order: the abort file stays. */
const mustEnd = (state: BrokerState): boolean => state.stopping !== null && state.shape.repairs.has('stopOnForceError')

function onMessage(state: BrokerState, entry: Entry, env: BrokerEnv): void {
  const message = entry.body as RocketmqMessage
  if (state.shape.guard !== null && isDenied(state, env, entry.from, message)) return
  switch (message.type) {
    case 'send':
      return onSend(state, env, entry.from, message)
    case 'pull':
      return onPull(state, env, entry.from, message)
    case 'sendBack':
      return onSendBack(state, env, entry.from, message)
    case 'pop':
      return onPop(state, env, entry.from, message)
    case 'ack':
      return onAck(state, env, entry.from, message)
    case 'changeInvisible':
      return onChangeInvisible(state, env, entry.from, message)
    case 'queryOffset':
      return onQueryOffset(state, env, entry.from, message)
    case 'updateOffset':
      return onUpdateOffset(state, env, message)
    case 'resetOffset':
      return onResetOffset(state, env, entry.from, message)
    case 'queryMessage':
    case 'viewMessage':
    case 'getProgress':
      return onQuestion(state, env, entry.from, message)
    case 'recallMessage':
      return onRecall(state, env, entry.from, message)
    case 'sendTrace':
      return onSendTrace(state, env, message)
    case 'lockQueue':
      return onLockQueue(state, env, entry.from, message)
    case 'unlockQueue':
      return onUnlockQueue(state, env, message)
    case 'endTransaction':
      return onEndTransaction(state, env, message)
    case 'heartbeat':
      return onHeartbeat(state, entry.from)
    case 'consumerHeartbeat':
      return onConsumerHeartbeat(state, env, entry.from, message)
    case 'checkClient':
      return onCheckClient(state, env, entry.from, message)
    case 'unregisterClient':
      return onUnregister(state, env, message.group, message.clientId)
    case 'getConsumerList':
      return onGetConsumerList(state, env, entry.from, message)
    case 'haConnect':
    case 'haFrame':
    case 'haReport':
    case 'haHello':
    case 'haEpochs':
    case 'slaveSync':
    case 'slaveSyncAnswer':
    case 'tellRole':
    case 'tellController':
    case 'heartbeatHeard':
      return onReplication(state, env, entry.from, message)
    case 'createTopic':
      return onCreateTopic(state, env, entry.from, message)
    case 'updateTopic':
      return onUpdateTopic(state, env, entry.from, message)
    case 'getTopicStats':
      return onGetTopicStats(state, env, entry.from, message)
    case 'getConsumeStats':
      return onGetConsumeStats(state, env, entry.from, message)
    default:
      return onOtherMessage(state, env, entry.from, message)
  }
}

/** An administrator looks into the broker. */
function onQuestion(state: BrokerState, env: BrokerEnv, from: NodeId, message: QueryMessage | ViewMessage | GetProgress): void {
  switch (message.type) {
    case 'queryMessage':
      return onQueryMessage(state, env, from, message)
    case 'viewMessage':
      return onViewMessage(state, env, from, message)
    case 'getProgress':
      return onGetProgress(state, env, from, message)
  }
}

/** Among the processes of one name: who of them stands in for their master, or who leads them. */
function onOtherMessage(state: BrokerState, env: BrokerEnv, from: NodeId, message: RocketmqMessage): void {
  if (isStandIns(message)) return onStandInMessage(state, env, from, message)
  if (isRaftMessage(message)) return onMemberMessage(state, env, from, message)
  throw new Error(`a broker does not take ${message.type}`)
}

type Replication = HaTraffic | Exclude<ControllerTraffic, { readonly type: 'replicaHeartbeat' | 'askRole' | 'alterSet' | 'askController' }>

/** Between a master and its slaves, and from those who say which of them is what. */
function onReplication(state: BrokerState, env: BrokerEnv, from: NodeId, message: Replication): void {
  switch (message.type) {
    case 'haConnect':
      onHaConnect(state, env, from, message)
      return onSlaveMet(state, env, from)
    case 'haFrame':
      return onHaFrame(state, env, from, message)
    case 'haReport':
      return onHaReport(state, env, from, message)
    case 'haHello':
      return onHaHello(state, env, from, message)
    case 'haEpochs':
      return onHaEpochs(state, env, from, message)
    case 'slaveSync':
      return onSlaveSync(state, env, from)
    case 'slaveSyncAnswer':
      return onSlaveSyncAnswer(state, env, from, message)
    case 'tellRole':
      return onTellRole(state, env, message.view, message.altered)
    case 'tellController':
      return onTellController(state, env, message.leader) ? onRoleTimer(state, env) : undefined
    case 'heartbeatHeard':
      return onHeartbeatHeard(state, message)
  }
}

function onTimer(state: BrokerState, entry: Entry, env: BrokerEnv): void {
  switch (entry.name) {
    case 'dispatch':
      return onDispatchTimer(state, env)
    case 'flush':
      return onFlushTimer(state, env)
    case BUSY_TIMER:
      return onBusyTimer(state, env)
    case 'flushDeadline':
      return onFlushDeadline(state, env)
    case 'hold':
      return onHoldTimer(state, env)
    case 'scan':
      return onScan(state, env)
    case 'popHold':
      return onPopHoldTimer(state, env)
    case 'popOrders':
      if (state.pop !== null) saveOrders(env, state.pop)
      return
    case 'popOrderWake':
      return answerHeldPops(state, env)
    case 'revive':
      return onReviveTimer(state, env)
    case 'offsets':
      saveOffsets(state, env)
      return
    case 'delayOffsets':
      saveDelays(state, env)
      return
    case WHEEL_TIMER:
      return onWheelTimer(state, env)
    case WHEEL_SAVE:
      return onWheelSave(state, env)
    case CLEAN:
      return isSlave(state) ? undefined : onCleanTimer(state, env)
    case CHECKPOINT:
      return onCheckpointTimer(state, env)
    case 'queueFlush':
      return onQueueFlushTimer(state, env)
    case 'opBatch':
      return flushOpBatch(state, env)
    case 'check':
      return onCheckTimer(state, env)
    case 'members':
      return onMemberScan(state, env)
    case 'register':
      return onRegisterTimer(state, env)
    default:
      if (isLevelTimer(entry.name)) return onLevelTimer(state, env, entry.name)
      return onCopiesTimer(state, entry, env)
  }
}

/** Timers of brokers that copy each other, in one way or another. */
function onCopiesTimer(state: BrokerState, entry: Entry, env: BrokerEnv): void {
  switch (entry.name) {
    case TRANSFER_TIMER:
      return onTransferTimer(state, env)
    case RESEND_TIMER:
      return onResendTimer(state, env)
    case COPY_DEADLINE:
      return onCopyDeadline(state, env)
    case CONNECT_TIMER:
      return connect(state, env)
    case SYNC_TIMER:
      return onSyncTimer(state, env)
    case RAFT_TIMER:
      return onRaftTimer(state, env)
    case LEDGER_DEADLINE:
      return onLedgerDeadline(state, env)
    case LEDGER_SYNC:
      return onLedgerSync(state, env)
    case HEARTBEAT_TIMER:
      return onHeartbeatTimer(state, env)
    case CONTROLLER_TIMER:
      return onControllerTimer(state, env)
    case ROLE_TIMER:
      return onRoleTimer(state, env)
    case DEMOTION_TIMER:
      return onDemotionTimer(state, env)
    case SET_TIMER:
      return onSetTimer(state, env)
    case ACTING_HEARTBEAT:
      return onActingHeartbeat(state, env)
    case MEMBER_POLL:
      return onMemberPoll(state, env)
    default:
      throw new Error(`a broker has no timer ${entry.name}`)
  }
}

/** What still has to happen before this broker is at rest, or null. */
export function pendingAtBroker(state: BrokerState): string | null {
  const unsettled = pendingAtMember(state)
  if (unsettled !== null) return unsettled
  const standsIn = pendingActing(state)
  if (standsIn !== null) return standsIn
  // A slave that does not keep up keeps nobody from coming to rest; what it has, it shows.
  if (isSlave(state) && state.ha?.replica) return null
  if (isSlave(state))
    return state.dispatchedTo < state.log.end && !(state.ha?.stuck ?? false) ? 'copied records wait for the dispatcher' : null
  if (state.lined.length > 0) return `${state.lined.length} sends stand in line for the log`
  if (state.waiting.length > 0) return `${state.waiting.length} sends wait for a force`
  if (state.dispatchedTo < state.log.end) return 'records wait for the dispatcher'
  if (state.txn.batch.length > 0) return 'ended transactions wait for their op record'
  const open = (state.queues.find((queue) => queue.topic === 'RMQ_SYS_TRANS_HALF_TOPIC')?.max ?? 0) - state.txn.progress
  return open > 0 ? `${open} half messages are open` : (pendingDelays(state) ?? pendingTimer(state) ?? unacknowledged(state))
}
