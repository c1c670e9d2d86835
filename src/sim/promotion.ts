/**
 * A promotion, as an administrator does it: processes are stopped in good order, given other roles, and started again. It acts on every process of a
 * broker's name, one entry of the agenda each, so that each step changes one slot alone.
 */
import type { Fault } from '../plan/faults.ts'
import type { Us } from '../plan/units.ts'
import type { Slot } from './slot.ts'
import type { NodeId } from './system.ts'
import type { World } from './world.ts'

export type Promotion = Extract<Fault, { kind: 'promotion' }>

/** Who is promoted starts a moment after the others were told to: by then all of them have left, also those that were slow to stop. */
const AFTER_THE_OTHERS: Us = 1

/** Whom a promotion concerns, and how long after its end each of them starts again. */
export function toldBy(
  { on, others }: Promotion,
  idOf: (name: string) => number,
  processesOf: (id: NodeId) => readonly NodeId[] | null,
): { readonly to: NodeId; readonly lateUs: Us }[] {
  const promoted = idOf(on)
  const rest = others === 'stay' ? [] : (processesOf(promoted) ?? []).filter((id) => id !== promoted)
  return [...rest.map((to) => ({ to, lateUs: 0 })), { to: promoted, lateUs: AFTER_THE_OTHERS }]
}

/** Of the others a history tells that they are restarted; who stands still, and so can't be asked to stop, is killed. */
export function beginPromotion<Node extends object, Rules extends object>(
  world: World<Node, Rules>,
  slot: Slot<Node>,
  fault: Promotion,
  index: number,
): void {
  const { system, setting } = world.frame
  const promoted = setting.idOf(fault.on)
  const isPossible = (system.processesOf?.(promoted, setting)?.length ?? 0) > 1
  const answers = slot.up && world.now >= slot.pausedUntil
  if (slot.id === promoted) world.recorder.fault(fault.kind, fault.on, isPossible)
  else if (isPossible && slot.up) world.recorder.fault(answers ? 'gracefulRestart' : 'processKill', slot.spec.name, true)
  if (!isPossible) return
  slot.follows = promoted
  if (!slot.up) return
  slot.stoppedBy = index
  if (!answers) world.leave(slot, true)
  else if (!slot.stopping) world.ask(slot)
}

/** Who was down when the others were told comes back by himself, in the role that he has then. */
export function endPromotion<Node extends object, Rules extends object>(
  world: World<Node, Rules>,
  slot: Slot<Node>,
  fault: Promotion,
  index: number,
): void {
  const { idOf } = world.frame.setting
  const isConcerned = slot.stoppedBy === index || (slot.id === idOf(fault.on) && slot.follows !== null)
  if (!isConcerned) return
  slot.stoppedBy = -1
  if (slot.stopping) world.leave(slot, true)
  world.start(slot)
}
