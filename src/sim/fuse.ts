/**
 * A process that dies within a step, between two of its effects, where no fault that waits for a moment can strike: what it has written and sent by
 * then is written and sent, and the rest of the step never happens.
 *
 * What it does is counted in effects: what it asks of its disk, and what it sends. That a write was forced is the disk's doing: a crash after a
 * force was asked for meets an unforced file, and one before the effect that comes next meets a forced one.
 */
import type { Recorder } from '../history/recorder.ts'
import type { CrashPoint } from '../plan/faults.ts'
import { invariant } from '../plan/invariant.ts'
import type { Us } from '../plan/units.ts'
import type { Label } from './choices.ts'
import type { Disk, Extent } from './disk.ts'
import type { Env, Message, NodeId } from './system.ts'

/** Waits in a node for its effects. Invariant: `left` ≥ 1 whenever a step begins. */
export interface Fuse {
  /** Which fault of the plan. */
  readonly fault: number
  readonly edge: 'after' | 'before'
  /** It strikes at the so-manieth effect from here. */
  left: number
}

export const fuseOf = (fault: number, point: CrashPoint): Fuse =>
  'after' in point ? { fault, edge: 'after', left: point.after } : { fault, edge: 'before', left: point.before }

/** Ends the step of a process that dies in it. */
export class Died extends Error {
  override name = 'Died'
  /** Where: "before it sends sendAnswer to p1". */
  readonly where: string
  constructor(where: string) {
    super(where)
    this.where = where
  }
}

/** How a System calls what it writes and sends. */
export interface Naming {
  nameOf(node: NodeId): string
  extent(file: string, body: unknown): string
}

/** Passes everything on, and counts. @throws Died from the effect at which the process dies. */
export class FusedEnv<Rules> implements Env<Rules> {
  private readonly env: Env<Rules>
  private readonly fuse: Fuse
  private readonly naming: Naming
  private dying: Died | null = null

  constructor(env: Env<Rules>, fuse: Fuse, naming: Naming) {
    this.env = env
    this.fuse = fuse
    this.naming = naming
  }

  get now(): Us {
    return this.env.now
  }
  get uptime(): Us {
    return this.env.uptime
  }
  get rules(): Rules {
    return this.env.rules
  }
  get record(): Recorder {
    return this.env.record
  }
  get disk(): Disk {
    return this.env.disk
  }

  choose(label: Label, key: number, n: number): number {
    this.goOn()
    return this.env.choose(label, key, n)
  }
  timer(name: string, delay: Us): void {
    this.goOn()
    this.env.timer(name, delay)
  }
  cancel(name: string): void {
    this.goOn()
    this.env.cancel(name)
  }
  later(name: string, delay: Us, a: number, b?: number): void {
    this.goOn()
    this.env.later(name, delay, a, b)
  }
  diskFull(): boolean {
    this.goOn()
    return this.env.diskFull()
  }
  exit(): void {
    this.goOn()
    this.env.exit()
  }

  send(to: NodeId, message: Message): void {
    this.effect(`sends ${message.type} to ${this.naming.nameOf(to)}`, () => this.env.send(to, message))
  }
  append(file: string, extent: Extent): void {
    this.effect(`appends ${this.naming.extent(file, extent.body)}`, () => this.env.append(file, extent))
  }
  force(file: string): number {
    return this.effect(`forces ${file}`, () => this.env.force(file))
  }
  save(file: string, value: object): number {
    return this.effect(`saves ${file}`, () => this.env.save(file, value))
  }
  put(file: string, value: object): void {
    this.effect(`writes ${file}`, () => this.env.put(file, value))
  }
  truncate(file: string, size: number): void {
    this.effect(`cuts ${file}`, () => this.env.truncate(file, size))
  }
  remove(file: string): void {
    this.effect(`removes ${file}`, () => this.env.remove(file))
  }
  forceNow(file: string): boolean {
    return this.effect(`forces ${file}`, () => this.env.forceNow(file))
  }

  /** @throws Died when its last effect lies behind it: what it had to witness of that is in the history by now. */
  goOn(): void {
    if (this.dying !== null) throw this.dying
  }

  private effect<T>(what: string, act: () => T): T {
    this.goOn()
    const { fuse } = this
    invariant(fuse.left >= 1, () => 'a process outlives its last effect')
    const last = fuse.left === 1
    if (last && fuse.edge === 'before') throw new Died(`before it ${what}`)
    const given = act()
    fuse.left--
    if (last) this.dying = new Died(`after it ${what}`)
    return given
  }
}
