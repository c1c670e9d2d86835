/** Topic routes as a client holds them (RMQ-012): polled every 30 s, kept when a poll fails, asked for each second until first known. */
import { hashName, mix } from '../../../plan/hash.ts'
import { label } from '../../../sim/choices.ts'
import { queueName, type QueueName } from '../../../plan/queues.ts'
import type { Env, NodeId, Setting } from '../../../sim/system.ts'
import { ms, seconds } from '../../../plan/units.ts'
import { salted, type GetRoute, type RouteAnswer } from '../messages.ts'

export interface Place {
  readonly broker: NodeId
  readonly queue: number
  /** How histories call the queue. */
  readonly name: QueueName
}
/** A topic's queues, in the order of its brokers' names: every client deals out the same list (RMQ-101). */
export interface Route {
  readonly topic: string
  readonly places: readonly Place[]
}

/** The part of a client's state that this file keeps. */
export interface RouteState {
  readonly id: NodeId
  readonly nameservers: readonly NodeId[]
  readonly pollUs: number
  topics: readonly string[]
  routes: Route[]
  readonly nameQueue: NameQueue
}

/** How histories call a queue of a broker. */
export type NameQueue = (topic: string, broker: NodeId, queue: number) => QueueName
export const namingQueues =
  ({ cluster, nodes }: Setting<unknown>): NameQueue =>
  (topic, broker, queue) =>
    queueName(cluster, topic, nodes[broker]?.name ?? '', queue)

const NAMESERVER = label('client.nameserver')

export const ROUTE_TIMER = 'route'
/** RMQ-012: the first poll. */
export const startRoutes = (env: Env<object>): void => env.timer(ROUTE_TIMER, ms(10))

export const routeOf = (state: RouteState, topic: string): Route | undefined => state.routes.find((route) => route.topic === topic)

export function askRoute(state: RouteState, env: Env<object>, topic: string): void {
  const salt = salted('getRoute', mix(state.id, hashName(topic)), env.uptime)
  const to = state.nameservers[env.choose(NAMESERVER, salt, state.nameservers.length)]
  if (to !== undefined) env.send(to, { type: 'getRoute', salt, topic } as GetRoute)
}

export function onRouteTimer(state: RouteState, env: Env<object>): void {
  for (const topic of state.topics) askRoute(state, env, topic)
  const missing = state.topics.some((topic) => routeOf(state, topic) === undefined)
  env.timer(ROUTE_TIMER, missing ? seconds(1) : state.pollUs)
}

/** An empty answer never replaces a route that is known (RMQ-012); true when the topic had none before. */
export function onRoute(state: RouteState, answer: RouteAnswer): boolean {
  if (answer.brokers.length === 0) return false
  const known = routeOf(state, answer.topic)
  const { topic } = answer
  const places = answer.brokers.flatMap(({ broker, queues }) =>
    Array.from({ length: queues }, (_, queue) => ({ broker, queue, name: state.nameQueue(topic, broker, queue) })),
  )
  state.routes = [...state.routes.filter((route) => route.topic !== answer.topic), { topic: answer.topic, places }]
  return known === undefined
}
