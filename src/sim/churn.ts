/** Consumers that a plan starts and stops. One that is stopped stays away: neither the end of a fault nor the heal brings it back. */
import type { Group } from '../plan/plan.ts'
import type { ChurnStep, Script } from '../plan/script.ts'
import { Entry } from './agenda.ts'
import type { Slot } from './slot.ts'
import type { World } from './world.ts'

/** Entry `name` says what happens, and `a` is its operation number. */
export function churnEntries({ churn }: Script, tie: (key: number) => number, idOf: (name: string) => number): Entry[] {
  const entryOf = ({ do: act, client, atUs, salt, op }: ChurnStep): Entry =>
    new Entry(atUs, tie(salt), salt, 'churn', idOf(client), -1, -1, act, op, 0, null)
  return churn.map(entryOf)
}

/** A process that stands still can't be asked to stop. */
export function churn<Node extends object, Rules extends object>(world: World<Node, Rules>, slot: Slot<Node>, entry: Entry): void {
  const starts = entry.name === 'start'
  const effective = starts ? !slot.wanted : slot.wanted && world.now >= slot.pausedUntil
  note(world, slot, entry.a, starts ? 'start' : 'stop', effective)
  if (!effective) return
  slot.wanted = starts
  if (starts) world.start(slot)
  else if (slot.up) world.ask(slot)
}

function note<Node extends object, Rules extends object>(
  world: World<Node, Rules>,
  slot: Slot<Node>,
  op: number,
  act: 'start' | 'stop',
  effective: boolean,
): void {
  world.recorder.t = world.now
  world.recorder.p = slot.spec.name
  world.recorder.churn(op, act, effective)
}

/** Whether an entry of a group's name has consumers who can do what those of another do: where they are told their queues, the same ones. */
const standsInFor = (one: Group, { name, assign = [] }: Group): boolean =>
  one.name === name && assign.every((queue) => one.assign?.includes(queue) === true)

/**
 * A group in which nobody is to read one of its topics has all its consumers of that topic back: what it owes can be judged only while somebody
 * reads. Two entries of one name are one group.
 */
export function bringBack<Node extends object, Rules extends object>(world: World<Node, Rules>, groups: readonly Group[]): void {
  const membersOf = ({ consumers }: Group): Slot<Node>[] => world.slots.filter(({ spec }) => consumers.includes(spec.name))
  for (const group of groups) {
    const same = groups.filter((one) => standsInFor(one, group))
    const isRead = (topic: string): boolean => same.some((one) => one.topics.includes(topic) && membersOf(one).some(({ wanted }) => wanted))
    if (group.topics.every(isRead)) continue
    for (const slot of membersOf(group)) {
      if (slot.wanted) continue
      note(world, slot, 0, 'start', true)
      // No step does this: the slot that the last one left may be frozen.
      world.own(slot.id).wanted = true
    }
  }
}
