/** The target `rocketmq`: a NameServer and a broker of our own, or, with a URL, a broker that is there already and of which nothing is killed. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FaultKind } from '../../plan/faults.ts'
import { InputError } from '../../plan/input-error.ts'
import type { OpenOptions, TargetFactory } from '../factory.ts'
import { DISK_KINDS, diskOrReason, LINK_KINDS, wants } from '../machine/asked-for.ts'
import { LocalFaults, type LocalBroker } from '../machine/local-faults.ts'
import type { LossyDisk, Machine, ManagedProcess } from '../machine/machine.ts'
import { findProgram } from '../machine/programs.ts'
import { ProxyBoard } from '../machine/proxy-board.ts'
import { BrokerDown } from '../target.ts'
import { Cluster, SLAVE, STOP_LIMIT_MS } from './cluster.ts'
import { BROKER, QUICK_LEVELS, RocketmqLiveConfig } from './config.ts'
import { openControlled } from './controlled.ts'
import { ROCKETMQ_CONTROLS } from './controls.ts'
import { helloOf } from './hello.ts'
import { DISK_MEGABYTES, intentOf, SDK_NO_BOARD, SDK_NO_DISK } from './intent.ts'
import { Link, type Address } from './link.ts'
import { ROCKETMQ_VERSION, rocketmqLib, rocketmqStamp } from './recipe.ts'
import { answersRuntime } from './remoting/admin.ts'
import { isOutage } from './remoting/connection.ts'
import { SdkClients } from './sdk/clients.ts'
import { loadSdk, type Sdk } from './sdk/module.ts'
import { startProxy } from './sdk/proxy.ts'
import { confPath, logDir } from './server.ts'
import { RocketmqTarget, type TargetParts } from './target.ts'

const FAULTS: readonly FaultKind[] = ['processKill', 'gracefulRestart', 'pause', 'diskLoss', ...DISK_KINDS, ...LINK_KINDS]

const URL_LIMIT_MS = 5000

/** "host:port", with or without a scheme in front. */
function addressIn(url: string): Address {
  const parts = /^(?:[a-z]+:\/\/)?([\w.-]+):(\d{1,5})\/?$/.exec(url)
  if (parts === null) throw new InputError(`--url ${url}: give the broker itself as HOST:PORT, such as 127.0.0.1:10911`)
  return { host: parts[1] ?? '', port: Number(parts[2]) }
}

async function openUrl(config: RocketmqLiveConfig, url: string): Promise<TargetParts> {
  if (config.client === 'sdk')
    throw new InputError('--url names a broker, and the library speaks to a proxy of our own: leave one out, or choose another --config')
  if (config.controller !== undefined) throw new InputError('--url names one broker, and a controller has several: choose another --config')
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

/** What faults do to the broker. A slave that has taken over keeps its data elsewhere, and has none of its own: no disk is lost after that. */
function struckBroker(cluster: Cluster, disk: LossyDisk | null): LocalBroker {
  const wipe = async (): Promise<void> => {
    const lost = cluster.storeDir
    await cluster.giveToSlave()
    await emptyStore(lost, cluster.storeDir)
    await disk?.sync()
  }
  return {
    process: () => cluster.broker,
    start: () => cluster.restartBroker(),
    get disk() {
      return cluster.takenOver ? null : disk
    },
    get wipe() {
      return cluster.takenOver ? null : wipe
    },
    stopLimitMs: STOP_LIMIT_MS,
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
  const noBoard = sdk === null ? 'the clients were started without proxies between them and the broker' : SDK_NO_BOARD
  const faults = new LocalFaults({
    brokers: new Map([[BROKER, struckBroker(cluster, disk)]]),
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
    isSpent: () => cluster.takenOver,
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

function open(config: RocketmqLiveConfig, options: OpenOptions): Promise<TargetParts> {
  if (options.url !== undefined) return openUrl(config, options.url)
  return config.controller === undefined ? openOwn(config, options) : openControlled(config, options)
}

export const rocketmqTarget: TargetFactory<RocketmqLiveConfig> = {
  id: 'rocketmq',
  title: `Apache RocketMQ ${ROCKETMQ_VERSION}, one broker, alone or replicated, over remoting or through its client library`,
  config: RocketmqLiveConfig,
  configs: {
    async: { flushDiskType: 'ASYNC_FLUSH' },
    sync: { flushDiskType: 'SYNC_FLUSH' },
    'send-back': { retry: 'send-back', delayLevels: QUICK_LEVELS },
    timers: { timers: true },
    selectors: { enablePropertyFilter: true },
    'sync-master': { slave: { role: 'SYNC_MASTER', inSyncReplicas: 2 } },
    controller: { controller: {} },
    'controller-all-ack': { controller: { allAck: true, minInSyncReplicas: 2 } },
    sdk: { client: 'sdk' },
  },
  faults: FAULTS,
  missing: () => {
    if (findProgram('java') === null) return Promise.resolve('java is not here: apt-get install -y default-jre-headless')
    return Promise.resolve(existsSync(rocketmqStamp()) ? null : 'the jars are not here: run "mqproof provision rocketmq"')
  },
  intent: intentOf,
  controls: ROCKETMQ_CONTROLS,
  open: async (config, options) => new RocketmqTarget(await open(config, options)),
}
