/** The world's side of `Env`: what a handler asks for becomes entries of the agenda and changes of its own slot, and nothing else. */
import type { FaultKind } from '../plan/faults.ts'
import { hashName, mix, mixWide } from '../plan/hash.ts'
import type { Recorder } from '../history/recorder.ts'
import type { Us } from '../plan/units.ts'
import { Entry, type EntryKind } from './agenda.ts'
import { label, type Label } from './choices.ts'
import { steady, trueSpan } from './clock.ts'
import { append, drop, logFile, remove, rewrite, settle, settleCell, truncate, write, type Disk, type Extent } from './disk.ts'
import { baseLatency, carry } from './network.ts'
import type { Slot } from './slot.ts'
import type { Env, Message, NodeId } from './system.ts'
import type { World } from './world.ts'

const FORCE = label('disk.force')
/** How much slower than usual a slow disk is. */
const SLOWNESS = 100

/** What a force or a save comes to. A lie looks like success to the node. */
const FAILED = 0
const DONE = 1
const LIED = 2
/** What the node is told. */
export const toldOk = (entry: Entry): boolean => entry.b !== FAILED

export class Effects<Node extends object, Rules extends object> implements Env<Rules> {
  now: Us = 0
  uptime: Us = 0
  readonly rules: Rules
  private world: World<Node, Rules>
  private slot: Slot<Node>
  private cause = 0

  constructor(world: World<Node, Rules>, rules: Rules, slot: Slot<Node>) {
    this.world = world
    this.rules = rules
    this.slot = slot
  }

  /** Turns to a node before it is given something to handle; `cause` is the key of that. */
  enter(world: World<Node, Rules>, slot: Slot<Node>, cause: number): void {
    this.world = world
    this.slot = slot
    this.cause = cause
    this.uptime = steady(slot.clock, world.now)
    this.now = this.uptime + slot.clock.offset
    world.recorder.t = world.now
    world.recorder.p = slot.spec.name
  }

  get record(): Recorder {
    return this.world.recorder
  }

  get disk(): Disk {
    return this.slot.disk
  }

  choose(what: Label, key: number, n: number): number {
    return this.world.choices.choose(what, key, n)
  }

  send(to: NodeId, message: Message): void {
    const { world, slot } = this
    const key = mix(mix(message.salt, slot.id), to)
    const target = world.slots[to] as Slot<Node>
    if (world.links.length === 0) {
      this.push(
        world.now + baseLatency(world.choices, world.medium, key),
        key,
        'message',
        to,
        slot.id,
        target.epoch,
        '',
        slot.epoch,
        0,
        message,
      )
      return
    }
    for (const { afterUs, key: luck } of carry(world.choices, world.medium, world.links, world.now, slot.id, to, key, (window) =>
      world.strike(window),
    )) {
      this.push(world.now + afterUs, luck, 'message', to, slot.id, target.epoch, '', slot.epoch, 0, message)
    }
  }

  timer(name: string, delay: Us): void {
    const due = this.world.now + trueSpan(this.slot.clock, Math.max(0, delay))
    if (this.slot.timers.get(name) === due) return
    this.slot.timers.set(name, due)
    this.push(
      due,
      mixWide(mix(mix(hashName(name), this.slot.id), this.slot.epoch), due),
      'timer',
      this.slot.id,
      this.slot.id,
      this.slot.epoch,
      name,
      0,
      0,
      null,
    )
  }

  cancel(name: string): void {
    this.slot.timers.set(name, -1)
  }

  later(name: string, delay: Us, a: number, b = 0): void {
    const due = this.world.now + trueSpan(this.slot.clock, Math.max(0, delay))
    const key = mixWide(mixWide(mixWide(mix(mix(hashName(name), this.slot.id), this.slot.epoch), a), b), due)
    this.push(due, key, 'timer', this.slot.id, this.slot.id, this.slot.epoch, name, a, b, null)
  }

  diskFull(): boolean {
    return this.hazard('diskFull') !== null
  }

  append(file: string, extent: Extent): void {
    append(this.slot.disk, file, extent, this.world.now)
  }

  force(file: string): number {
    return this.complete('forced', file, logFile(this.slot.disk, file)?.size ?? 0, null)
  }

  save(file: string, value: object): number {
    return this.complete('saved', file, write(this.slot.disk, file, value), value)
  }

  put(file: string, value: object): void {
    write(this.slot.disk, file, value)
  }

  truncate(file: string, size: number): void {
    truncate(this.slot.disk, file, size)
  }

  remove(file: string): void {
    remove(this.slot.disk, file)
  }

  forceNow(file: string): boolean {
    const { slot, world } = this
    if (this.hazard('forceFails') !== null) return false
    if (this.hazard('forceLies') !== null) return true
    rewrite(slot.disk, file, world.medium.disk)
    return true
  }

  exit(): void {
    this.world.leave(this.slot, true)
  }

  /** Schedules the completion of a force; whether it lies or fails is settled now, when it is slow or stalled it comes later. */
  private complete(kind: 'forced' | 'saved', file: string, to: number, value: object | null): number {
    const { world, slot } = this
    const key = mix(mix(hashName(file), slot.id), this.cause)
    let latency = world.medium.forceUs + world.choices.choose(FORCE, key, world.medium.forceSpreadUs)
    let fate = DONE
    if (this.hazard('diskSlow') !== null) latency *= SLOWNESS
    const stall = this.hazard('diskStall')
    if (stall !== null) latency = Math.max(latency, stall - world.now)
    if (this.hazard('forceFails') !== null) fate = FAILED
    else if (this.hazard('forceLies') !== null) fate = LIED
    this.push(world.now + latency, key, kind, slot.id, slot.id, slot.epoch, file, to, fate, value)
    return to
  }

  /** Until when a hazard of this kind acts, or null; hearing of it means that it strikes. */
  private hazard(kind: FaultKind): Us | null {
    if (this.slot.hazards.length === 0) return null
    for (const hazard of this.slot.hazards) {
      if (hazard.kind !== kind || this.world.now >= hazard.until) continue
      if (!hazard.seen) {
        hazard.seen = true
        this.world.recorder.fault(kind, this.slot.spec.name, true)
      }
      return hazard.until
    }
    return null
  }

  private push(
    time: Us,
    key: number,
    kind: EntryKind,
    to: NodeId,
    from: NodeId,
    epoch: number,
    name: string,
    a: number,
    b: number,
    body: unknown,
  ): void {
    this.world.agenda.push(new Entry(time, this.world.choices.tie(key), key, kind, to, from, epoch, name, a, b, body))
  }
}

/** What the disk did when a force or a save completes. */
export function applyCompletion<Node>(slot: Slot<Node>, entry: Entry, preset: 'ext4' | 'posix'): void {
  if (entry.kind === 'forced') {
    if (entry.b === DONE) settle(slot.disk, entry.name, entry.a, preset)
    else if (entry.b === FAILED) drop(slot.disk, entry.name, entry.a)
  } else if (entry.b === DONE) {
    settleCell(slot.disk, entry.name, entry.body as object, entry.a)
  }
}
