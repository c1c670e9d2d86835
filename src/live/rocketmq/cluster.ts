/**
 * A NameServer and a broker of our own, with a slave where one is wanted, and when they are ready: the broker answers, the NameServer knows it,
 * and its slave has all that it has. The registration at the start is often skipped, and would come ten seconds later; asking for it by hand
 * makes it at once (RML-007).
 */
import { join } from 'node:path'
import { BrokerDown } from '../target.ts'
import { pause } from '../waits.ts'
import type { Machine, ManagedProcess } from '../machine/machine.ts'
import { BROKER, CLUSTER, type RocketmqLiveConfig } from './config.ts'
import { Link } from './link.ts'
import { brokerProperties, nameserverProperties, propertiesText, type BrokerPlaces, type Properties, type Role } from './properties.ts'
import { answersRuntime, hasRoute, registerNow, slaveIsThere } from './remoting/admin.ts'
import { isOutage } from './remoting/connection.ts'
import { startServer } from './server.ts'

/** No plan names it: what faults strike is the broker. */
export const SLAVE = `${BROKER}-slave`
/** A stop in good order takes 16 seconds (RML-010). */
export const STOP_LIMIT_MS = 40_000
const READY_LIMIT_MS = 60_000
const LOOK_MS = 100
const REQUEST_MS = 2000
const TAIL_LINES = 12

export interface ClusterPlaces extends BrokerPlaces {
  readonly dir: string
  readonly lib: string
  /** Null where the broker has no slave. */
  readonly slave: BrokerPlaces | null
}

export class Cluster {
  /** The broker's process: another one after each restart. */
  broker: ManagedProcess
  /** Null when there is none, or none any more: it has taken the broker's place. */
  private slave: ManagedProcess | null = null
  private role: Role = 'master'
  private readonly nameserver: ManagedProcess
  private readonly machine: Machine
  private readonly config: RocketmqLiveConfig
  private places: ClusterPlaces
  private readonly brokerLink: Link
  private readonly nameserverLink: Link

  private constructor(
    machine: Machine,
    config: RocketmqLiveConfig,
    places: ClusterPlaces,
    nameserver: ManagedProcess,
    broker: ManagedProcess,
  ) {
    this.machine = machine
    this.config = config
    this.places = places
    this.nameserver = nameserver
    this.broker = broker
    const link = (port: number): Link => new Link({ address: { host: '127.0.0.1', port }, connectMs: REQUEST_MS })
    this.brokerLink = link(places.port)
    this.nameserverLink = link(places.nameserverPort)
  }

  /** Starts them and waits until they are ready. @throws BrokerDown */
  static async start(machine: Machine, config: RocketmqLiveConfig, places: ClusterPlaces): Promise<Cluster> {
    const nameserver = await startNameserver(machine, places)
    const cluster = new Cluster(machine, config, places, nameserver, await startBroker(machine, config, places))
    await cluster.ready()
    if (places.slave === null) return cluster
    cluster.slave = await startBroker(machine, config, { ...places, ...places.slave }, 'slave')
    await cluster.ready()
    return cluster
  }

  /** The broker is down and its disk is lost: the slave's, where there is one, is the broker's from now on. */
  async giveToSlave(): Promise<void> {
    const { slave, places } = this
    if (slave === null || places.slave === null) return
    await slave.kill()
    this.slave = null
    this.role = 'promoted'
    this.places = { ...places, storeDir: places.slave.storeDir, slave: null }
  }

  /** The slave has taken the broker's place. */
  get takenOver(): boolean {
    return this.role === 'promoted'
  }

  /** Where the broker's data lies. */
  get storeDir(): string {
    return this.places.storeDir
  }

  /** Starts the broker again after its process has ended. @throws BrokerDown */
  async restartBroker(): Promise<void> {
    this.broker = await startBroker(this.machine, this.config, this.places, this.role)
    await this.ready()
  }

  /** @throws BrokerDown when a process ends, or does not answer in a minute. */
  async ready(): Promise<void> {
    const limit = performance.now() + READY_LIMIT_MS
    for (;;) {
      for (const process of [this.nameserver, this.broker, this.slave])
        if (process !== null && process.ended !== null) throw new BrokerDown(explain(process, `ended (${process.ended})`))
      if (await this.isReady()) return
      if (performance.now() > limit) throw new BrokerDown(explain(this.broker, `does not answer after ${READY_LIMIT_MS / 1000} s`))
      await pause(LOOK_MS)
    }
  }

  async close(): Promise<void> {
    this.brokerLink.destroy()
    this.nameserverLink.destroy()
    await Promise.all([this.broker.kill(), this.nameserver.kill(), this.slave?.kill()])
  }

  private async isReady(): Promise<boolean> {
    try {
      const broker = await this.brokerLink.open()
      if (!(await answersRuntime(broker, REQUEST_MS))) return false
      if (await hasRoute(await this.nameserverLink.open(), CLUSTER, REQUEST_MS))
        return this.slave === null || (await slaveIsThere(broker, REQUEST_MS))
      await registerNow(broker, REQUEST_MS)
      return false
    } catch (error) {
      if (isOutage(error)) return false
      throw error
    }
  }
}

type ServerPlaces = Pick<ClusterPlaces, 'dir' | 'lib' | 'nameserverPort'>

export function startNameserver(
  machine: Machine,
  places: ServerPlaces,
  more: Properties = {},
  heapMegabytes = 48,
): Promise<ManagedProcess> {
  const dir = join(places.dir, 'nameserver')
  return startServer(machine, {
    name: 'nameserver',
    main: 'org.apache.rocketmq.namesrv.NamesrvStartup',
    lib: places.lib,
    dir,
    heapMegabytes,
    conf: propertiesText({ ...nameserverProperties(places.nameserverPort, dir), ...more }),
  })
}

const startBroker = (
  machine: Machine,
  config: RocketmqLiveConfig,
  places: BrokerPlaces & ServerPlaces,
  role: Role = 'master',
): Promise<ManagedProcess> => startReplica(machine, config, places, role === 'slave' ? SLAVE : BROKER, role)

/** One of the processes that are a broker. */
export function startReplica(
  machine: Machine,
  config: RocketmqLiveConfig,
  places: BrokerPlaces & ServerPlaces,
  name: string,
  role?: Role,
): Promise<ManagedProcess> {
  return startServer(machine, {
    name,
    main: 'org.apache.rocketmq.broker.BrokerStartup',
    lib: places.lib,
    dir: join(places.dir, name),
    heapMegabytes: 256,
    conf: propertiesText(brokerProperties(config, places, role)),
    properties: { 'rocketmq.broker.rebalance.lockMaxLiveTime': config.lockLifeMs },
  })
}

/** What BrokerDown says of a process. */
export const explain = (process: ManagedProcess, what: string): string =>
  `RocketMQ's ${process.name} ${what}. The end of its log:\n${process.tail(TAIL_LINES)}\n` +
  'Run "mqproof doctor" to see whether Java and the jars are as they should be.'
