/** What each fault of a plan does to the world. A fault that makes no sense where it strikes is recorded as without effect. */
import { sideOf, struck, type Fault, type FaultKind } from '../plan/faults.ts'
import type { Us } from '../plan/units.ts'
import { Entry } from './agenda.ts'
import { setPace } from './clock.ts'
import { corrupt, emptyDisk, hasLoose, powerLoss } from './disk.ts'
import { mix } from '../plan/hash.ts'
import { fuseOf, type Died } from './fuse.ts'
import { beginPromotion, endPromotion, toldBy } from './promotion.ts'
import type { LinkWindow } from './network.ts'
import type { Slot } from './slot.ts'
import type { NodeId } from './system.ts'
import type { World } from './world.ts'

type AnyWorld<Node extends object, Rules extends object> = World<Node, Rules>

/** Which slot a fault of the plan touches, or -1: the links, or nobody. */
export const targetOf = (fault: Fault, idOf: (name: string) => number): number => ('peer' in fault ? -1 : idOf(fault.on))

/** Entry `a` is the fault's index in the plan; `b` is 0 when it begins and 1 when it ends. */
export function actOn<Node extends object, Rules extends object>(world: AnyWorld<Node, Rules>, entry: Entry): void {
  const fault = world.frame.plan.faults[entry.a]
  if (fault === undefined) throw new Error(`the plan has no fault ${entry.a}`)
  world.recorder.t = world.now
  world.recorder.p = 'plan'
  // A link window knows its own end.
  if ('peer' in fault) return entry.b === 0 ? openLink(world, fault) : undefined
  const slot = world.slot(entry.to)
  if (fault.kind === 'promotion') return (entry.b === 0 ? beginPromotion : endPromotion)(world, slot, fault, entry.a)
  if (entry.b === 1) {
    if (slot.fuse?.fault === entry.a) slot.fuse = null
    return end(world, slot, fault)
  }
  if ('point' in fault && fault.point !== undefined) {
    slot.fuse = fuseOf(entry.a, fault.point)
    return
  }
  const effective = begin(world, slot, fault)
  if (effective !== null) world.recorder.fault(fault.kind, fault.on, effective)
}

/** The process has come to the effect at which it was to die. */
export function burnt<Node extends object, Rules extends object>(world: AnyWorld<Node, Rules>, slot: Slot<Node>, { where }: Died): void {
  const fault = world.frame.plan.faults[slot.fuse?.fault ?? -1]
  if (fault === undefined) throw new Error(`nothing has set a fuse at ${slot.spec.name}`)
  slot.fuse = null
  world.recorder.t = world.now
  world.recorder.p = 'plan'
  begin(world, slot, fault, where)
}

type LinkFault = Extract<Fault, { peer: string }>

function openLink<Node extends object, Rules extends object>(world: AnyWorld<Node, Rules>, fault: LinkFault): void {
  const { idOf } = world.frame.setting
  const oneWay = fault.kind === 'cut' ? fault.oneWay : true
  const permille = fault.kind === 'cut' ? 1000 : fault.permille
  const open = (from: NodeId, to: NodeId, on: string): LinkWindow => ({
    kind: fault.kind,
    from,
    to,
    oneWay,
    permille,
    until: world.now + fault.forUs,
    on,
    seen: false,
  })
  world.links = world.links.filter((link) => world.now < link.until)
  if (fault.kind === 'cut' && fault.with !== undefined)
    for (const [from, to] of between(world, fault)) world.links.push(open(idOf(from), idOf(to), struck({ ...fault, on: from, peer: to })))
  else world.links.push(open(idOf(fault.on), fault.peer === '*' ? -1 : idOf(fault.peer), struck(fault)))
}

/** Every link that leads out of a zone: a history tells of each when it is first missed. */
function between<Node extends object, Rules extends object>(world: AnyWorld<Node, Rules>, fault: LinkFault): [string, string][] {
  const side = sideOf(fault)
  const others = fault.peer === '*' ? world.frame.setting.nodes.map(({ name }) => name) : [fault.peer]
  return side.flatMap((from) => others.flatMap((to): [string, string][] => (side.includes(to) ? [] : [[from, to]])))
}

