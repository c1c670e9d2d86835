/** What is decided is told: to whoever keeps a history of the run, and to the replicas whom it concerns. */
import type { Env, NodeId } from '../../../sim/system.ts'
import type { TellRole } from '../controller-messages.ts'
import { salted } from '../messages.ts'
import { groupOf, type ControllerState, type Decided, type Decision } from './state.ts'

export function tell(env: Env<object>, to: NodeId, { epoch, master, set, setEpoch }: Decided, altered = false): void {
  const salt = salted('tellRole', epoch, setEpoch, env.uptime)
  env.send(to, { type: 'tellRole', salt, altered, view: { epoch, master, set: [...set], setEpoch } } as TellRole)
}

/** It has been decided, and nobody has heard of it yet. */
export function note({ shape: { names } }: ControllerState, env: Env<object>, { of, next }: Decision): void {
  const broker = names[next.home] ?? ''
  if (of === 'set') env.record.inSync({ broker, set: next.set.map((replica) => names[replica] ?? '') })
  else if (next.master >= 0) env.record.elected({ broker, master: names[next.master] ?? '', epoch: next.epoch })
}

/** Of an election all replicas hear, of another set who has asked for it. */
export function announce(state: ControllerState, env: Env<object>, decision: Decision): void {
  const { of, asker, next } = decision
  note(state, env, decision)
  if (of === 'set') tell(env, asker, next, true)
  else if (next.master >= 0) for (const replica of groupOf(state, next.home)) tell(env, replica, next)
}
