/**
 * Which of several controllers a broker turns to (RMQ-072): the one that leads, as far as it has been told. It asks who leads every ten seconds, and
 * every second as long as it knows of nobody; a controller that refuses because it leads no more changes nothing before that.
 *
 * Simplified: it asks all of them, and goes by the first who names one; RocketMQ asks those that it can reach one after the other (ReplicasManager).
 */
import type { Env, NodeId } from '../../../sim/system.ts'
import type { BrokerRules } from '../broker/rules.ts'
import type { BrokerState } from '../broker/state.ts'
import type { AskController } from '../controller-messages.ts'
import { salted } from '../messages.ts'
import type { Replica } from './replica-state.ts'

type BrokerEnv = Env<BrokerRules>
export const CONTROLLER_TIMER = 'controllerMetadata'

/** Who is asked for a role, or for another set. */
export const decidingFor = ({ shape: { controllers }, leader }: Replica): readonly NodeId[] =>
  controllers.length <= 1 ? controllers : leader < 0 ? [] : [leader]

export function onControllerTimer(state: BrokerState, env: BrokerEnv): void {
  const replica = state.ha?.replica ?? null
  if (replica === null || state.stopping !== null) return
  replica.isLooking = true
  const question: AskController = { type: 'askController', salt: salted('askController', state.id, env.uptime) }
  for (const to of replica.shape.controllers) env.send(to, question)
  const { controllerMetadataUs, controllerRetryUs } = state.shape.parameters
  env.timer(CONTROLLER_TIMER, replica.leader < 0 ? controllerRetryUs : controllerMetadataUs)
}

/** True: it was looking for somebody, and knows of one now. */
export function onTellController(state: BrokerState, env: BrokerEnv, leader: NodeId): boolean {
  const replica = state.ha?.replica ?? null
  if (replica === null || state.stopping !== null || !replica.isLooking || leader < 0) return false
  replica.isLooking = false
  const isFirst = replica.leader < 0
  replica.leader = leader
  if (isFirst) env.timer(CONTROLLER_TIMER, state.shape.parameters.controllerMetadataUs)
  return isFirst
}
