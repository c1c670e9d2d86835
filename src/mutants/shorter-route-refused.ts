/** A client does not believe that a topic has fewer brokers than before: the dead ones stay in its route. */
import { mutant } from './mutant.ts'

export const shorterRouteRefused = mutant({
  id: 'shorter-route-refused',
  title: 'does not take a route with fewer brokers than it had',
  breaks: 'RTE-2',
  bug: 'demanded violation of RTE-2; compare RMQ-013: a dead broker is gone from the route at the next poll',
  rules: { replacesRoute: (known, told) => told >= known },
  preset: 'cluster',
})
