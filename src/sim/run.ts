/**
 * One run of a plan, from boot to audit: the fault phase, then the heal, then a drain to sentinels, first by the same clients and, if
 * that fails, by fresh ones; at the end the auditor reads what every queue really holds.
 */
import { mayRead } from '../plan/access.ts'
import type { Event, Header } from '../history/event.ts'
import { HISTORY_FORMAT } from '../history/event.ts'
import { Recorder } from '../history/recorder.ts'
import { SentinelWatch } from '../history/sentinel-watch.ts'
import { showHash } from '../plan/hash.ts'
import { PlanRefused, parseWith } from '../plan/input-error.ts'
import type { Noise, Plan } from '../plan/plan.ts'
import { AUDITOR, script, SENTINEL } from '../plan/script.ts'
import { ms, seconds, type Us } from '../plan/units.ts'
import { Entry } from './agenda.ts'
import { choicesOf, recording, type Choices } from './choices.ts'
import { bringBack, churnEntries } from './churn.ts'
import { faultEntries } from './faults.ts'
import { newSlot } from './slot.ts'
import type { NodeId, Setting, System } from './system.ts'
import { Endless, World } from './world.ts'

export interface Result {
  readonly header: Header
  readonly drained: boolean
  readonly fresh: boolean
  readonly reason: string
  readonly steps: number
  readonly simulatedUs: Us
  readonly traceHash: string
  readonly noise: readonly Noise[]
}

export interface SimulateOptions<Rules> {
  readonly rules?: Rules
  readonly version?: string
  readonly recordNoise?: boolean
  /** Drives the world to a time; the default mutates, others exist to prove that it makes no difference. */
  readonly drive?: Drive
}

/** Lets everything happen that is due by `limit`; gives the world that comes out. */
export type Drive = <Node extends object, Rules extends object>(
  world: World<Node, Rules>,
  limit: Us,
  sink: (event: Event) => void,
) => World<Node, Rules>

const mutate: Drive = (world, limit) => {
  while (world.advance(limit));
  return world
}

/** How often the end of the drain is looked for. */
const LOOK = ms(250)
/** A sentinel that has not arrived by then was swallowed, and others are sent: a group may resume beyond it (RMQ-155), which says nothing about later ones. */
const RESEND = seconds(35)

/**
 * Configurations recur from run to run, and to parse one costs as much as fifty steps. This remembers what a pure function gave, so it
 * can't make two runs differ.
 */
const configs = new WeakMap<System<unknown>['config'], Map<string, unknown>>()
const CONFIGS_MAX = 1_000

function configOf<Config>(system: System<Config>, raw: unknown): Config {
  let known = configs.get(system.config)
  if (known === undefined || known.size >= CONFIGS_MAX) configs.set(system.config, (known = new Map<string, unknown>()))
  const text = JSON.stringify(raw)
  const parsed = known.has(text) ? (known.get(text) as Config) : parseWith(system.config, raw, 'cluster.config')
  known.set(text, parsed)
  return parsed
}

export function settingOf<Config>(system: System<Config>, plan: Plan): Setting<Config> {
  const config = configOf(system, plan.cluster.config)
  const complaint = system.refuses(plan, config)
  if (complaint !== null) throw new PlanRefused(complaint)
  const nodes = system.nodes(plan.cluster, config)
  const ids = new Map(nodes.map((node, id) => [node.name, id]))
  if (ids.size !== nodes.length) throw new PlanRefused('cluster: two nodes have the same name: give each its own')
  const idOf = (name: string): NodeId => {
    const id = ids.get(name)
    if (id === undefined) throw new PlanRefused(`no node is called "${name}": the cluster has ${[...ids.keys()].join(', ')}`)
    return id
  }
  return { cluster: plan.cluster, config, script: script(plan), nodes, idOf }
}

