/** Which of the processes that answer for a broker a client asks (RMQ-069); where a broker has no slaves there is nothing to choose. */
import type { NodeId } from '../../../sim/system.ts'
import { routeOf, type Home, type Route, type RouteState } from './routes.ts'

const homeOf = (state: RouteState, topic: string, broker: NodeId): Home | undefined =>
  routeOf(state, topic)?.homes.find((home) => home.broker === broker)

/** The process with the id that was suggested; where there is none, the one with the next id, if a slave was suggested; else whichever there is. */
export function readFrom(state: RouteState, topic: string, broker: NodeId, suggested: number): NodeId {
  const home = homeOf(state, topic, broker)
  if (home === undefined) return broker
  const withId = (id: number): NodeId | undefined => (id > 0 ? home.slaves[id - 1] : home.master >= 0 ? home.master : undefined)
  return withId(suggested) ?? (suggested > 0 ? withId(suggested + 1) : undefined) ?? withId(0) ?? home.slaves[0] ?? broker
}

const masterIn = (home: Home | undefined, broker: NodeId): NodeId => (home === undefined || home.master < 0 ? broker : home.master)

/** For messages: the master, or where it was. */
export const masterOf = (state: RouteState, topic: string, broker: NodeId): NodeId => masterIn(homeOf(state, topic, broker), broker)

/** The same for who asks about no topic: what the first route says that knows of the broker. */
export const masterByAnyRoute = ({ routes }: RouteState, broker: NodeId): NodeId =>
  masterIn(
    routes.flatMap(({ homes }) => homes).find((home) => home.broker === broker),
    broker,
  )

/** For progress and members: the master, if the route has one, else whichever there is. */
export const masterFirst = (state: RouteState, topic: string, broker: NodeId): NodeId => readFrom(state, topic, broker, 0)

/** Everybody who answers for a route's brokers, each once. */
export const addressesOf = ({ places, homes }: Route): NodeId[] => [
  ...new Set(
    places.flatMap(({ broker }) => {
      const home = homes.find((one) => one.broker === broker)
      return home === undefined ? [broker] : [...(home.master >= 0 ? [home.master] : []), ...home.slaves]
    }),
  ),
]
