/** A NameServer's decisions on which guarantees depend; see broker/rules.ts for why they are here and not in the code that asks. */
import type { Us } from '../../../plan/units.ts'

export const nameServerRules = {
  /** RMQ-005: a broker that was heard of last so long ago is dropped. */
  hasExpired: (silentUs: Us, expiryUs: Us): boolean => silentUs > expiryUs,

  /** RMQ-006: a connection that closed takes a registration with it only if that came over this connection, or an older one (#5374). */
  isClosed: (connection: number, firstAlive: number): boolean => connection < firstAlive,

  /** RMQ-009: a broker never heard of is not accepted with a single changed topic. */
  acceptsNewcomer: (topics: number, increment: boolean): boolean => !(increment && topics === 1),

  /** RMQ-009: a master of an older epoch does not come in the place of a newer one. */
  takesPlace: (epoch: number, known: number): boolean => epoch >= known,

  /** RMQ-007: where a master goes and a slave stays, the topics stay. */
  topicsStayWithSlave: (): boolean => true,

  /** RMQ-007, RMQ-010: who is taken for the master where there is none: the slave with the smallest id, if supportActingMaster is on; else nobody. */
  standsIn: (slaves: readonly number[], supported: boolean): number => (supported ? (slaves[0] ?? -1) : -1),
} as const

type Widen<F> = F extends (...args: infer A) => infer R ? (...args: A) => R : never
export type NameServerRules = { readonly [name in keyof typeof nameServerRules]: Widen<(typeof nameServerRules)[name]> }