/** True: it struck. False: it could not. Null: it lies in wait, and is recorded when it first changes something. */
function begin<Node extends object, Rules extends object>(
  world: AnyWorld<Node, Rules>,
  slot: Slot<Node>,
  fault: Fault,
  where?: string,
): boolean | null {
  switch (fault.kind) {
    case 'processKill': {
      const was = slot.up
      world.recorder.fault(fault.kind, fault.on, was, where)
      world.leave(slot, true)
      return null
    }
    case 'powerLoss': {
      const was = slot.powered && (slot.up || hasLoose(slot.disk))
      world.recorder.fault(fault.kind, fault.on, was, where)
      world.leave(slot, false)
      slot.powered = false
      powerLoss(slot.disk, fault.keep, fault.salt, world.now)
      return null
    }
    case 'diskLoss': {
      world.recorder.fault(fault.kind, fault.on, slot.up || slot.disk.logs.length > 0)
      world.leave(slot, true)
      Object.assign(slot.disk, emptyDisk())
      return null
    }
    case 'gracefulRestart': {
      const was = slot.up && world.now >= slot.pausedUntil
      world.recorder.fault(fault.kind, fault.on, was)
      if (was) world.ask(slot)
      return null
    }
    case 'pause':
      if (!slot.up) return false
      slot.pausedUntil = Math.max(slot.pausedUntil, world.now + fault.forUs)
      return true
    case 'bitCorruption':
      return corrupt(slot.disk, fault.salt)
    case 'clockOffset':
    case 'clockJump':
      slot.clock.offset += fault.byUs
      world.clockSet(slot, fault.salt)
      return fault.byUs !== 0
    case 'clockDrift':
      setPace(slot.clock, world.now, fault.ppm)
      return fault.ppm !== 0
    case 'diskFull':
    case 'diskSlow':
    case 'diskStall':
    case 'forceFails':
    case 'forceLies':
      return lieInWait(slot, fault.kind, world.now, world.now + fault.forUs)
    default:
      throw new Error(`a link fault has no node: ${fault.kind}`)
  }
}

function lieInWait<Node>(slot: Slot<Node>, kind: FaultKind, now: Us, until: Us): null {
  slot.hazards = slot.hazards.filter((hazard) => now < hazard.until)
  slot.hazards.push({ kind, until, seen: false })
  return null
}

function end<Node extends object, Rules extends object>(world: AnyWorld<Node, Rules>, slot: Slot<Node>, fault: Fault): void {
  switch (fault.kind) {
    case 'powerLoss':
      // Power comes back for whichever loss ends first; the machine's peers then learn that their connections are gone.
      if (!slot.powered) {
        slot.powered = true
        world.resetPeers(slot)
      }
      return world.start(slot)
    case 'processKill':
    case 'diskLoss':
      return world.start(slot)
    case 'gracefulRestart':
      // A stop that has not finished by now is cut short; one that never began was no stop.
      if (slot.stopping) world.leave(slot, true)
      return world.start(slot)
    case 'clockDrift':
      return setPace(slot.clock, world.now, 0)
    default:
      return
  }
}

/** The entries that make a plan's faults happen. */
export function faultEntries(
  faults: readonly Fault[],
  tie: (key: number) => number,
  idOf: (name: string) => number,
  processesOf: (id: NodeId) => readonly NodeId[] | null,
): Entry[] {
  const entryAt = (time: Us, fault: Fault, index: number, phase: 0 | 1, to: NodeId, key: number): Entry =>
    new Entry(time, tie(fault.salt), key, 'fault', to, -1, -1, fault.kind, index, phase, null)
  return faults.flatMap((fault, index) => {
    const both = (to: NodeId, key: number, lateUs: Us): Entry[] => {
      const begins = entryAt(fault.atUs, fault, index, 0, to, key)
      return 'forUs' in fault ? [begins, entryAt(fault.atUs + fault.forUs + lateUs, fault, index, 1, to, key)] : [begins]
    }
    if (fault.kind !== 'promotion') return both(targetOf(fault, idOf), fault.salt, 0)
    return toldBy(fault, idOf, processesOf).flatMap(({ to, lateUs }) => both(to, mix(fault.salt, to), lateUs))
  })
}
