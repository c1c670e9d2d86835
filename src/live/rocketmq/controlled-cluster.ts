/**
 * A broker of which two processes are replicas, and a NameServer that is their controller as well (RML-034). The controller says who is master;
 * clients ask the NameServer for that one when they have lost the one before. Faults strike whoever was master when all was last well.
 */
import { join } from 'node:path'
import { BrokerDown } from '../target.ts'
import { pause } from '../waits.ts'
import type { Machine, ManagedProcess } from '../machine/machine.ts'
import { explain, startNameserver, startReplica } from './cluster.ts'
import { BROKER, CLUSTER, type RocketmqLiveConfig } from './config.ts'
import { Link, type Address, type Whereabouts } from './link.ts'
import { controllerProperties, type BrokerPlaces } from './properties.ts'
import { answersRuntime, knowsTopic, masterPort, registerNow, slaveIsThere } from './remoting/admin.ts'
import { ConnectionRefused, isOutage } from './remoting/connection.ts'

const HOST = '127.0.0.1'
const READY_LIMIT_MS = 60_000
const LOOK_MS = 100
const REQUEST_MS = 2000
/** A NameServer that is a controller holds more than routes. */
const HEAP_MEGABYTES = 128
/** RML-034: a master is there after six seconds at most; whoever is silent for longer is asked to register (RML-007). */
const REGISTER_AFTER_MS = 8000

export interface ControlledPlaces {
  readonly dir: string
  readonly lib: string
  readonly nameserverPort: number
  readonly controllerPort: number
  /** One for each replica. */
  readonly ports: readonly number[]
}

interface Replica {
  readonly name: string
  readonly places: BrokerPlaces & { readonly dir: string; readonly lib: string }
  readonly address: Address
  readonly link: Link
  process: ManagedProcess
}

export const replicaNames = (ports: readonly number[]): string[] => ports.map((_, k) => `${BROKER}-replica${k + 1}`)

export class ControlledCluster implements Whereabouts {
  latest: Address | null = null
  private readonly machine: Machine
  private readonly config: RocketmqLiveConfig
  private readonly nameserver: ManagedProcess
  private readonly nameserverLink: Link
  private readonly replicas: readonly Replica[]
  /** Master when all was last well. */
  private master: Replica

  private constructor(
    machine: Machine,
    config: RocketmqLiveConfig,
    nameserver: ManagedProcess,
    port: number,
    replicas: readonly Replica[],
  ) {
    const [first] = replicas
    if (first === undefined) throw new Error('a broker has one process at least')
    this.machine = machine
    this.config = config
    this.nameserver = nameserver
    this.nameserverLink = linkTo({ host: HOST, port })
    this.replicas = replicas
    this.master = first
  }

  /** Starts them and waits until they are ready. @throws BrokerDown */
  static async start(machine: Machine, config: RocketmqLiveConfig, places: ControlledPlaces): Promise<ControlledCluster> {
    const { dir, lib, nameserverPort, controllerPort, ports } = places
    const more = controllerProperties(controllerPort, join(dir, 'nameserver'))
    const nameserver = await startNameserver(machine, places, more, HEAP_MEGABYTES)
    const replicas: Replica[] = []
    for (const [k, name] of replicaNames(ports).entries()) {
      const port = ports[k] ?? 0
      const own = { port, nameserverPort, controllerPort, dir, lib, storeDir: join(dir, name, 'store') }
      const address = { host: HOST, port }
      replicas.push({ name, places: own, address, link: linkTo(address), process: await startReplica(machine, config, own, name) })
    }
    const cluster = new ControlledCluster(machine, config, nameserver, nameserverPort, replicas)
    await cluster.ready()
    return cluster
  }

  /** The process that faults strike, until all is well again. */
  get broker(): ManagedProcess {
    return this.master.process
  }

  get logFiles(): string[] {
    return this.replicas.map(({ process }) => process.logFile)
  }

  /** Starts who was struck again, after its process has ended. @throws BrokerDown */
  async restartBroker(): Promise<void> {
    const { machine, config, master } = this
    master.process = await startReplica(machine, config, master.places, master.name)
    await this.ready()
  }

  /** There is a master, and the other one has what it has, and is in sync. @throws BrokerDown */
  async ready(): Promise<void> {
    const beganMs = performance.now()
    for (;;) {
      for (const process of [this.nameserver, ...this.replicas.map((one) => one.process)])
        if (process.ended !== null) throw new BrokerDown(explain(process, `ended (${process.ended})`))
      if (await this.isReady()) return
      const waitedMs = performance.now() - beganMs
      if (waitedMs > READY_LIMIT_MS)
        throw new BrokerDown(explain(this.broker, `has no master and replica in sync after ${READY_LIMIT_MS / 1000} s`))
      if (this.latest === null && waitedMs > REGISTER_AFTER_MS) await this.register()
      await pause(LOOK_MS)
    }
  }

  async find(): Promise<Address> {
    const replica = await this.elected()
    if (replica === null) throw new ConnectionRefused('no NameServer knows a master')
    this.latest = replica.address
    return replica.address
  }

  /** Who may be elected must have heard of topics that were made at its master: that takes some seconds (RMQ-067). */
  async spread(topics: readonly string[]): Promise<void> {
    const endMs = performance.now() + READY_LIMIT_MS
    for (const { link, process } of this.replicas) {
      for (const topic of topics) {
        while (!(await isSo(async () => knowsTopic(await link.open(), topic, REQUEST_MS)))) {
          if (performance.now() > endMs) throw new BrokerDown(explain(process, `has not heard of ${topic}`))
          await pause(LOOK_MS)
        }
      }
    }
  }

  async close(): Promise<void> {
    this.nameserverLink.destroy()
    for (const { link } of this.replicas) link.destroy()
    await Promise.all([this.nameserver.kill(), ...this.replicas.map(({ process }) => process.kill())])
  }

  /** Who is master by what the NameServer says. @throws ConnectionRefused, ConnectionLost, TimedOut */
  private async elected(): Promise<Replica | null> {
    const port = await masterPort(await this.nameserverLink.open(), CLUSTER, BROKER, REQUEST_MS)
    return this.replicas.find(({ address }) => address.port === port) ?? null
  }

  private isReady(): Promise<boolean> {
    return isSo(async () => {
      const replica = await this.elected()
      if (replica === null) return false
      const connection = await replica.link.open()
      if (!(await answersRuntime(connection, REQUEST_MS)) || !(await slaveIsThere(connection, REQUEST_MS, true))) return false
      this.master = replica
      this.latest = replica.address
      return true
    })
  }

  private async register(): Promise<void> {
    await isSo(async () => {
      for (const { link } of this.replicas) await registerNow(await link.open(), REQUEST_MS)
      return true
    })
  }
}

const linkTo = (address: Address): Link => new Link({ address, connectMs: REQUEST_MS })

/** Not so either where nobody answers. */
async function isSo(question: () => Promise<boolean>): Promise<boolean> {
  try {
    return await question()
  } catch (error) {
    if (isOutage(error)) return false
    throw error
  }
}