/** Runs a plan. @throws InputError when the plan does not fit the system. */
export function simulate<Config, Node extends object, Rules extends object>(
  system: System<Config, Node, Rules>,
  plan: Plan,
  sink: (event: Event) => void,
  options: SimulateOptions<Rules> = {},
): Result {
  const setting = settingOf(system as System<Config>, plan)
  const rules = options.rules ?? system.rules
  const own = choicesOf(plan)
  const taken: { choices: Choices; noise: Noise[] } = options.recordNoise === true ? recording(own) : { choices: own, noise: [] }
  const watch = new SentinelWatch(setting.script, plan)
  const heard = (event: Event): void => {
    watch.on(event)
    sink(event)
  }
  const medium = system.medium(setting.config)
  const slots = setting.nodes.map((spec, id) => newSlot(id, spec, system.boot(id, setting)))
  const frame = { plan, system: system as System<unknown, Node, Rules>, setting }
  const world = new World(frame, rules, taken.choices, medium, new Recorder(heard), slots)
  for (const slot of slots) world.agenda.push(new Entry(0, 0, slot.id, 'start', slot.id, -1, -1, '', 0, 0, null))
  const processesOf = (id: NodeId): readonly NodeId[] | null => system.processesOf?.(id, setting) ?? null
  for (const entry of faultEntries(plan.faults, (key) => taken.choices.tie(key), setting.idOf, processesOf)) world.agenda.push(entry)
  for (const entry of churnEntries(setting.script, (key) => taken.choices.tie(key), setting.idOf)) world.agenda.push(entry)
  for (const slot of slots) slot.wanted = !setting.script.late.has(slot.spec.name)
  const delays = system.delays?.(plan, setting.config) ?? null
  const retries = system.retries?.(setting) ?? null
  const groupTopics = system.groupTopics?.(setting) ?? []
  const checks = system.checks?.(plan, setting.config) ?? null
  const run = new Run(world, options.drive ?? mutate, heard, watch, (delays?.longestUs ?? 0) + (retries?.longestUs ?? 0))
  const drain = run.whole()
  const resized = new Set(plan.workload.flatMap((item) => (item.do === 'resize' ? [item.topic] : [])))
  const retention = system.retention?.(setting.config) ?? null
  const access = system.access?.(plan, setting.config) ?? null
  const header: Header = {
    format: HISTORY_FORMAT,
    version: options.version ?? plan.version,
    system: system.id,
    config: setting.config,
    client: 'reference',
    groups: access?.enabled === true ? plan.cluster.groups.filter((group) => mayRead(access.accounts, group)) : plan.cluster.groups,
    brokers: plan.cluster.brokers,
    ...(plan.cluster.slaves === undefined ? {} : { slaves: plan.cluster.slaves }),
    ...(plan.cluster.controllers === undefined ? {} : { controllers: plan.cluster.controllers }),
    nameservers: plan.cluster.nameservers,
    records: system.records(setting.config),
    ...(resized.size === 0 ? {} : { resized: [...resized] }),
    sending: system.sending?.(setting.config),
    ...(delays === null ? {} : { delayLevels: delays.levels }),
    ...(checks === null ? {} : { checks }),
    ...(groupTopics.length === 0 ? {} : { groupTopics }),
    ...(retries === null ? {} : { retries: { max: retries.max, delaysUs: retries.delaysUs } }),
    ...(retention === null ? {} : { retention }),
    ...(access === null ? {} : { access }),
    ...(setting.script.queries.length === 0 ? {} : { queries: true }),
    ...(plan.faults.some(({ kind }) => kind === 'promotion') ? { promotions: true } : {}),
  }
  return {
    header,
    ...drain,
    steps: run.world.steps,
    simulatedUs: run.world.now,
    traceHash: showHash(run.world.recorder.hash),
    noise: taken.noise,
  }
}

class Run<Node extends object, Rules extends object> {
  world: World<Node, Rules>
  private readonly drive: Drive
  private readonly sink: (event: Event) => void
  private readonly watch: SentinelWatch
  /** After the heal the last delayed message may still have to wait for so long. */
  private readonly delayUs: Us
  private resendAt: Us = 0

  constructor(world: World<Node, Rules>, drive: Drive, sink: (event: Event) => void, watch: SentinelWatch, delayUs: Us) {
    this.world = world
    this.drive = drive
    this.sink = sink
    this.watch = watch
    this.delayUs = delayUs
  }

