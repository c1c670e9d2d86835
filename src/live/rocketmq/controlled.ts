/** The target over replicas that a controller elects. Nothing is done to its disks and links: what is tried is who is master, and who thinks so. */
import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpenOptions } from '../factory.ts'
import { LocalFaults } from '../machine/local-faults.ts'
import { STOP_LIMIT_MS } from './cluster.ts'
import { BROKER, type RocketmqLiveConfig } from './config.ts'
import { ControlledCluster, replicaNames } from './controlled-cluster.ts'
import { helloOf } from './hello.ts'
import { REPLICAS_NO_BOARD, REPLICAS_NO_DISK } from './intent.ts'
import { ROCKETMQ_VERSION, rocketmqLib } from './recipe.ts'
import { confPath, logDir } from './server.ts'
import type { TargetParts } from './target.ts'

export async function openControlled(config: RocketmqLiveConfig, { machine }: OpenOptions): Promise<TargetParts> {
  const nameserverPort = await machine.port()
  const places = { nameserverPort, controllerPort: await machine.port(), ports: [await machine.port(), await machine.port()] }
  const dir = join(machine.dir, `rocketmq-${nameserverPort}`)
  await mkdir(dir, { recursive: true })
  const cluster = await ControlledCluster.start(machine, config, { ...places, dir, lib: rocketmqLib() })
  const local = {
    process: () => cluster.broker,
    start: () => cluster.restartBroker(),
    disk: null,
    wipe: null,
    stopLimitMs: STOP_LIMIT_MS,
  }
  const faults = new LocalFaults({
    brokers: new Map([[BROKER, local]]),
    board: null,
    noDisk: REPLICAS_NO_DISK,
    noBoard: REPLICAS_NO_BOARD,
  })
  return {
    hello: helloOf(config, ROCKETMQ_VERSION),
    config,
    faults,
    token: randomBytes(4).toString('hex'),
    address: cluster,
    sdk: null,
    addressOf: () => Promise.resolve(cluster),
    ready: async () => {
      await faults.ready()
      await cluster.ready()
    },
    settle: (topics) => cluster.spread(topics.map(({ topic }) => topic)),
    evidence: () => [
      ...replicaNames(places.ports).flatMap((name) => [confPath(join(dir, name)), logDir(join(dir, name))]),
      ...cluster.logFiles,
      confPath(join(dir, 'nameserver')),
      logDir(join(dir, 'nameserver')),
    ],
    close: async () => {
      await cluster.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
