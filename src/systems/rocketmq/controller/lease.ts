/**
 * The repair masterLease: a master counts only for so long as nobody else can have been elected, by its own clock. As shipped nothing of the kind
 * is asked, and a master that stood still or was cut off goes on (RMQ-078, #7017).
 */
import type { Env } from '../../../sim/system.ts'
import type { BrokerRules } from '../broker/rules.ts'
import type { BrokerState } from '../broker/state.ts'

/** May this broker take writes, and tell anybody that they are stored? */
export function holdsLease({ ha, shape }: BrokerState, env: Env<BrokerRules>): boolean {
  const replica = ha?.replica ?? null
  if (replica === null || !replica.shape.leased) return true
  const { role, successor, heardAt } = replica
  const sinceUs = heardAt < 0 ? Infinity : env.uptime - heardAt
  return role === 'master' && env.rules.holdsLease(sinceUs, shape.parameters.controllerExpiryUs, successor !== null)
}