  /** The whole run; one that takes absurdly many steps is cut short, and is no evidence of anything. */
  whole(): { drained: boolean; fresh: boolean; reason: string } {
    try {
      return this.phases()
    } catch (error) {
      if (!(error instanceof Endless)) throw error
      this.phase('stuck', error.message)
      return { drained: false, fresh: false, reason: error.message }
    }
  }

  private phases(): { drained: boolean; fresh: boolean; reason: string } {
    const { healUs } = this.world.frame.setting.script
    this.reach(healUs)
    this.phase('heal', '')
    bringBack(this.world, this.world.frame.plan.cluster.groups)
    // A process that ended itself is started again: after the heal every node is up.
    for (const slot of this.world.slots) if (!slot.up) this.begin(slot.id)
    const drain = this.drain(healUs)
    this.phase(drain.drained ? 'drained' : 'stuck', drain.reason)
    this.wake(AUDITOR, 'audit')
    const audited = this.until(this.world.now + this.world.medium.drainUs, () => (this.watch.audited ? null : 'the audit is not finished'))
    this.phase('end', audited ?? '')
    return drain
  }

  private drain(healUs: Us): { drained: boolean; fresh: boolean; reason: string } {
    const bound = this.world.medium.drainUs
    // Where no sentinel is waited for, those that come back are waited for: they are up before anybody looks.
    if (this.watch.waitsFor === null) this.reach(this.world.now)
    const first = this.until(healUs + bound + this.delayUs, () => this.unsettled())
    if (first === null) return { drained: true, fresh: false, reason: '' }
    this.phase('fresh', first)
    this.restartClients()
    // They are up before anybody looks: a cluster without clients has nothing left to do.
    this.reach(this.world.now)
    const second = this.until(this.world.now + bound, () => this.unsettled())
    return { drained: second === null, fresh: true, reason: second ?? first }
  }

  private unsettled(): string | null {
    if (this.watch.waitsFor !== null && this.world.now >= this.resendAt) {
      this.wake(SENTINEL, 'sentinels')
      this.resendAt = this.world.now + RESEND
    }
    const { waitsFor } = this.watch
    if (waitsFor !== null) return waitsFor
    const nodes: Node[] = []
    for (const slot of this.world.slots) if (slot.up) nodes.push(slot.node)
    return this.world.frame.system.pending(nodes)
  }

  /** Runs until nothing is waited for, or to the limit; gives what is still waited for. */
  private until(limit: Us, waitsFor: () => string | null): string | null {
    for (;;) {
      const reason = waitsFor()
      if (reason === null || this.world.now >= limit) return reason
      this.reach(Math.min(limit, this.nextLook()))
    }
  }

  /** The first look at which something can have changed. */
  private nextLook(): Us {
    const { now, agenda } = this.world
    const happens = agenda.peek()?.time ?? Infinity
    const changes = this.resendAt > now ? Math.min(happens, this.resendAt) : happens
    return now + LOOK * Math.max(1, Math.ceil((changes - now) / LOOK))
  }

  private reach(limit: Us): void {
    this.world = this.drive(this.world, limit, this.sink)
    this.world.now = limit
  }

  private phase(phase: 'heal' | 'drained' | 'fresh' | 'stuck' | 'end', note: string): void {
    this.world.recorder.t = this.world.now
    this.world.recorder.p = 'plan'
    this.world.recorder.phase(phase, note)
  }

  private wake(name: string, what: string): void {
    const to = this.world.frame.setting.idOf(name)
    this.world.agenda.push(new Entry(this.world.now, 0, to, 'wake', to, -1, -1, what, 0, 0, null))
  }

  private restartClients(): void {
    for (const slot of this.world.slots) {
      if (!slot.spec.client) continue
      // No step does this: the slot that the last one left may be frozen.
      const own = this.world.own(slot.id)
      this.world.leave(own, true)
      this.begin(own.id)
    }
  }

  private begin(id: NodeId): void {
    this.world.agenda.push(new Entry(this.world.now, 0, id, 'start', id, -1, -1, '', 0, 0, null))
  }
}
