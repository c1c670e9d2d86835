/**
 * A node of our own: its processes, its files, and when it is ready. It has a port mapper of its own, on loopback, so that nodes side by side
 * never meet (RAB-110). What it starts with lies beside the data, never on the disk that may lose power (RAB-142).
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Machine, ManagedProcess } from '../machine/machine.ts'
import { BrokerDown } from '../target.ts'
import { pause } from '../waits.ts'
import { BROKER } from './config.ts'
import { Link, reasonOf, type Server } from './link.ts'
import { RABBITMQ_SERVER } from './recipe.ts'

/** The port mapper of Erlang nodes. */
export const EPMD = 'epmd'
const READY_LIMIT_MS = 60_000
const LOOK_MS = 100
const TAIL_LINES = 12
const OWNER_ONLY = 0o400

export interface NodePlaces {
  /** Configuration, cookie and logs. */
  readonly dir: string
  /** Everything that the broker stores. */
  readonly dataDir: string
}

interface Ports {
  readonly amqp: number
  readonly distribution: number
  readonly mapper: number
}

const confText = ({ amqp }: Ports): string =>
  [
    `listeners.tcp.1 = 127.0.0.1:${amqp}`,
    'loopback_users = none',
    // As shipped the log of quorum queues may grow to half a gigabyte, which is more than a small image holds beside the queues.
    'raft.wal_max_size_bytes = 67108864',
    '',
  ].join('\n')

/** RAB-110. */
const environment = ({ dir, dataDir }: NodePlaces, { amqp, distribution, mapper }: Ports): Record<string, string> => ({
  HOME: dir,
  ERL_EPMD_PORT: String(mapper),
  ERL_EPMD_ADDRESS: '127.0.0.1',
  RABBITMQ_NODENAME: `mqproof${amqp}@localhost`,
  RABBITMQ_NODE_PORT: String(amqp),
  RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
  RABBITMQ_DIST_PORT: String(distribution),
  RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1} -noinput',
  RABBITMQ_MNESIA_BASE: dataDir,
  RABBITMQ_LOG_BASE: join(dir, 'log'),
  RABBITMQ_CONFIG_FILE: join(dir, 'rabbitmq'),
  RABBITMQ_ENABLED_PLUGINS_FILE: join(dir, 'enabled_plugins'),
  RABBITMQ_CONF_ENV_FILE: '/dev/null',
  // So the script becomes the virtual machine in place of waiting for it: signals reach the broker itself.
  RUNNING_UNDER_SYSTEMD: 'true',
})

export class Node {
  readonly places: NodePlaces
  readonly port: number
  /** Another one after each restart. */
  process: ManagedProcess | null = null
  private readonly machine: Machine
  private readonly ports: Ports

  private readonly mapper: ManagedProcess

  private constructor(machine: Machine, places: NodePlaces, ports: Ports, mapper: ManagedProcess) {
    this.machine = machine
    this.mapper = mapper
    this.places = places
    this.ports = ports
    this.port = ports.amqp
  }

  static async create(machine: Machine, places: NodePlaces): Promise<Node> {
    const ports = { amqp: await machine.port(), distribution: await machine.port(), mapper: await machine.port() }
    await mkdir(join(places.dir, 'log'), { recursive: true })
    await writeFile(join(places.dir, '.erlang.cookie'), `mqproof${ports.amqp}`, { mode: OWNER_ONLY })
    await writeFile(join(places.dir, 'enabled_plugins'), '[].')
    await writeFile(join(places.dir, 'rabbitmq.conf'), confText(ports))
    const mapper = await machine.spawn({ name: EPMD, command: EPMD, args: ['-port', String(ports.mapper), '-address', '127.0.0.1'] })
    return new Node(machine, places, ports, mapper)
  }

  /** @throws BrokerDown when it does not answer the protocol in time. */
  async start(): Promise<Server> {
    await mkdir(this.places.dataDir, { recursive: true })
    const process = await this.machine.spawn({
      name: BROKER,
      command: RABBITMQ_SERVER,
      args: [],
      env: environment(this.places, this.ports),
      cwd: this.places.dir,
    })
    this.process = process
    return this.ready(process)
  }

  /** An open port is not enough: the node answers the handshake, or it is not up. */
  private async ready(process: ManagedProcess): Promise<Server> {
    const limit = performance.now() + READY_LIMIT_MS
    let last = 'it does not listen'
    while (performance.now() < limit && process.ended === null) {
      try {
        const link = await Link.open(this.url(this.port), 'mqproof readiness')
        await link.close()
        return link.server
      } catch (error) {
        last = reasonOf(error)
      }
      await pause(LOOK_MS)
    }
    const how = process.ended === null ? `did not answer AMQP within ${READY_LIMIT_MS / 1000} s (${last})` : `ended: ${process.ended}`
    throw new BrokerDown(`${BROKER} ${how}. The last lines of its log, ${process.logFile}:\n${process.tail(TAIL_LINES)}`)
  }

  url(port: number): string {
    return `amqp://guest:guest@127.0.0.1:${port}`
  }

  /** Nobody needs its data any more. */
  async close(): Promise<void> {
    await this.process?.kill()
    await this.mapper.kill()
  }

  evidence(): readonly string[] {
    const log = this.process?.logFile
    return [join(this.places.dir, 'rabbitmq.conf'), join(this.places.dir, 'log'), ...(log === undefined ? [] : [log])]
  }
}
