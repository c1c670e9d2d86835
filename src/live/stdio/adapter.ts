/**
 * One adapter, through all its lives: where the adapter is the broker itself, faults end its process, and the same command is started
 * again over the same data directory.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Machine, ManagedProcess } from '../machine/machine.ts'
import { BrokerDown, TargetBroken } from '../target.ts'
import { PROTOCOL, type Answer, type Body, type HelloAnswer, type Push, type RequestType } from './protocol.ts'
import { DOWN, Wire, type Heard } from './wire.ts'

export interface Deadlines {
  /** For every request but those below. */
  readonly answerMs: number
  /** For what waits for the broker, and for a long `read`. */
  readonly startMs: number
  /** How long after a fault of a broker behind the adapter silence is still put down to it. */
  readonly graceMs: number
}
export const DEADLINES: Deadlines = { answerMs: 5_000, startMs: 60_000, graceMs: 10_000 }

const PATIENT: ReadonlySet<RequestType> = new Set(['hello', 'ready', 'fault', 'read'])
const SENDS: ReadonlySet<RequestType> = new Set(['send', 'begin'])
/** How long an adapter may take to end after its stdin was closed. */
const CLOSE_MS = 2_000
const STDERR_LINES = 8

export interface AdapterSpec {
  readonly machine: Machine
  /** The program and its arguments. */
  readonly command: readonly string[]
  readonly config: Body<'hello'>['config']
  readonly url?: string | undefined
  readonly deadlines: Deadlines
}

export interface AdapterEvents {
  push(push: Push): void
  heard?(heard: Heard): void
}

export class Adapter {
  readonly dataDir: string
  private readonly spec: AdapterSpec
  private readonly events: AdapterEvents
  private wire: Wire | null = null
  private broken: TargetBroken | null = null
  private faultsOn = 0
  /** Requests that were made before this moment may stay without an answer. */
  private excusedToMs = -Infinity
  private process: ManagedProcess | null = null
  /** A new life that has not been told yet who is there. */
  restoring = false
  /** Resolved once the last life has ended. */
  private leaving: Promise<void> = Promise.resolve()

  constructor(spec: AdapterSpec, events: AdapterEvents) {
    this.spec = spec
    this.events = events
    this.dataDir = join(spec.machine.dir, 'adapter-data')
  }

  get up(): boolean {
    return this.wire !== null
  }

  get logFile(): string | null {
    return this.process?.logFile ?? null
  }

  /** @throws TargetBroken when the adapter has broken the protocol before. */
  check(): void {
    if (this.broken !== null) throw this.broken
  }

  /** Starts the process and shakes hands. @throws TargetBroken, BrokerDown when it was up before and does not come back */
  async start(again: boolean): Promise<HelloAnswer> {
    await this.leaving
    this.check()
    const { machine, command, config, url } = this.spec
    const [program = '', ...args] = command
    mkdirSync(this.dataDir, { recursive: true })
    const env = { MQPROOF_DATA: this.dataDir }
    const process = await machine.spawn({ name: 'adapter', command: program, args, env, pipes: true })
    this.process = process
    const wire = new Wire(process, this.wireEvents(), again)
    const hello = await wire.request('hello', { protocol: PROTOCOL, config, ...(url === undefined ? {} : { url }) }, this.deadline('hello'))
    if (hello.type === 'ok') {
      wire.mayEnd = false
      this.wire = wire
      return hello
    }
    const why = 'status' in hello ? hello.status : hello.type
    const words = process.tail(STDERR_LINES).trim()
    await process.kill()
    throw new BrokerDown(
      `the adapter did not come up${again ? ' again' : ''}: ${why}${words === '' ? '' : `; the end of its stderr: ${words}`}`,
    )
  }

  private wireEvents(): ConstructorParameters<typeof Wire>[1] {
    const { heard } = this.events
    return {
      push: (push) => {
        this.events.push(push)
      },
      broken: (error) => {
        this.broken ??= error
      },
      excusesSilence: (sinceMs) => this.faultsOn > 0 || sinceMs < this.excusedToMs,
      ...(heard === undefined ? {} : { heard }),
    }
  }

  private deadline(type: RequestType): number {
    return PATIENT.has(type) ? this.spec.deadlines.startMs : this.spec.deadlines.answerMs
  }

  /** Never without an answer: `info` when a fault explains the silence. @throws TargetBroken */
  async request<T extends RequestType>(type: T, body: Body<T>): Promise<Answer<T>> {
    this.check()
    if (this.wire === null || (this.restoring && SENDS.has(type))) return { id: 0, type: 'fail', status: DOWN }
    return this.wire.request(type, body, this.deadline(type))
  }

  /** Breaks with the adapter over something that no single line shows. */
  misbehaves(what: string): TargetBroken {
    return (this.broken ??= this.wire?.fail(what) ?? new TargetBroken(`the adapter misbehaves: ${what}`))
  }

  /** While a fault is on silence is no fault of the adapter's. */
  faultBegins(): void {
    this.faultsOn++
  }

  /** `reconnects`: it is somewhere else that something broke, and the adapter may need a while to find its way back. */
  faultEnds(reconnects: boolean): void {
    this.faultsOn--
    this.excusedToMs = Math.max(this.excusedToMs, performance.now() + (reconnects ? this.spec.deadlines.graceMs : 0))
  }

  /** SIGKILL; gives a promise of its end, which includes its last words. */
  kill(): Promise<void> {
    return this.leave((process) => process.kill())
  }

  /** SIGTERM, and SIGKILL after the limit. Gives whether it stopped by itself. */
  async stop(limitMs: number): Promise<boolean> {
    let byItself = true
    await this.leave(async (process) => {
      byItself = await process.stop(limitMs)
    })
    return byItself
  }

  private leave(how: (process: ManagedProcess) => Promise<void>): Promise<void> {
    const { wire } = this
    if (wire === null) return this.leaving
    wire.mayEnd = true
    this.wire = null
    this.leaving = how(wire.process).then(() => wire.over())
    return this.leaving
  }

  pause(): void {
    this.wire?.process.pause()
  }

  resume(): void {
    this.wire?.process.resume()
  }

  /** The end of its stdin tells an adapter to go; gives whether it went. Never throws. */
  async close(): Promise<boolean> {
    const { process, wire } = this
    this.wire = null
    if (wire !== null) wire.mayEnd = true
    if (process === null || process.ended !== null) return true
    let timer: NodeJS.Timeout | undefined
    if (this.broken === null) {
      process.resume()
      process.stdin?.end()
      const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_MS)))
      await Promise.race([process.exited, limit])
      clearTimeout(timer)
    }
    const went = process.ended !== null
    await process.kill()
    return went
  }
}
