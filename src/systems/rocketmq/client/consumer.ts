/** A consumer process of one group: push over pull, clustering, concurrent or orderly (RMQ-089 to RMQ-109). */
import type { Entry } from '../../../sim/agenda.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import type { RocketmqMessage } from '../messages.ts'
import type { RouteAnswer } from '../route-messages.ts'
import { addressesOf } from './addresses.ts'
import { onMembersChanged, takeAssigned } from './assigned.ts'
import { takeAll } from './broadcast.ts'
import { saveBeforeExit } from './local-offsets.ts'
import { forkConsumer, isBegun, isHeld, isPulled, newConsumer, type ConsumerState, type Task } from './consumer-state.ts'
import { connect, HEARTBEAT_TIMER, meetNewcomers, onHeartbeatTimer, stopConnecting, unregister } from './heartbeat.ts'
import { EXPIRE_TIMER, onExpireTimer } from './expire.ts'
import { askCopyRoute, onCopyAnswer, onCopyLost, onCopyRoute, onCopyTimer, sentOn } from './forward.ts'
import { ATTEMPT_TIMER } from './send.ts'
import { conclude, onFinish } from './listener.ts'
import { onRetry } from './local-retry.ts'
import { fillThreads } from './threads.ts'
import { onCall, onLock } from './orderly.ts'
import { onUnlockTimer, renewLocks, unlock } from './orderly-lock.ts'
import { armAutoCommit, AUTO_COMMIT, commitBeforeStop, onPoll } from './lite-pull.ts'
import { callAll, onPopTurn } from './pop.ts'
import { onPopAnswer, onPopLost } from './popped.ts'
import { onAcked, onHidden } from './pop-listener.ts'
import { report, tell } from './progress.ts'
import { onLost, onOffset, onPulled, onTimeout, onTurn } from './pulled.ts'
import { awaitNotification, newBalance, onConsumerList, onRebalanceTimer, rebalance, rebalanceTopic, unbalanced } from './rebalance.ts'
import { REBALANCE_TIMER } from './rebalance-timer.ts'
import { onAnswer, onHeard, onSilence } from './receive.ts'
import { RETURN_TIMER } from './send-back.ts'
import { onReturnedCopy, onReturnLost, onReturnTimer, onSendBackAnswer } from './sent-back.ts'
import { onNameServerLost, onRoute, onRouteTimer, ROUTE_TIMER, routeOf, startRoutes, type Route } from './routes.ts'
import type { ClientRules } from './rules.ts'
import { onSteer, startSteering, STEER_TIMER } from './steer.ts'
import { flushTraces, onTraceTimer, startTracing, TRACE_TIMER } from './trace.ts'
import { askAdmission, CHECK_TIMER, isAdmitted, onCheckClientAnswer } from './subscribe.ts'

export type { ConsumerState } from './consumer-state.ts'
type ClientEnv = Env<ClientRules>

const samePlaces = (x: Route | undefined, y: Route | undefined): boolean =>
  x?.places.map(({ name }) => name).join() === y?.places.map(({ name }) => name).join()

/** A route is known for the first time, or has changed. Brokers that are told of this consumer for the first time answer with a notification. */
function onRouteAnswer(state: ConsumerState, env: ClientEnv, from: NodeId, answer: RouteAnswer): void {
  const before = routeOf(state, answer.topic)
  onRoute(state, env, from, answer)
  meetNewcomers(state, env)
  const route = routeOf(state, answer.topic)
  if (route === undefined || samePlaces(before, route)) return
  if (isAdmitted(state)) takeUp(state, env, route)
  else askAdmission(state, env)
}

function takeUp(state: ConsumerState, env: ClientEnv, route: Route): void {
  const { topic } = route
  if (state.shape.broadcasting) return takeAll(state, env, topic)
  if (state.shape.assigned !== null) return takeAssigned(state, env, topic, state.shape.assigned)
  if (state.pop !== null) return callAll(state, env, state.pop, topic)
  if (!state.balances.some((balance) => balance.topic === topic)) state.balances.push(newBalance(topic))
  const told = addressesOf(route).filter((broker) => connect(state, env, broker))
  if (told.length === 0) rebalanceTopic(state, env, topic)
  else awaitNotification(state, env, topic)
}

