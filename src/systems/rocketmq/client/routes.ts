/**
 * Topic routes as a client holds them (RMQ-012): polled every 30 s, kept when a poll fails, asked for each second until first known.
 *
 * A client asks one NameServer, chosen at random, until a call to it fails: the connection is refused or closes, or no answer comes in
 * 3 s. The next call then goes to the next one. Left out: the background scan for reachable NameServers, and connections that take time.
 */
import { hashName, mix } from '../../../plan/hash.ts'
import type { Us } from '../../../plan/units.ts'
import { label } from '../../../sim/choices.ts'
import { queueName, type QueueName } from '../../../plan/queues.ts'
import type { Entry } from '../../../sim/agenda.ts'
import type { Env, NodeId, Setting } from '../../../sim/system.ts'
import { ms, seconds } from '../../../plan/units.ts'
import type { RocketmqConfig } from '../config.ts'
import { salted } from '../messages.ts'
import type { Addresses, BrokerQueues, GetRoute, RouteAnswer } from '../route-messages.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>

export interface Place {
  readonly broker: NodeId
  readonly queue: number
  /** How histories call the queue. */
  readonly name: QueueName
}
/** A topic's queues, in the order of its brokers' names: every client deals out the same list (RMQ-101). */
export interface Route {
  readonly topic: string
  readonly nameserver: NodeId
  readonly places: readonly Place[]
  /** The list is that of the topic's order configuration. */
  readonly frozen: boolean
  /** Who answers for those brokers that have slaves. */
  readonly homes: readonly Home[]
}
/** Who answers for a broker. */
export interface Home extends Addresses {
  readonly broker: NodeId
}

/** What never changes while a client runs. */
interface RouteShape {
  readonly nameservers: readonly NodeId[]
  readonly pollUs: Us
  readonly timeoutUs: Us
  /** RMQ-015: producers go by a topic's write queues or its order configuration, consumers by its read queues. */
  readonly sends: boolean
  readonly names: readonly string[]
  readonly nameQueue: NameQueue
}
/** The part of a client's state that this file keeps. */
export interface RouteState {
  readonly id: NodeId
  readonly routing: RouteShape
  topics: readonly string[]
  routes: Route[]
  /** Which of the NameServers is asked; -1 before the first is chosen. */
  chosen: number
  /** Calls without an answer, by topic: since when. */
  asked: { readonly topic: string; readonly at: Us }[]
}

/** How histories call a queue of a broker. */
export type NameQueue = (topic: string, broker: NodeId, queue: number) => QueueName

/** One text for each queue, however often it is named: two that are one are found to be equal at a glance. */
function remembered(nodes: number, name: NameQueue): NameQueue {
  const topics = new Map<string, QueueName[]>()
  return (topic, broker, queue) => {
    let known = topics.get(topic)
    if (known === undefined) topics.set(topic, (known = []))
    return (known[queue * nodes + broker] ??= name(topic, broker, queue))
  }
}

export function newRoutes(
  setting: Setting<RocketmqConfig>,
  purpose: 'send' | 'consume',
): Pick<RouteState, 'routing' | 'routes' | 'chosen' | 'asked'> {
  const { cluster, nodes, config, idOf } = setting
  const names = nodes.map(({ name }) => name)
  const routing = {
    nameservers: cluster.nameservers.map(idOf),
    pollUs: config.parameters.routePollUs,
    timeoutUs: config.parameters.clientTimeoutUs,
    sends: purpose === 'send',
    names,
    nameQueue: remembered(names.length, (topic, broker, queue) => queueName(cluster, topic, names[broker] ?? '', queue)),
  }
  return { routing, routes: [], chosen: -1, asked: [] }
}

export const forkRoutes = ({ routes, asked }: RouteState): Pick<RouteState, 'routes' | 'asked'> => ({
  routes: routes.slice(),
  asked: asked.slice(),
})

const NAMESERVER = label('client.nameserver')

export const ROUTE_TIMER = 'route'
/** RMQ-012: the first poll. */
export const startRoutes = (env: Env<object>): void => env.timer(ROUTE_TIMER, ms(10))

export const routeOf = (state: RouteState, topic: string): Route | undefined => state.routes.find((route) => route.topic === topic)

export function askRoute(state: RouteState, env: ClientEnv, topic: string): void {
  const { nameservers, timeoutUs } = state.routing
  const salt = salted('getRoute', mix(state.id, hashName(topic)), env.uptime)
  if (state.chosen < 0) state.chosen = env.choose(NAMESERVER, salt, nameservers.length)
  if (state.asked.some(({ at }) => env.uptime - at >= timeoutUs)) moveOn(state, env)
  const to = nameservers[state.chosen]
  if (to === undefined) return
  if (!state.asked.some((one) => one.topic === topic)) state.asked = [...state.asked, { topic, at: env.uptime }]
  env.send(to, { type: 'getRoute', salt, topic, at: env.uptime } as GetRoute)
}

/** A call has failed: the next one goes to another NameServer. */
function moveOn(state: RouteState, env: ClientEnv): void {
  state.chosen = env.rules.nextNameServer(state.chosen, state.routing.nameservers.length)
  state.asked = []
  if (!env.rules.keepsRoutes()) state.routes = []
}

