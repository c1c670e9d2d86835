/** The target `rocketmq`: a NameServer and a broker of our own, or, with a URL, a broker that is there already and of which nothing is killed. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { delayLevelsOf } from '../../plan/delay-levels.ts'
import type { FaultKind } from '../../plan/faults.ts'
import { InputError } from '../../plan/input-error.ts'
import type { Intent, OpenOptions, TargetFactory } from '../factory.ts'
import { DISK_KINDS, diskOrReason, lackingDisk, LINK_KINDS, wants } from '../machine/asked-for.ts'
import { LocalFaults } from '../machine/local-faults.ts'
import type { Machine, ManagedProcess } from '../machine/machine.ts'
import { findProgram } from '../machine/programs.ts'
import { ProxyBoard } from '../machine/proxy-board.ts'
import { BrokerDown, type Hello, type TargetCapabilities } from '../target.ts'
import { claimsOf } from './claims.ts'
import { Cluster, SLAVE } from './cluster.ts'
import { BROKER, checksOf, contractConfig, QUICK_LEVELS, retriesOf, RocketmqLiveConfig } from './config.ts'
import { ROCKETMQ_CONTROLS } from './controls.ts'
import { Link, type Address } from './link.ts'
import { ROCKETMQ_VERSION, rocketmqLib, rocketmqStamp, SDK_NAME, SDK_VERSION } from './recipe.ts'
import { answersRuntime } from './remoting/admin.ts'
import { isOutage } from './remoting/connection.ts'
import { SdkClients } from './sdk/clients.ts'
import { loadSdk, type Sdk } from './sdk/module.ts'
import { startProxy } from './sdk/proxy.ts'
import { confPath, logDir } from './server.ts'
import { RocketmqTarget, type TargetParts } from './target.ts'

const FAULTS: readonly FaultKind[] = ['processKill', 'gracefulRestart', 'pause', 'diskLoss', ...DISK_KINDS, ...LINK_KINDS]

const DISK_MEGABYTES = 1024
/** A stop in good order takes 16 seconds (RML-010). */
const STOP_LIMIT_MS = 40_000
const URL_LIMIT_MS = 5000
/** RMQ-024: maxMessageSize, less what mqproof and RocketMQ put around a body. */
const BYTES_MAX = (4 << 20) - 4096

const REMOTING: TargetCapabilities = {
  modes: ['sync', 'async', 'oneway'],
  offsets: true,
  read: true,
  commits: true,
  transactions: 'checked',
  orderly: true,
  locks: true,
  pop: true,
  queuesMax: 64,
  bytesMax: BYTES_MAX,
}
/** The library shows no offsets (RML-025) and takes no queue. What a queue holds is about the broker, and read over remoting. */
const SDK: TargetCapabilities = {
  ...REMOTING,
  modes: ['sync', 'async'],
  offsets: false,
  commits: false,
  locks: false,
  pop: false,
  queuesMax: 1,
}

const helloOf = (config: RocketmqLiveConfig, version: string): Hello => ({
  system: 'rocketmq',
  contract: 'rocketmq',
  version,
  client: config.client === 'sdk' ? `${SDK_NAME} ${SDK_VERSION}, without retries` : 'mqproof remoting',
  brokers: [BROKER],
  capabilities:
    config.client === 'sdk' ? SDK : { ...REMOTING, sendBack: config.retry === 'send-back', delayLevels: delayLevelsOf(config.delayLevels) },
  claims: claimsOf(config),
  config: contractConfig(config),
  ...(config.client === 'sdk' ? {} : { checks: checksOf(config) }),
  ...(config.client === 'sdk' || config.retry === 'local' ? {} : { retries: retriesOf(config) }),
})

/** "host:port", with or without a scheme in front. */
function addressIn(url: string): Address {
  const parts = /^(?:[a-z]+:\/\/)?([\w.-]+):(\d{1,5})\/?$/.exec(url)
  if (parts === null) throw new InputError(`--url ${url}: give the broker itself as HOST:PORT, such as 127.0.0.1:10911`)
  return { host: parts[1] ?? '', port: Number(parts[2]) }
}

