/** A client keeps the first route that it was told of a topic: brokers come and go without it. */
import { mutant } from './mutant.ts'

export const firstRouteKept = mutant({
  id: 'first-route-kept',
  title: 'keeps the first route of a topic for ever',
  breaks: 'RTE-2',
  bug: 'demanded violation of RTE-2; compare RMQ-012: a successful poll replaces the route',
  rules: { replacesRoute: () => false },
  preset: 'cluster',
})
