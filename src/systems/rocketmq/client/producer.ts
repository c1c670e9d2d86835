/**
 * A producer process (RMQ-080 to RMQ-086): it runs the plan's threads, one operation after the other. The process may die: what was open
 * then stays open for ever, and a new process takes up the script at its own time.
 */
import type { Entry } from '../../../sim/agenda.ts'
import type { Env } from '../../../sim/system.ts'
import { isOfClient, QUEUE_CLOSED, type SendStep } from '../../../plan/script.ts'
import { seconds } from '../../../plan/units.ts'
import { takeOut } from '../take-out.ts'
import { salted, type Heartbeat, type RocketmqMessage } from '../messages.ts'
import { masterOf } from './addresses.ts'
import { forkProducer, FORWARDED, newProducer, sentinelStep, type Open, type ProducerState } from './producer-state.ts'
import { beginResize, onConsumeStats, onOperatorLost, onResizeTimer, onTopicStats, onUpdated, RESIZE_TIMER } from './resize.ts'
import { onQueryAnswer, onQueryEnd, onQueryLimit, onQueryLost, onQueryTimer, QUERY_TIMER, startQueries } from './query.ts'
import { QUERY_END, QUERY_LIMIT } from './questions.ts'
import { onNameServerLost, onRoute, onRouteTimer, ROUTE_TIMER, startRoutes } from './routes.ts'
import { onRecallAnswer, onRecallLimit, onRecallLost, onRecallTimer, RECALL_LIMIT, RECALL_TIMER, startRecalls } from './recall.ts'
import { onResetAnswer, onResetLimit, onResetTimer, RESET_LIMIT, RESET_TIMER, startResets } from './reset.ts'
import type { ClientRules } from './rules.ts'
import { ATTEMPT_TIMER, begin, onAnswer, onAttemptTimer, onCreated, onDeadline, onLost, recordInvoke, retryWaiting } from './send.ts'
import { onProgress, onStatsLimit, onStatsLost, onStatsTimer, startStats, STATS_LIMIT, STATS_TIMER } from './stats.ts'
import { flushTraces, onTraceTimer, startTracing, TRACE_TIMER } from './trace.ts'
import { onCheck, onLookedUp, onLookUp, onLookUpLost } from './transaction.ts'
import { beginWipe, onWiped, onWipeLost, onWipeTimer, WIPE_TIMER } from './wipe.ts'

export type { ProducerState } from './producer-state.ts'
type ClientEnv = Env<ClientRules>

/** Lets a thread go on: its next step begins now, or a timer waits for its time. */
export function advance(state: ProducerState, env: ClientEnv, index: number): void {
  if (index < 0) return advanceSentinels(state, env)
  const thread = state.threads[index]
  const script = state.shape.threads[index]
  if (thread === undefined || script === undefined) return
  while (!thread.busy) {
    const step = script.steps[thread.next]
    if (step === undefined) return
    const wait = step.atUs - env.uptime
    if (wait > 0) return env.later('step', wait, index, thread.next)
    thread.next++
    if (!isOfClient(step)) {
      thread.busy = true
      if (step.do === 'resize') beginResize(state, env, step, index)
      else beginWipe(state, env, step, index)
    } else thread.busy = begin(state, env, step, index)
  }
}

/** The sentinel of each queue in turn, tried again each second until it is acknowledged. */
function advanceSentinels(state: ProducerState, env: ClientEnv): void {
  const { sentinel, shape } = state
  if (sentinel === null) return
  for (;;) {
    const step = shape.sentinels[sentinel.index]
    if (step === undefined) return
    const one = sentinelStep(step, sentinel.sent++)
    if (one.to === null || !shape.isClosed(state, one.to)) return void begin(state, env, one, -1)
    refuseToSend(env, one)
    sentinel.index++
  }
}

function refuseToSend(env: ClientEnv, step: SendStep): void {
  recordInvoke(env, step)
  env.record.sendFail(step.op, QUEUE_CLOSED)
}