/** A connection was refused or is gone: is it the one to the chosen NameServer? */
export function onNameServerLost(state: RouteState, env: ClientEnv, { from }: Entry): void {
  if (state.chosen >= 0 && state.routing.nameservers[state.chosen] === from) moveOn(state, env)
}

export function onRouteTimer(state: RouteState, env: ClientEnv): void {
  for (const topic of state.topics) askRoute(state, env, topic)
  const missing = state.topics.some((topic) => (routeOf(state, topic)?.places.length ?? 0) === 0)
  if (env.rules.pollsAgain(missing)) env.timer(ROUTE_TIMER, missing ? seconds(1) : state.routing.pollUs)
}

/** True when the topic has queues now, and had none before. */
export function onRoute(state: RouteState, env: ClientEnv, from: NodeId, answer: RouteAnswer): boolean {
  const { topic, brokers, order, at } = answer
  // What another NameServer, or the answer to a call that was given up, has to say is not heard.
  if (state.routing.nameservers[state.chosen] !== from || env.rules.isTooLate(env.uptime - at, state.routing.timeoutUs)) return false
  state.asked = state.asked.filter((one) => one.topic !== topic)
  const known = routeOf(state, topic)
  const replaces = known === undefined || env.rules.replacesRoute(brokersOf(known).length, brokers.length)
  if (known !== undefined && (brokers.length === 0 ? env.rules.keepsRoutes() : !replaces)) return false
  const others = state.routes.filter((route) => route.topic !== topic)
  if (brokers.length === 0) {
    state.routes = others
    return false
  }
  const { nameQueue, sends } = state.routing
  // Left out: that a producer has no address any more of a broker that the route lacks. It still asks it, and is refused.
  const frozen = sends && order !== null && env.rules.goesByOrderConf()
  // RMQ-015: who sends needs the master.
  const usable = sends ? brokers.filter(({ addresses }) => addresses?.master !== -1) : brokers
  const seen = usable.map(({ broker, readQueues, writeQueues }) => ({ broker, queues: sends ? writeQueues : readQueues }))
  const told = frozen ? order : seen
  const places = known !== undefined && areThese(known.places, told) ? known.places : placesOf(told, topic, nameQueue)
  const homes = brokers.flatMap(({ broker, addresses }) => (addresses === undefined ? [] : [{ broker, ...addresses }]))
  const route = { topic, nameserver: from, places, frozen, homes }
  state.routes = [...others, route]
  if (known === undefined || !isSame(known, route)) tellRoute(state, env, route)
  return places.length > 0 && (known === undefined || known.places.length === 0)
}

const placesOf = (told: readonly BrokerQueues[], topic: string, nameQueue: NameQueue): Place[] =>
  told.flatMap(({ broker, queues }) =>
    Array.from({ length: queues }, (_, queue) => ({ broker, queue, name: nameQueue(topic, broker, queue) })),
  )

/** Most polls find nothing new. */
function areThese(places: readonly Place[], told: readonly BrokerQueues[]): boolean {
  let next = 0
  for (const { broker, queues } of told) {
    for (let queue = 0; queue < queues; queue++) {
      const place = places[next++]
      if (place === undefined || place.broker !== broker || place.queue !== queue) return false
    }
  }
  return next === places.length
}

const isSame = (x: Route, y: Route): boolean => x.nameserver === y.nameserver && hasSamePlaces(x, y) && hasSameMasters(x, y)

const hasSamePlaces = ({ places: xs }: Route, { places: ys }: Route): boolean =>
  xs === ys || (xs.length === ys.length && xs.every(({ name }, k) => name === ys[k]?.name))

/** Given that the places are the same. */
const hasSameMasters = (x: Route, y: Route): boolean =>
  (x.homes.length === 0 && y.homes.length === 0) || writable(x).join() === writable(y).join()

/** Brokers that have a master, as far as this client knows: those that a route is said to lead to. */
const writable = (route: Route): NodeId[] =>
  brokersOf(route).filter((broker) => {
    const home = route.homes.find((one) => one.broker === broker)
    return home === undefined || (home.master !== -1 && home.acting !== true)
  })

/** The brokers of a route, each once. */
export function brokersOf({ places }: Route): NodeId[] {
  const brokers: NodeId[] = []
  for (const { broker } of places) if (!brokers.includes(broker)) brokers.push(broker)
  return brokers
}

/** Numbered apart from a client's other operations, which take theirs from the same range of its node. */
const operation = (state: RouteState, env: ClientEnv): number => (state.id + 1) * 10_000_000_000_000 + 5_000_000_000_000 + env.uptime * 100

function tellRoute(state: RouteState, env: ClientEnv, route: Route): void {
  const { names } = state.routing
  env.record.route(operation(state, env) + state.topics.indexOf(route.topic), {
    topic: route.topic,
    nameserver: names[route.nameserver] ?? '',
    brokers: writable(route).map((broker) => names[broker] ?? ''),
    ...(route.frozen ? { frozen: true } : {}),
  })
}
