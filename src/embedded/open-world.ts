/**
 * A cluster of the model that nobody has written a plan for: a NameServer, a broker, an administrator, and clients that come and go.
 * Everything that touches the simulation goes through here.
 */
import type { Event } from '../history/event.ts'
import { Recorder } from '../history/recorder.ts'
import { PLAN_FORMAT, type Plan } from '../plan/plan.ts'
import type { Fault } from '../plan/faults.ts'
import type { Script } from '../plan/script.ts'
import { Entry } from '../sim/agenda.ts'
import { seeded } from '../sim/choices.ts'
import { targetOf } from '../sim/faults.ts'
import { newSlot, type Slot } from '../sim/slot.ts'
import type { NodeId, NodeSpec, Setting, System } from '../sim/system.ts'
import { World } from '../sim/world.ts'
import type { RocketmqConfig } from '../systems/rocketmq/config.ts'
import type { Rules } from '../systems/rocketmq/rules.ts'
import { VERSION } from '../version.ts'
import { ADMIN, openRocketmq, type Membership, type OpenNode, type Outlet, type Request } from './gates.ts'
import { Pump } from './pump.ts'

export const NAMESERVER = 'n1'
export const BROKER = 'b1'
/** An open world is bound by nothing but its life: the world's limit of steps follows from this. */
const OPERATIONS_MAX = 100_000_000_000

const SCRIPT: Script = {
  threads: [],
  churn: [],
  failsMost: 0,
  late: new Set(),
  resets: [],
  steering: [],
  queries: [],
  stats: [],
  recalls: [],
  healUs: 0,
  sentinelFrom: OPERATIONS_MAX,
  sentinels: [],
}
const SERVERS: readonly NodeSpec[] = [
  { name: NAMESERVER, role: 'nameserver', client: false },
  { name: BROKER, role: 'broker', client: false },
]

type OpenSlot = Slot<OpenNode>

export class OpenWorld {
  private readonly pump: Pump<OpenNode, Rules>
  private readonly nodes: NodeSpec[] = [...SERVERS, { name: ADMIN, role: 'admin', client: false }]
  private readonly faults: Fault[] = []
  private readonly memberships = new Map<string, Membership>()
  private readonly system: System<RocketmqConfig, OpenNode, Rules>
  private readonly setting: Setting<RocketmqConfig>

  constructor(config: RocketmqConfig, rules: Rules, hear: (event: Event) => void, outlet: Outlet) {
    this.system = openRocketmq((name) => this.membershipOf(name), outlet)
    const cluster = { nameservers: [NAMESERVER], brokers: [BROKER], producers: [], topics: [], groups: [], config: {} }
    this.setting = { cluster, config, script: SCRIPT, nodes: this.nodes, idOf: (name) => this.idOf(name) }
    this.pump = new Pump((sink) => this.newWorld(rules, sink), hear)
    this.pump.act((world) => this.nodes.forEach((_, id) => world.start(world.slot(id))))
  }

  private newWorld(rules: Rules, sink: (event: Event) => void): World<OpenNode, Rules> {
    const { config, cluster } = this.setting
    const system = this.system as System<unknown, OpenNode, Rules>
    const plan: Plan = {
      format: PLAN_FORMAT,
      version: VERSION,
      system: this.system.id,
      seed: 1,
      policy: 'uniform',
      cluster,
      workload: [],
      faults: this.faults,
    }
    const slots = this.nodes.map((spec, id) => newSlot(id, spec, this.system.boot(id, this.setting)))
    const frame = { plan, system, setting: this.setting }
    return new World(frame, rules, seeded(plan.seed), this.system.medium(config), new Recorder(sink), slots)
  }

  private membershipOf(name: string): Membership {
    const found = this.memberships.get(name)
    if (found === undefined) throw new Error(`consumer ${name} is in no group`)
    return found
  }

  /** The node of this name; a client that is first heard of in a fault gets its node now. */
  private idOf(name: string): NodeId {
    const known = this.nodes.findIndex((node) => node.name === name)
    return known >= 0 ? known : this.nodes.push({ name, role: 'producer', client: true }) - 1
  }

  /** A client's process starts; one that runs under the same name is gone first. Gives what names this process. */
  open(name: string, membership: Membership | null): Client {
    return this.pump.act((world) => {
      const id = this.idOf(name)
      if (id < SERVERS.length + 1) throw new Error(`"${name}" is no name for a client: the cluster has a node called so`)
      if (membership !== null) this.memberships.set(name, membership)
      const spec: NodeSpec = { name, role: membership === null ? 'producer' : 'consumer', client: true }
      this.nodes[id] = spec
      const former = world.slots[id]
      if (former !== undefined) world.leave(former, true)
      this.fillUp(world)
      const slot: OpenSlot = former === undefined ? world.slot(id) : { ...former, spec }
      world.slots[id] = slot
      world.start(slot)
      return { id, epoch: slot.epoch }
    })
  }

  /** Every node has a slot. What it is, is known when its process starts: its memory is no process's, and each boots with its own. */
  private fillUp(world: World<OpenNode, Rules>): void {
    for (let id = world.slots.length; id < this.nodes.length; id++) {
      const spec = this.nodes[id] as NodeSpec
      world.slots.push({ ...newSlot<OpenNode>(id, spec, { role: 'admin', id }), unused: false })
    }
  }

  /** In good order, or as if killed. A process that is gone, or another that took its name, is left alone. */
  close({ id, epoch }: Client, inGoodOrder: boolean): void {
    this.pump.act((world) => {
      const slot = world.slot(id)
      if (!slot.up || slot.epoch !== epoch) return
      if (inGoodOrder) world.ask(slot)
      else world.leave(slot, true)
    })
  }

  /** Gives a client, or the administrator, something to do; a process that is gone never hears of it. */
  request({ id, epoch }: Client, request: Request): void {
    this.pump.act((world) => {
      world.agenda.push(new Entry(world.now, 0, 0, 'wake', id, id, epoch, request.do, 0, 0, request))
    })
  }

  get admin(): Client {
    return { id: this.idOf(ADMIN), epoch: 0 }
  }

  get broker(): NodeId {
    return this.idOf(BROKER)
  }

  /** Begins a fault now; gives what ends it. */
  strike(fault: Fault): () => void {
    const index = this.faults.push(fault) - 1
    const phase = (which: 0 | 1): void =>
      this.pump.act((world) => {
        const target = targetOf(fault, (name) => this.idOf(name))
        this.fillUp(world)
        world.agenda.push(new Entry(world.now, 0, fault.salt, 'fault', target, -1, -1, fault.kind, index, which, null))
      })
    phase(0)
    return () => phase(1)
  }

  /** Starts every server that does not run, with power if it has none. */
  revive(): void {
    this.pump.act((world) => {
      for (const slot of world.slots.slice(0, SERVERS.length)) {
        if (!slot.powered) {
          slot.powered = true
          world.resetPeers(slot)
        }
        world.start(slot)
      }
    })
  }

  stop(): void {
    this.pump.stop()
  }
}

/** One process of a client. */
export interface Client {
  readonly id: NodeId
  readonly epoch: number
}
