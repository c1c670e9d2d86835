/** What clients decide about routes and NameServers; part of the clients' rules. */
import type { Us } from '../../../plan/units.ts'

export const routeRules = {
  /** The NameServer after the one that failed; a client goes round all of them. */
  nextNameServer: (index: number, count: number): number => (index + 1) % count,

  /** RMQ-012: an answer that comes after the call was given up is not heard. */
  isTooLate: (ageUs: Us, timeoutUs: Us): boolean => ageUs >= timeoutUs,

  /** RMQ-012: a route that is known stays when a poll fails, or when the NameServer knows no broker of the topic. */
  keepsRoutes: (): boolean => true,

  /** RMQ-015, RMQ-144: a producer goes by the order configuration of a topic that has one. */
  goesByOrderConf: (): boolean => true,

  /** RMQ-012: a new answer takes the place of what was known, however many brokers the two have. */
  replacesRoute: (_known: number, _told: number): boolean => true,

  /** RMQ-012: the poll goes on for as long as the client lives; `missing`: some topic has no route yet. */
  pollsAgain: (_missing: boolean): boolean => true,
} as const