async function openUrl(config: RocketmqLiveConfig, url: string): Promise<TargetParts> {
  if (config.client === 'sdk')
    throw new InputError('--url names a broker, and the library speaks to a proxy of our own: leave one out, or choose another --config')
  const address = addressIn(url)
  const ready = async (): Promise<void> => {
    const link = new Link({ address, connectMs: URL_LIMIT_MS })
    try {
      if (await answersRuntime(await link.open(), URL_LIMIT_MS)) return
    } catch (error) {
      if (!isOutage(error)) throw error
    } finally {
      link.destroy()
    }
    throw new BrokerDown(`no RocketMQ broker answers at ${url}: --url names the broker, not its NameServer or proxy`)
  }
  await ready()
  const why = `${url} is not a process of ours`
  return {
    // Which version it is, only its operator knows.
    hello: helloOf(config, 'unknown'),
    config,
    faults: new LocalFaults({ brokers: new Map(), board: null, noDisk: why, noBoard: why }),
    token: randomBytes(4).toString('hex'),
    address,
    sdk: null,
    addressOf: () => Promise.resolve(address),
    ready,
    settle: () => Promise.resolve(),
    evidence: () => [],
    close: () => Promise.resolve(),
  }
}

/** What an operator makes again on an empty disk: without its topics a broker would refuse every send for that reason alone. */
const MADE_AGAIN = ['topics.json', 'subscriptionGroup.json']

/** The disk is lost, with messages and progress; topics and groups are there as they were, on the disk that takes its place. */
export async function emptyStore(storeDir: string, instead = storeDir): Promise<void> {
  const named = MADE_AGAIN.map((name) => join('config', name)).filter((name) => existsSync(join(storeDir, name)))
  const kept = await Promise.all(named.map(async (name) => ({ name, text: await readFile(join(storeDir, name)) })))
  await rm(storeDir, { recursive: true, force: true })
  await mkdir(join(instead, 'config'), { recursive: true })
  for (const { name, text } of kept) await writeFile(join(instead, name), text)
}

/** Why faults of disks and links can't be done through the library. */
const SDK_NO_DISK = 'durability is not judged through the proxy (RML-062): choose another configuration'
const SDK_NO_BOARD = 'the clients reach the broker through the proxy of RocketMQ, not through one of ours'

interface Proxied {
  readonly clients: SdkClients
  readonly process: ManagedProcess
}

/** @throws BrokerDown */
async function behindProxy(
  sdk: Sdk,
  machine: Machine,
  config: RocketmqLiveConfig,
  places: { readonly dir: string; readonly nameserverPort: number },
): Promise<Proxied> {
  const [grpcPort, remotingPort] = [await machine.port(), await machine.port()]
  const process = await startProxy(machine, { ...places, lib: rocketmqLib(), grpcPort, remotingPort })
  const { sendTimeoutMs, retryDelayMs } = config.clientTimes
  return {
    clients: new SdkClients(
      sdk,
      `127.0.0.1:${grpcPort}`,
      { requestMs: sendTimeoutMs, retryMs: retryDelayMs },
      config.sdkConsumer === 'push',
    ),
    process,
  }
}

