/**
 * The world: nodes, what is still to happen to them, and the one function that makes the next thing happen. It is generic over a
 * System and knows nothing of brokers.
 *
 * `step` changes the world in place, which is the fast path; `stepped` gives a new world and leaves the old one as it was, by copying
 * the one slot that a step touches. Both run the same recipes (see three-ways.ts for the third way and the proof that they agree).
 */
import { Recorder } from '../history/recorder.ts'
import type { Event } from '../history/event.ts'
import { mix, mixWide } from '../plan/hash.ts'
import { invariant } from '../plan/invariant.ts'
import type { Plan } from '../plan/plan.ts'
import { showMs, type Us } from '../plan/units.ts'
import { Agenda, Entry } from './agenda.ts'
import type { Choices } from './choices.ts'
import { churn } from './churn.ts'
import { applyCompletion, Effects, toldOk } from './effects.ts'
import { actOn, burnt } from './faults.ts'
import { Died, FusedEnv } from './fuse.ts'
import { baseLatency, carry, type LinkWindow } from './network.ts'
import { forkSlot, type Slot } from './slot.ts'
import type { Env, Medium, NodeId, Setting, System } from './system.ts'

/** What does not change while a world runs. */
export interface Frame<Node extends object, Rules extends object> {
  readonly plan: Plan
  readonly system: System<unknown, Node, Rules>
  readonly setting: Setting<unknown>
}

/** Steps that a run may take for each operation of its plan, sentinels included, and whatever its size; real runs take a thousandth. */
const STEPS_PER_OPERATION = 20_000
const STEPS_FREE = 2_000_000

/** A run that does not come to an end: processes keep each other busy at one instant, or for ever. */
export class Endless extends Error {
  override name = 'Endless'
}

export class World<Node extends object, Rules extends object> {
  now: Us = 0
  steps = 0
  readonly frame: Frame<Node, Rules>
  readonly choices: Choices
  readonly medium: Medium
  readonly recorder: Recorder
  agenda: Agenda
  slots: Slot<Node>[]
  links: LinkWindow[]
  private readonly env: Effects<Node, Rules>
  private readonly stepsMax: number

  constructor(
    frame: Frame<Node, Rules>,
    rules: Rules,
    choices: Choices,
    medium: Medium,
    recorder: Recorder,
    slots: Slot<Node>[],
    agenda = new Agenda(),
    links: LinkWindow[] = [],
  ) {
    this.frame = frame
    this.choices = choices
    this.medium = medium
    this.recorder = recorder
    this.slots = slots
    this.agenda = agenda
    this.links = links
    this.stepsMax = STEPS_FREE + STEPS_PER_OPERATION * frame.setting.script.sentinelFrom
    const first = slots[0]
    if (first === undefined) throw new Error('a world needs at least one node')
    this.env = new Effects(this, rules, first)
  }

  slot(id: NodeId): Slot<Node> {
    const slot = this.slots[id]
    if (slot === undefined) throw new Error(`no node ${id}`)
    return slot
  }

  /** Puts a copy in the place of a slot, to be changed where others may still hold the slot itself. */
  own(id: NodeId): Slot<Node> {
    const own = forkSlot(this.slot(id), (node) => this.frame.system.fork(node))
    this.slots[id] = own
    return own
  }

  /** Makes the next thing happen if it is due by `limit`. Changes the world in place. */
  advance(limit: Us): boolean {
    const entry = this.agenda.peek()
    if (entry === undefined || entry.time > limit) return false
    this.agenda.pop()
    this.step(entry)
    return true
  }

  /** The world after its next step; this one stays as it was. `sink` gets the step's events. */
  stepped(sink: (event: Event) => void): World<Node, Rules> {
    const agenda = this.agenda.copy()
    const entry = agenda.pop()
    if (entry === undefined) throw new Error('nothing is left to happen')
    const recorder = new Recorder(sink, this.recorder.hash, this.recorder.length)
    const links = this.links.map((link) => ({ ...link }))
    const next = new World(this.frame, this.env.rules, this.choices.fork(), this.medium, recorder, this.slots.slice(), agenda, links)
    if (entry.to >= 0) next.own(entry.to)
    next.steps = this.steps
    next.now = this.now
    next.step(entry)
    return next
  }

  step(entry: Entry): void {
    this.now = entry.time
    if (++this.steps > this.stepsMax) throw new Endless(`the run does not end: ${this.steps} steps by ${showMs(this.now)} ms`)
    this.recorder.step(entry.time, entry.tie, entry.to)
    if (entry.kind === 'fault') return actOn(this, entry)
    const slot = this.slots[entry.to] as Slot<Node>
    if (entry.kind === 'churn') return churn(this, slot, entry)
    if (entry.kind === 'start') return this.start(slot)
    if (!slot.up) return this.miss(slot, entry)
    if (entry.epoch !== -1 && entry.epoch !== slot.epoch) return this.miss(slot, entry)
    if (entry.time < slot.pausedUntil) return this.putOff(slot, entry)
    this.give(slot, entry)
  }

