/**
 * A consumer process of one group: push over pull, clustering, concurrent (RMQ-089 to RMQ-099).
 *
 * Left out so far: rebalance. The queues of a topic are dealt out among the group's members by the default strategy (RMQ-102), once,
 * from the plan; a member that is down leaves its queues unread.
 */
import type { Entry } from '../../../sim/agenda.ts'
import type { Env } from '../../../sim/system.ts'
import type { RocketmqMessage } from '../messages.ts'
import { forkConsumer, newConsumer, newTask, type ConsumerState } from './consumer-state.ts'
import { onFinish, onRetry } from './listener.ts'
import { report, tell } from './progress.ts'
import { askOffset, onLost, onOffset, onPulled, onTimeout, onTurn } from './pull.ts'
import { onRoute, onRouteTimer, ROUTE_TIMER, routeOf, startRoutes } from './routes.ts'
import type { ClientRules } from './rules.ts'

export type { ConsumerState } from './consumer-state.ts'
type ClientEnv = Env<ClientRules>

/** A topic's route is known for the first time: this member takes up its share. */
function takeUp(state: ConsumerState, env: ClientEnv, topic: string): void {
  const route = routeOf(state, topic)
  if (route === undefined || state.tasks.some((task) => task.topic === topic)) return
  const { places } = route
  const { from, to } = env.rules.shareOf(places.length, state.shape.members, state.shape.member)
  for (const place of places.slice(from, to)) {
    state.tasks.push(newTask(topic, place))
    const task = state.tasks[state.tasks.length - 1]
    if (task !== undefined) askOffset(state, env, task)
  }
}

function onMessage(state: ConsumerState, message: RocketmqMessage, env: ClientEnv): void {
  switch (message.type) {
    case 'routeAnswer':
      onRoute(state, message)
      return takeUp(state, env, message.topic)
    case 'offsetAnswer':
      return onOffset(state, env, message)
    case 'pullAnswer':
      return onPulled(state, env, message)
    default:
      throw new Error(`a consumer does not take ${message.type}`)
  }
}

function onTimer(state: ConsumerState, entry: Entry, env: ClientEnv): void {
  switch (entry.name) {
    case 'finish':
      return onFinish(state, env, entry.a)
    case 'retry':
      return onRetry(state, env, entry.a, entry.b)
    case 'turn':
      return onTurn(state, env, entry.a, entry.b)
    case 'timeout':
      return onTimeout(state, env)
    case 'persist':
      return report(state, env)
    case ROUTE_TIMER:
      return onRouteTimer(state, env)
    default:
      throw new Error(`a consumer has no timer ${entry.name}`)
  }
}

export const consumer = {
  boot: newConsumer,

  start(state: ConsumerState, env: ClientEnv): void {
    state.startedAt = env.uptime
    // Far above the script's operations, and apart for every process that ever ran: no process makes a hundred events a microsecond.
    state.serial = (state.id + 1) * 10_000_000_000_000 + env.uptime * 100
    startRoutes(env)
  },

  handle(state: ConsumerState, entry: Entry, env: ClientEnv): void {
    switch (entry.kind) {
      case 'message':
        return onMessage(state, entry.body as RocketmqMessage, env)
      case 'timer':
        return onTimer(state, entry, env)
      case 'refused':
      case 'reset':
        return onLost(state, env, entry.from)
      default:
        return
    }
  },

  /** Progress is reported, and what is under way is left to the next process. */
  stop(state: ConsumerState, env: ClientEnv): void {
    if (env.rules.reportsOnStop()) for (const task of state.tasks) if (task.phase !== 'asking') tell(state, env, task)
    env.exit()
  },

  fork: forkConsumer,

  pending(state: ConsumerState): string | null {
    if (state.tasks.length === 0 && state.shape.member === 0) return `${state.shape.name} has no queue yet`
    for (const task of state.tasks) {
      if (task.phase === 'asking') return `${state.shape.name} waits for the offset of ${task.topic}:${task.queue}`
      if (task.processing.held.length > 0) return `${state.shape.name} has unfinished messages of ${task.topic}:${task.queue}`
      if (task.next < task.max) return `${state.shape.name} has not read ${task.topic}:${task.queue} to its end`
    }
    return null
  },
}
