/** Which queues a topic does not have for readers, though it may have had them once: after the run the sentinels and the auditor leave them out. */
import { homesOf, type PlanQueue } from '../../../plan/queues.ts'
import type { Cluster } from '../../../plan/plan.ts'
import { routeOf, type RouteState } from './routes.ts'

/** Tells by a client's route whether nobody may read a queue; a broker that is missing from the route for a while does not count. */
export type IsClosed = (routes: RouteState, queue: PlanQueue) => boolean

export const closedIn =
  (cluster: Cluster): IsClosed =>
  (routes, { topic, broker, name }) => {
    const { names } = routes.routing
    const places = routeOf(routes, topic)?.places ?? []
    if (places.length === 0 || places.some((place) => place.name === name)) return false
    const isPresent = broker === null || places.some((place) => names[place.broker] === broker)
    return isPresent || !homesOf(cluster, topic).includes(broker)
  }