  /** What a process with a fuse does is counted, and may be the end of it. */
  private act(slot: Slot<Node>, what: (env: Env<Rules>) => void): void {
    if (slot.fuse === null) return what(this.env)
    const { system, setting } = this.frame
    const naming = {
      nameOf: (node: NodeId) => setting.nodes[node]?.name ?? '',
      extent: (file: string, body: unknown) => system.nameOf?.(body) ?? file,
    }
    try {
      const env = new FusedEnv(this.env, slot.fuse, naming)
      what(env)
      env.goOn()
    } catch (error) {
      if (!(error instanceof Died)) throw error
      burnt(this, slot, error)
    }
  }

  private give(slot: Slot<Node>, entry: Entry): void {
    let given = entry
    if (entry.kind === 'timer') {
      const due = slot.timers.get(entry.name)
      // Re-armed or cancelled since.
      if (due !== undefined) {
        if (due !== entry.time) return
        slot.timers.set(entry.name, -1)
      }
    } else if (entry.kind === 'forced' || entry.kind === 'saved') {
      applyCompletion(slot, entry, this.medium.disk)
      given = new Entry(
        entry.time,
        entry.tie,
        entry.key,
        entry.kind,
        entry.to,
        entry.from,
        entry.epoch,
        entry.name,
        entry.a,
        toldOk(entry) ? 1 : 0,
        entry.body,
      )
    }
    this.env.enter(this, slot, entry.key)
    // Most have none: no closure for each of their steps.
    if (slot.fuse === null) this.frame.system.handle(slot.node, given, this.env)
    else this.act(slot, (env) => this.frame.system.handle(slot.node, given, env))
  }

  start(slot: Slot<Node>): void {
    if (slot.up || !slot.powered || !slot.wanted) return
    invariant(slot.stopping === false, () => `${slot.spec.name} starts while it stops`)
    slot.up = true
    if (!slot.unused || slot.follows !== null) slot.node = this.frame.system.boot(slot.id, this.frame.setting, slot.follows)
    slot.unused = false
    this.env.enter(this, slot, mixWide(slot.id, this.now))
    this.recorder.life('up')
    this.act(slot, (env) => this.frame.system.start(slot.node, env))
  }

  /** Asks the process to stop in good order. */
  ask(slot: Slot<Node>): void {
    slot.stopping = true
    this.env.enter(this, slot, mixWide(slot.id, this.now))
    this.act(slot, (env) => this.frame.system.stop(slot.node, env))
  }

  /** The process is gone: its memory, timers and connections with it. Peers of a machine that lives on notice at once. */
  leave(slot: Slot<Node>, noticed: boolean): void {
    if (!slot.up) return
    slot.up = false
    slot.epoch++
    slot.timers = new Map()
    slot.pausedUntil = 0
    slot.stopping = false
    this.recorder.t = this.now
    this.recorder.p = slot.spec.name
    this.recorder.life('down')
    if (noticed) this.resetPeers(slot)
  }

  /** Tells every other running process that its connections to this node are gone; what was under way on them is in doubt. */
  resetPeers(slot: Slot<Node>): void {
    for (const peer of this.slots) {
      if (peer.id === slot.id || !peer.up) continue
      this.pass('reset', slot.id, peer, mix(mix(slot.id, peer.id), slot.epoch), slot.epoch, null)
    }
  }

  /** Tells a process that its wall clock was set, so that what waits for a time of day need not look every few seconds. */
  clockSet(slot: Slot<Node>, key: number): void {
    if (slot.up) this.agenda.push(new Entry(this.now, this.choices.tie(key), key, 'clock', slot.id, slot.id, slot.epoch, '', 0, 0, null))
  }

  /** The machine of a process answers for it. What a fault does to that is noted in its name. */
  private pass(kind: 'reset' | 'refused', from: NodeId, to: Slot<Node>, key: number, a: number, body: unknown): void {
    this.recorder.t = this.now
    this.recorder.p = this.slot(from).spec.name
    const deliveries =
      this.links.length === 0
        ? [{ afterUs: baseLatency(this.choices, this.medium, key), key }]
        : carry(this.choices, this.medium, this.links, this.now, from, to.id, key, (link) => this.strike(link))
    const first = deliveries[0]
    if (first === undefined) return
    this.agenda.push(new Entry(this.now + first.afterUs, this.choices.tie(key), key, kind, to.id, from, to.epoch, '', a, 0, body))
  }

  strike(link: LinkWindow): void {
    if (link.seen) return
    link.seen = true
    this.recorder.fault(link.kind, link.on, true)
  }

  /** An entry for a process that is not there: a connection is refused, everything else is forgotten. */
  private miss(slot: Slot<Node>, entry: Entry): void {
    if (entry.kind !== 'message' || !slot.powered) return
    const sender = this.slots[entry.from]
    if (sender !== undefined && sender.up) this.pass('refused', slot.id, sender, mix(entry.key, 3), 0, entry.body)
  }

  /** A paused process handles everything when it wakes, in the order in which it came. */
  private putOff(slot: Slot<Node>, entry: Entry): void {
    const due = entry.kind === 'timer' && slot.timers.get(entry.name) === entry.time
    if (due) slot.timers.set(entry.name, slot.pausedUntil)
    this.agenda.push(
      new Entry(
        slot.pausedUntil,
        slot.deferred++,
        entry.key,
        entry.kind,
        entry.to,
        entry.from,
        entry.epoch,
        entry.name,
        entry.a,
        entry.b,
        entry.body,
      ),
    )
  }
}