async function openOwn(config: RocketmqLiveConfig, { machine, faults: wanted }: OpenOptions): Promise<TargetParts> {
  const sdk = config.client === 'sdk' ? loadSdk() : null
  const [port, nameserverPort] = [await machine.port(), await machine.port()]
  const dir = join(machine.dir, `rocketmq-${port}`)
  await mkdir(dir, { recursive: true })
  const lossy = sdk === null ? await diskOrReason(machine, wants(wanted, DISK_KINDS), `rocketmq-${port}`, DISK_MEGABYTES) : SDK_NO_DISK
  const disk = typeof lossy === 'string' ? null : lossy
  // Nothing but the data lies on the image: a broker without its configuration would fail by our fault.
  const storeDir = join(disk?.mount ?? dir, 'store')
  const slave = config.slave === undefined ? null : { port: await machine.port(), nameserverPort, storeDir: join(dir, SLAVE, 'store') }
  const cluster = await Cluster.start(machine, config, { port, nameserverPort, storeDir, dir, slave, lib: rocketmqLib() })
  const proxied =
    sdk === null
      ? null
      : await behindProxy(sdk, machine, config, { dir, nameserverPort }).catch(async (error: unknown) => {
          await cluster.close()
          throw error
        })
  const board = sdk === null && wants(wanted, LINK_KINDS) ? new ProxyBoard(machine, new Map([[BROKER, port]])) : null
  const local = {
    process: () => cluster.broker,
    start: () => cluster.restartBroker(),
    disk,
    wipe: async () => {
      const lost = cluster.storeDir
      await cluster.giveToSlave()
      await emptyStore(lost, cluster.storeDir)
      await disk?.sync()
    },
    stopLimitMs: STOP_LIMIT_MS,
  }
  const noBoard = sdk === null ? 'the clients were started without proxies between them and the broker' : SDK_NO_BOARD
  const faults = new LocalFaults({
    brokers: new Map([[BROKER, local]]),
    board,
    noDisk: typeof lossy === 'string' ? lossy : '',
    noBoard,
  })
  const host = '127.0.0.1'
  return {
    hello: helloOf(config, ROCKETMQ_VERSION),
    config,
    faults,
    token: randomBytes(4).toString('hex'),
    address: { host, port },
    sdk: proxied?.clients ?? null,
    addressOf: async (client) => ({ host, port: board === null ? port : await board.portFor(client, BROKER) }),
    ready: async () => {
      await faults.ready()
      await cluster.ready()
    },
    settle: async () => disk?.sync(),
    evidence: () => [
      confPath(join(dir, BROKER)),
      logDir(join(dir, BROKER)),
      cluster.broker.logFile,
      ...(slave === null ? [] : [confPath(join(dir, SLAVE)), logDir(join(dir, SLAVE))]),
      ...(proxied === null ? [] : [proxied.process.logFile]),
      ...faults.evidence(),
    ],
    close: async () => {
      await Promise.all([cluster.close(), proxied?.process.kill()])
      await disk?.remove()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

const isSdk = ({ client }: RocketmqLiveConfig): boolean => client === 'sdk'

const lacking = (config: RocketmqLiveConfig): Map<FaultKind, string> =>
  isSdk(config)
    ? new Map<FaultKind, string>([
        ...DISK_KINDS.map((kind) => [kind, SDK_NO_DISK] as const),
        ...LINK_KINDS.map((kind) => [kind, SDK_NO_BOARD] as const),
      ])
    : lackingDisk(DISK_KINDS)

const intentOf = (config: RocketmqLiveConfig, faults: ReadonlySet<FaultKind>): Intent => ({
  processes: [
    'java org.apache.rocketmq.namesrv.NamesrvStartup',
    'java org.apache.rocketmq.broker.BrokerStartup (killed, paused and restarted as faults ask)',
    ...(config.slave === undefined
      ? []
      : ['java org.apache.rocketmq.broker.BrokerStartup, its slave (takes its place when its disk is lost)']),
    ...(isSdk(config) ? ['java org.apache.rocketmq.proxy.ProxyStartup'] : []),
  ],
  mounts: !isSdk(config) && wants(faults, DISK_KINDS) ? [`an ext4 image of ${DISK_MEGABYTES} MB for the store, on a loop device`] : [],
  ports: [
    'the NameServer and the broker (two ports), on loopback',
    'the replication port of the broker, which RocketMQ opens on all interfaces',
    ...(config.slave === undefined ? [] : ['three ports of its slave, of which one is open on all interfaces']),
    ...(isSdk(config) ? ['two ports of its proxy, which RocketMQ opens on all interfaces'] : []),
    ...(!isSdk(config) && wants(faults, LINK_KINDS) ? ['a proxy for each client, on loopback'] : []),
  ],
  unavailable: lacking(config),
})

export const rocketmqTarget: TargetFactory<RocketmqLiveConfig> = {
  id: 'rocketmq',
  title: `Apache RocketMQ ${ROCKETMQ_VERSION}, one broker, over remoting or through its client library`,
  config: RocketmqLiveConfig,
  configs: {
    async: { flushDiskType: 'ASYNC_FLUSH' },
    sync: { flushDiskType: 'SYNC_FLUSH' },
    'send-back': { retry: 'send-back', delayLevels: QUICK_LEVELS },
    sdk: { client: 'sdk' },
  },
  faults: FAULTS,
  missing: () => {
    if (findProgram('java') === null) return Promise.resolve('java is not here: apt-get install -y default-jre-headless')
    return Promise.resolve(existsSync(rocketmqStamp()) ? null : 'the jars are not here: run "mqproof provision rocketmq"')
  },
  intent: intentOf,
  controls: ROCKETMQ_CONTROLS,
  open: async (config, options) =>
    new RocketmqTarget(options.url === undefined ? await openOwn(config, options) : await openUrl(config, options.url)),
}