function onMessage(state: ConsumerState, entry: Entry, env: ClientEnv): void {
  const message = entry.body as RocketmqMessage
  switch (message.type) {
    case 'routeAnswer':
      if (onCopyRoute(state, env, entry.from, message)) return concludeCopies(state, env)
      return onRouteAnswer(state, env, entry.from, message)
    case 'offsetAnswer':
      return onOffset(state, env, message)
    case 'pullAnswer':
      return onPulled(state, env, message)
    case 'popAnswer':
      return onPopAnswer(state, env, message)
    case 'ackAnswer':
      return onAcked(state, env, entry.from, message)
    case 'changeInvisibleAnswer':
      return onHidden(state, env, entry.from, message)
    case 'checkClientAnswer':
      if (onCheckClientAnswer(state, env, message)) for (const route of state.routes) takeUp(state, env, route)
      return
    case 'consumerIdsChanged':
      return state.shape.assigned === null ? rebalance(state, env) : onMembersChanged(state, env)
    case 'consumerList':
      return onConsumerList(state, env, entry.from, message)
    case 'sendBackAnswer':
      return onSendBackAnswer(state, env, message)
    case 'sendAnswer':
      if (onReturnedCopy(state, env, message)) return
      onCopyAnswer(state, env, message)
      return concludeCopies(state, env)
    case 'queryAnswer':
      return conclude(state, env, message.op, onAnswer(state, env, message))
    case 'lockAnswer':
      return onLock(state, env, message)
    default:
      throw new Error(`a consumer does not take ${message.type}`)
  }
}

/** Deliveries whose copies have come to an end come to theirs. */
function concludeCopies(state: ConsumerState, env: ClientEnv): void {
  for (const { op, success } of sentOn(state, env)) conclude(state, env, op, success)
}

type OnTimer = (state: ConsumerState, env: ClientEnv, a: number, b: number, entry: Entry) => void

function onAttemptTimer(state: ConsumerState, env: ClientEnv, entry: Entry): void {
  onCopyTimer(state, env, entry)
  concludeCopies(state, env)
}

function onOrderlyCall(state: ConsumerState, env: ClientEnv, what: 'relock' | 'again', index: number, call: number): void {
  onCall(state, env, what, index, call)
  fillThreads(state, env)
}

/** What each timer asks for, by its name; of the numbers that it was set with the first says of what. */
const TIMERS: ReadonlyMap<string, OnTimer> = new Map<string, OnTimer>([
  ['finish', onFinish],
  ['heard', (state, env, op, found) => conclude(state, env, op, onHeard(state, env, op, found === 1))],
  ['silence', (state, env, op, request) => conclude(state, env, op, onSilence(state, env, op, request))],
  ['deadline', (state, env, _op, _attempt, entry) => onAttemptTimer(state, env, entry)],
  [ATTEMPT_TIMER, (state, env, _op, _attempt, entry) => onAttemptTimer(state, env, entry)],
  ['retry', onRetry],
  [RETURN_TIMER, onReturnTimer],
  ['turn', onTurn],
  ['popTurn', onPopTurn],
  ['relock', (state, env, index, call) => onOrderlyCall(state, env, 'relock', index, call)],
  ['again', (state, env, index, call) => onOrderlyCall(state, env, 'again', index, call)],
  ['renew', renewLocks],
  ['unlock', onUnlockTimer],
  ['timeout', onTimeout],
  ['persist', report],
  [AUTO_COMMIT, onAutoCommit],
  [EXPIRE_TIMER, onExpireTimer],
  [STEER_TIMER, onSteer],
  [TRACE_TIMER, onTraceTimer],
  [REBALANCE_TIMER, onRebalanceTimer],
  [CHECK_TIMER, askAdmission],
  [HEARTBEAT_TIMER, onHeartbeatTimer],
  [ROUTE_TIMER, onRoutesTimer],
])

