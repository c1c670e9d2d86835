/** The target `rabbitmq`: a node of our own, or, with a URL, a broker that is there already and of which nothing is killed. */
import { existsSync } from 'node:fs'
import type { FaultKind } from '../../plan/faults.ts'
import { InputError } from '../../plan/input-error.ts'
import type { Intent, TargetFactory } from '../factory.ts'
import { lackingDisk, LINK_KINDS, wants } from '../machine/asked-for.ts'
import { LocalFaults } from '../machine/local-faults.ts'
import { findProgram } from '../machine/programs.ts'
import { BrokerDown } from '../target.ts'
import { CONFIGS, RabbitmqLiveConfig } from './config.ts'
import { RABBITMQ_CONTROLS } from './controls.ts'
import { helloOf } from './hello.ts'
import { Link, reasonOf, type Server } from './link.ts'
import { EPMD } from './node.ts'
import { DISK_MEGABYTES, openOwn, OWN_DISK_KINDS } from './own-node.ts'
import { RABBITMQ_SERVER } from './recipe.ts'
import { RabbitmqTarget, type TargetParts } from './target.ts'
import { Topology } from './topology.ts'

const FAULTS: readonly FaultKind[] = ['processKill', 'gracefulRestart', 'pause', 'diskLoss', ...OWN_DISK_KINDS, ...LINK_KINDS]
const URL_LIMIT_MS = 5000

function checked(url: string): string {
  const scheme = URL.canParse(url) ? new URL(url).protocol : ''
  if (scheme === 'amqp:' || scheme === 'amqps:') return url
  throw new InputError('--url: give the broker as amqp://USER:PASSWORD@HOST:PORT/VHOST, or with amqps')
}

/** Addresses hold passwords: messages name host and port only. */
const placeOf = (url: string): string => new URL(url).host

async function greet(url: string): Promise<Server> {
  let link: Link
  try {
    link = await Link.open(url, 'mqproof readiness', URL_LIMIT_MS)
  } catch (error) {
    throw new BrokerDown(`no RabbitMQ lets us in at ${placeOf(url)}: ${reasonOf(error)}. Is it up, and are user and virtual host right?`)
  }
  await link.close()
  return link.server
}

async function openUrl(config: RabbitmqLiveConfig, given: string): Promise<TargetParts> {
  const url = checked(given)
  const server = await greet(url)
  const why = `${placeOf(url)} is not a process of ours`
  return {
    hello: helloOf(config, server),
    config,
    faults: new LocalFaults({ brokers: new Map(), board: null, noDisk: why, noBoard: why }),
    topology: new Topology(config.queueType),
    progress: new Map(),
    url,
    urlOf: () => Promise.resolve(url),
    ready: async () => {
      await greet(url)
    },
    settle: () => Promise.resolve(),
    evidence: () => [],
    close: () => Promise.resolve(),
  }
}

const intentOf = (faults: ReadonlySet<FaultKind>): Intent => ({
  processes: [`${EPMD}, the port mapper, for this node alone`, `${RABBITMQ_SERVER} (killed, paused and restarted as faults ask)`],
  mounts: wants(faults, OWN_DISK_KINDS) ? [`an ext4 image of ${DISK_MEGABYTES} MB for the data, on a loop device`] : [],
  ports: [
    'AMQP, Erlang distribution and port mapper, on loopback',
    ...(wants(faults, LINK_KINDS) ? ['a proxy for each client, on loopback'] : []),
  ],
  unavailable: lackingDisk(OWN_DISK_KINDS),
})

export const rabbitmqTarget: TargetFactory<RabbitmqLiveConfig> = {
  id: 'rabbitmq',
  title: 'RabbitMQ, one node, over AMQP 0-9-1 by amqplib',
  config: RabbitmqLiveConfig,
  configs: CONFIGS,
  faults: FAULTS,
  missing: () => {
    const here = existsSync(RABBITMQ_SERVER) && findProgram(EPMD) !== null
    return Promise.resolve(here ? null : 'rabbitmq-server is not here: run "mqproof provision rabbitmq"')
  },
  intent: (_, faults) => intentOf(faults),
  controls: RABBITMQ_CONTROLS,
  open: async (config, options) =>
    new RabbitmqTarget(options.url === undefined ? await openOwn(config, options) : await openUrl(config, options.url)),
}