/** An operation has ended; `acknowledged` matters to sentinels alone. */
export function ended(state: ProducerState, env: ClientEnv, open: Open, acknowledged: boolean): void {
  const which = state.open.findIndex((one) => one.step.op === open.step.op)
  if (which >= 0) takeOut(state.open, which)
  if (open.thread === FORWARDED) return void state.forwarded.push({ op: open.step.op, acknowledged })
  const thread = state.threads[open.thread]
  if (thread !== undefined && !isAsync(open)) {
    thread.busy = false
    return advance(state, env, open.thread)
  }
  if (state.sentinel === null || open.thread >= 0) return
  if (acknowledged) {
    state.sentinel.index++
    return advanceSentinels(state, env)
  }
  env.timer('sentinel', seconds(1))
}

/** Asked for (more) sentinels: unless one is on its way, a round over all queues begins. */
function onWake(state: ProducerState, env: ClientEnv): void {
  if (state.open.length > 0) return
  env.cancel('sentinel')
  state.sentinel = { index: 0, sent: state.sentinel?.sent ?? 0 }
  advanceSentinels(state, env)
}

const isAsync = (open: Open): boolean => open.step.do === 'send' && open.step.mode !== 'sync'

function onTimer(state: ProducerState, entry: Entry, env: ClientEnv): void {
  switch (entry.name) {
    case 'step': {
      const thread = state.threads[entry.a]
      if (thread !== undefined && thread.next === entry.b) advance(state, env, entry.a)
      return
    }
    case ROUTE_TIMER:
      return onRouteTimer(state, env)
    case ATTEMPT_TIMER:
      return onAttemptTimer(state, env, entry.a, entry.b)
    case RESIZE_TIMER:
      return onResizeTimer(state, env, entry.a, entry.b)
    case WIPE_TIMER:
      return onWipeTimer(state, env, entry.a, entry.b)
    case 'deadline':
      return onDeadline(state, env)
    case 'sentinel':
      return advanceSentinels(state, env)
    case 'heartbeat':
      return heartbeat(state, env)
    case RESET_TIMER:
      return onResetTimer(state, env, entry.a)
    case RESET_LIMIT:
      return onResetLimit(state, env, entry.a)
    case QUERY_TIMER:
      return onQueryTimer(state, env, entry.a)
    case QUERY_LIMIT:
      return onQueryLimit(state, env, entry.a)
    case QUERY_END:
      return onQueryEnd(state, env, entry.a)
    case STATS_TIMER:
      return onStatsTimer(state, env, entry.a)
    case RECALL_TIMER:
      return onRecallTimer(state, env, entry.a)
    case RECALL_LIMIT:
      return onRecallLimit(state, env, entry.a)
    case TRACE_TIMER:
      return onTraceTimer(state, env)
    case STATS_LIMIT:
      return onStatsLimit(state, env, entry.a)
    default:
      throw new Error(`a producer has no timer ${entry.name}`)
  }
}

function onMessage(state: ProducerState, entry: Entry, env: ClientEnv): void {
  const message = entry.body as RocketmqMessage
  switch (message.type) {
    case 'sendAnswer':
      return onAnswer(state, env, message)
    case 'createTopicAnswer':
      return onCreated(state, env, message.op)
    case 'updateTopicAnswer':
    case 'updateOrderConfAnswer':
      return onUpdated(state, env, message)
    case 'wipeWritePermAnswer':
      return onWiped(state, env, message)
    case 'topicStats':
      return onTopicStats(state, env, message)
    case 'consumeStats':
      return onConsumeStats(state, env, message)
    case 'resetOffsetAnswer':
      return onResetAnswer(state, env, message)
    case 'progress':
      return onProgress(state, env, entry.from, message)
    case 'recallMessageAnswer':
      return onRecallAnswer(state, env, message)
    case 'queryMessageAnswer':
      return onQueryAnswer(state, env, entry.from, message)
    case 'routeAnswer': {
      const first = state.routes.every(({ places }) => places.length === 0)
      // An empty answer helps nobody: who waits, waits for the next poll.
      if (!onRoute(state, env, entry.from, message)) return
      if (first && state.shape.transactions.size > 0) heartbeat(state, env)
      return retryWaiting(state, env, message.topic)
    }
    case 'checkTransaction':
      return onCheck(state, env, entry.from, message)
    case 'lookUp':
      return onLookUp(state, env, entry.from, message)
    case 'lookedUp':
      return onLookedUp(env, message)
    default:
      throw new Error(`a producer does not take ${message.type}`)
  }
}

