/** The parts of a target whose node is ours: faults can be done to its process, its disk and its links. */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { FaultKind } from '../../plan/faults.ts'
import type { OpenOptions } from '../factory.ts'
import { diskOrReason, LINK_KINDS, wants } from '../machine/asked-for.ts'
import { LocalFaults } from '../machine/local-faults.ts'
import { ProxyBoard } from '../machine/proxy-board.ts'
import { BrokerDown, type FaultActions } from '../target.ts'
import { pause } from '../waits.ts'
import { BROKER, type RabbitmqLiveConfig } from './config.ts'
import { helloOf } from './hello.ts'
import { reasonOf } from './link.ts'
import { Node } from './node.ts'
import { onChannel, type TargetParts } from './target.ts'
import { Topology } from './topology.ts'

/** Without forceFails, which is not offered. */
export const OWN_DISK_KINDS: readonly FaultKind[] = ['powerLoss', 'diskStall']
const DATA_KINDS: readonly FaultKind[] = ['powerLoss', 'diskLoss']

export const DISK_MEGABYTES = 2048
const STOP_LIMIT_MS = 30_000
const DECLARE_MS = 15_000
const LOOK_MS = 250
/** What the broker has confirmed to have declared may still be in its own buffers, where no sync of ours reaches it (RAB-141). */
const SETTLE_MS = 1000

const UNTRIED = 'nobody has looked yet at what RabbitMQ does when its disk dies under it'

/** After a loss of data readers of streams begin at the first message again: what they had counted may be gone, and offsets be given out anew. */
function recounting(faults: LocalFaults, progress: Map<string, number>): FaultActions {
  return {
    kinds: new Set([...faults.kinds].filter((kind) => kind !== 'forceFails')),
    unavailable: new Map(faults.unavailable).set('forceFails', UNTRIED),
    begin: (fault, effect) => faults.begin(fault, effect),
    end: (fault) => {
      if (DATA_KINDS.includes(fault.kind)) progress.clear()
      return faults.end(fault)
    },
  }
}

/** A node that answers has not yet elected the leaders of its streams and quorum queues; until then it says that they are down (RAB-146). */
async function declareAgain(url: string, topology: Topology): Promise<void> {
  const limit = performance.now() + DECLARE_MS
  for (;;) {
    try {
      return await onChannel(url, DECLARE_MS, (channel) => topology.declareAgain(channel))
    } catch (error) {
      if (performance.now() > limit) throw new BrokerDown(`${BROKER} answers, but does not give its queues back: ${reasonOf(error)}`)
    }
    await pause(LOOK_MS)
  }
}

export async function openOwn(config: RabbitmqLiveConfig, { machine, faults: wanted }: OpenOptions): Promise<TargetParts> {
  const name = `rabbitmq-${await machine.port()}`
  const dir = join(machine.dir, name)
  await mkdir(dir, { recursive: true })
  const lossy = await diskOrReason(machine, wants(wanted, OWN_DISK_KINDS), name, DISK_MEGABYTES)
  const disk = typeof lossy === 'string' ? null : lossy
  const dataDir = join(disk?.mount ?? dir, 'data')
  const node = await Node.create(machine, { dir, dataDir })
  const url = node.url(node.port)
  const topology = new Topology(config.queueType)
  const close = async (): Promise<void> => {
    await node.close()
    await disk?.remove()
    await rm(dir, { recursive: true, force: true })
  }
  const server = await node.start().catch(async (error: unknown) => {
    await close()
    throw error
  })
  const board = wants(wanted, LINK_KINDS) ? new ProxyBoard(machine, new Map([[BROKER, node.port]])) : null
  const local = {
    process: () => node.process,
    start: async () => {
      await node.start()
      await declareAgain(url, topology)
    },
    disk,
    wipe: () => rm(dataDir, { recursive: true, force: true }),
    stopLimitMs: STOP_LIMIT_MS,
  }
  const faults = new LocalFaults({
    brokers: new Map([[BROKER, local]]),
    board,
    noDisk: typeof lossy === 'string' ? lossy : '',
    noBoard: 'the clients were started without proxies between them and the broker',
  })
  const progress = new Map<string, number>()
  return {
    hello: helloOf(config, server),
    config,
    faults: recounting(faults, progress),
    topology,
    progress,
    url,
    urlOf: async (client) => (board === null ? url : node.url(await board.portFor(client, BROKER))),
    ready: () => faults.ready(),
    settle: async () => {
      if (disk === null || config.store === 'fresh') return
      await pause(SETTLE_MS)
      await disk.sync()
    },
    evidence: () => [...node.evidence(), ...faults.evidence()],
    close,
  }
}
