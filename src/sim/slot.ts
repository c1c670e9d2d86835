/** One node in the world: its process, its machine, its disk and its clock. Plain data, so that a step can fork or draft it. */
import type { FaultKind } from '../plan/faults.ts'
import type { Us } from '../plan/units.ts'
import { newClock, type Clock } from './clock.ts'
import { emptyDisk, forkDisk, type Disk } from './disk.ts'
import type { Fuse } from './fuse.ts'
import type { NodeId, NodeSpec } from './system.ts'

/** A fault that acts for a while. */
export interface Hazard {
  readonly kind: FaultKind
  readonly until: Us
  /** It has changed something: recorded once. */
  seen: boolean
}

export interface Slot<Node> {
  readonly id: NodeId
  readonly spec: NodeSpec
  node: Node
  /** Nothing has run on this memory yet: the first process may begin with it. */
  unused: boolean
  readonly disk: Disk
  readonly clock: Clock
  /** The process runs. Invariant: up implies powered. */
  up: boolean
  /** The plan has it run: what it has stopped, or not started yet, does not come up by itself. */
  wanted: boolean
  /** The machine has power: a dead process on a live machine refuses connections, a dead machine is silent. */
  powered: boolean
  /** The incarnation of the process: timers, completions and connections of an earlier one are void. */
  epoch: number
  /** When each named timer is due; an entry of the agenda with another time is out of date. */
  timers: Map<string, Us>
  pausedUntil: Us
  /** It was asked to stop in good order and has not finished. */
  stopping: boolean
  /** Counts entries put off by the pause, which keep their order. */
  deferred: number
  hazards: Hazard[]
  /** The process dies at one of its effects: the fault that was set last. */
  fuse: Fuse | null
  /** Whose slave an administrator has made it: itself, if it is a master; null: it is what the cluster says. Outlives the disk. */
  follows: NodeId | null
  /** Which fault of the plan has asked it to stop, and starts it again; -1: none. */
  stoppedBy: number
}

export const newSlot = <Node>(id: NodeId, spec: NodeSpec, node: Node): Slot<Node> => ({
  id,
  spec,
  node,
  unused: true,
  disk: emptyDisk(),
  clock: newClock(),
  up: false,
  wanted: true,
  powered: true,
  epoch: 0,
  timers: new Map(),
  pausedUntil: 0,
  stopping: false,
  deferred: 0,
  hazards: [],
  fuse: null,
  follows: null,
  stoppedBy: -1,
})

export const forkSlot = <Node>(slot: Slot<Node>, forkNode: (node: Node) => Node): Slot<Node> => ({
  ...slot,
  node: forkNode(slot.node),
  disk: forkDisk(slot.disk),
  clock: { ...slot.clock },
  timers: new Map(slot.timers),
  hazards: slot.hazards.map((hazard) => ({ ...hazard })),
  fuse: slot.fuse === null ? null : { ...slot.fuse },
})