/** RMQ-012: tells every broker of its routes that it is there to be asked about transactions. */
export function heartbeat(state: ProducerState, env: ClientEnv): void {
  const brokers = new Set(state.routes.flatMap((route) => route.places.map(({ broker }) => masterOf(state, route.topic, broker))))
  for (const broker of brokers)
    env.send(broker, { type: 'heartbeat', salt: salted('heartbeat', state.id, env.uptime), group: 'PG' } as Heartbeat)
  env.timer('heartbeat', state.shape.parameters.heartbeatUs)
}

export const producer = {
  boot: newProducer,

  /** A new process takes up each thread at the first step whose time has not passed: nobody sent the others. */
  start(state: ProducerState, env: ClientEnv): void {
    state.startedAt = env.uptime
    startTracing(state, env)
    if (state.topics.length > 0) startRoutes(env)
    if (state.shape.resets.length > 0) startResets(state, env)
    if (state.shape.queries.length > 0) startQueries(state, env)
    if (state.shape.stats.length > 0) startStats(state, env)
    if (state.shape.recalls.length > 0) startRecalls(state, env)
    state.shape.threads.forEach((script, index) => {
      const next = script.steps.findIndex((step) => step.atUs >= env.uptime)
      state.threads[index] = { next: next < 0 ? script.steps.length : next, busy: false }
      advance(state, env, index)
    })
  },

  handle(state: ProducerState, entry: Entry, env: ClientEnv): void {
    switch (entry.kind) {
      case 'message':
        return onMessage(state, entry, env)
      case 'timer':
        return onTimer(state, entry, env)
      case 'refused':
        onNameServerLost(state, env, entry)
        onOperatorLost(state, env, entry.from)
        onWipeLost(state, env, entry.from)
        onQueryLost(state, env, entry)
        onStatsLost(state, env, entry.from)
        onRecallLost(state, env, entry)
        onLookUpLost(env, entry.body as RocketmqMessage)
        return onLost(state, env, entry.from, entry.body as RocketmqMessage)
      case 'reset':
        onNameServerLost(state, env, entry)
        onOperatorLost(state, env, entry.from)
        onWipeLost(state, env, entry.from)
        onQueryLost(state, env, entry)
        onStatsLost(state, env, entry.from)
        onRecallLost(state, env, entry)
        return onLost(state, env, entry.from, null)
      case 'wake':
        return onWake(state, env)
      default:
        return
    }
  },

  stop(state: ProducerState, env: ClientEnv): void {
    flushTraces(state, env)
    env.exit()
  },
  fork: forkProducer,

  /** A producer whose clock is slow may begin its last operations after the heal. */
  pending(state: ProducerState): string | null {
    const { name, threads, sentinels } = state.shape
    if (state.sentinel !== null && state.sentinel.index < sentinels.length) return 'a sentinel is on its way'
    if (
      state.open.length > 0 ||
      state.resizing.length > 0 ||
      state.wiping.length > 0 ||
      state.resetting.length > 0 ||
      state.querying.length > 0 ||
      state.counting.length > 0 ||
      state.recalling.length > 0
    )
      return `${name} has an open operation`
    return state.threads.some((thread, index) => thread.next < (threads[index]?.steps.length ?? 0))
      ? `${name} has operations to begin`
      : null
  },
}