function onAutoCommit(state: ConsumerState, env: ClientEnv): void {
  onPoll(state, env)
  armAutoCommit(state, env)
}

function onRoutesTimer(state: ConsumerState, env: ClientEnv): void {
  askCopyRoute(state, env)
  onRouteTimer(state, env)
}

function onTimer(state: ConsumerState, entry: Entry, env: ClientEnv): void {
  const act = TIMERS.get(entry.name)
  if (act === undefined) throw new Error(`a consumer has no timer ${entry.name}`)
  act(state, env, entry.a, entry.b, entry)
}

/** It is yet to find that what is left of a queue is for others, or to say how far it has come. */
const isSilent = ({ shape }: ConsumerState, { processing, reported, emptyAt, next }: Task): boolean =>
  shape.filtered && shape.commitEvery === null && (emptyAt !== next || processing.progress > reported)

export const consumer = {
  boot: newConsumer,

  start(state: ConsumerState, env: ClientEnv): void {
    state.startedAt = env.uptime
    state.subVersion = env.now
    // Far above the script's operations, and apart for every process that ever ran: no process makes a hundred events a microsecond.
    state.serial = (state.id + 1) * 10_000_000_000_000 + env.uptime * 100
    state.clientId = `${state.shape.name}@${env.uptime}`
    startTracing(state, env)
    startRoutes(env)
    startSteering(state, env)
  },

  handle(state: ConsumerState, entry: Entry, env: ClientEnv): void {
    switch (entry.kind) {
      case 'message':
        return onMessage(state, entry, env)
      case 'timer':
        return onTimer(state, entry, env)
      case 'refused':
      case 'reset':
        onNameServerLost(state, env, entry)
        onCopyLost(state, env, entry)
        concludeCopies(state, env)
        onReturnLost(state, env, entry.from, entry.kind === 'refused')
        if (state.pop !== null) return onPopLost(state, env, state.pop, entry.from)
        return onLost(state, env, entry.from)
      default:
        return
    }
  },

  /** Progress is reported, and what is under way is left to whoever takes the queues over. */
  stop(state: ConsumerState, env: ClientEnv): void {
    stopConnecting(state)
    for (const task of state.tasks) if (isHeld(task)) unlock(state, env, task)
    if (isPulled(state)) commitBeforeStop(state, env)
    if (state.shape.broadcasting) saveBeforeExit(state, env)
    else if (env.rules.reportsOnStop()) for (const task of state.tasks) if (isBegun(task)) tell(state, env, task)
    unregister(state, env)
    flushTraces(state, env)
    env.exit()
  },

  fork: forkConsumer,

  pending(state: ConsumerState): string | null {
    if (state.pop !== null) return state.running.length > 0 ? `${state.shape.name} has unfinished messages` : null
    const reason = unbalanced(state)
    if (reason !== null) return reason
    if ((state.out?.open.length ?? 0) > 0) return `${state.shape.name} sends a message on`
    const { broadcasting, filtered } = state.shape
    // Others have their sentinels to wait for, or one another.
    const isAlone = broadcasting && filtered
    const missing = isAlone ? state.topics.find((topic) => !state.tasks.some((task) => task.topic === topic)) : undefined
    if (missing !== undefined) return `${state.shape.name} has not taken up ${missing}`
    for (const task of state.tasks) {
      if (!isHeld(task)) continue
      if (task.phase === 'locking') return `${state.shape.name} waits for the lock of ${task.topic}:${task.name}`
      if (task.phase === 'asking') return `${state.shape.name} waits for the offset of ${task.topic}:${task.name}`
      if (task.processing.held.length > 0) return `${state.shape.name} has unfinished messages of ${task.topic}:${task.name}`
      if (task.next < task.max) return `${state.shape.name} has not read ${task.topic}:${task.name} to its end`
      if (isSilent(state, task)) return `${state.shape.name} has not told how far it is in ${task.topic}:${task.name}`
    }
    return null
  },
}
