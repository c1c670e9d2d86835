/**
 * The three ways to run a step: changing the world in place, copying the touched slot first, and drafting it with Immer. One set of
 * recipes must give one trace; that it does is a property of every scenario and of a sample of campaign runs.
 */
import { enableMapSet, enablePatches, freeze, produceWithPatches, type Objectish, type Patch } from 'immer'
import type { Drive } from './run.ts'
import type { Slot } from './slot.ts'
import type { World } from './world.ts'

enableMapSet()
enablePatches()

/** Every step gives a new world; the one before is frozen, so that a recipe which changes what it was not given fails at once. */
export const byFork: Drive = (world, limit, sink) => {
  let now = world
  for (;;) {
    const next = now.agenda.peek()
    if (next === undefined || next.time > limit) return now
    for (const slot of now.slots) freeze(slot, true)
    now = now.stepped(sink)
  }
}

/** What a step changed in the slot that it touched: what a viewer of state shows. */
export interface StateDiff {
  readonly slot: number
  readonly patches: readonly Patch[]
}

/** Every step drafts its slot; `diffs` hears what changed. */
export const byImmer =
  (diffs: (diff: StateDiff) => void = () => undefined): Drive =>
  (world, limit) => {
    for (;;) {
      const entry = world.agenda.peek()
      if (entry === undefined || entry.time > limit) return world
      world.agenda.pop()
      if (entry.to < 0) world.step(entry)
      else diffs({ slot: entry.to, patches: draft(world, entry.to, () => world.step(entry)) })
    }
  }

function draft<Node extends object, Rules extends object>(world: World<Node, Rules>, id: number, step: () => void): readonly Patch[] {
  const before = world.slot(id)
  const [after, patches] = produceWithPatches(before as Objectish, (slot) => {
    world.slots[id] = slot as Slot<Node>
    step()
  })
  world.slots[id] = after as Slot<Node>
  return patches
}
