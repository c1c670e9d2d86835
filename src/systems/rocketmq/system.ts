/** RocketMQ as a System: which processes a cluster has, who handles what, and which plans fit it. */
import { KINDS, type Header, type Kind } from '../../history/event.ts'
import type { Access } from '../../history/header.ts'
import type { Retention } from '../../history/retention.ts'
import type { Delay, Plan } from '../../plan/plan.ts'
import type { Us } from '../../plan/units.ts'
import { delayLevelsOf, delayOfLevel, retryDelays } from '../../plan/delay-levels.ts'
import type { Entry } from '../../sim/agenda.ts'
import type { Delays, Env, Retries, Setting, System } from '../../sim/system.ts'
import { handleBroker, pendingAtBroker, startBroker } from './broker/broker.ts'
import { nameOfRecord } from './broker/record.ts'
import { stop as stopBroker } from './broker/shutdown.ts'
import { forkBroker, isSlave, newBroker, type BrokerState } from './broker/state.ts'
import { auditor, type AuditorState } from './client/auditor.ts'
import { consumer, type ConsumerState } from './client/consumer.ts'
import { controller, type ControllerState } from './controller/controller.ts'
import { producer, type ProducerState } from './client/producer.ts'
import { database, type DatabaseState } from './client/receivers/database.ts'
import { Config, type RocketmqConfig } from './config.ts'
import { hoursOf } from './delete-when.ts'
import { nameserver, type NameServerState } from './nameserver/nameserver.ts'
import { unowned, unread } from './ownership.ts'
import { canFailByItself, groupTopics, isReturning } from './returning.ts'
import { nodes } from './nodes.ts'
import { processesOf } from './promotion.ts'
import { refuses } from './refusals.ts'
import { rules, type Rules } from './rules.ts'
import { sending } from './client/sending.ts'

export type Node = NameServerState | ControllerState | BrokerState | ProducerState | ConsumerState | AuditorState | DatabaseState

function start(node: Node, env: Env<Rules>): void {
  switch (node.role) {
    case 'nameserver':
      return nameserver.start(node, env)
    case 'controller':
      return controller.start(node, env)
    case 'broker':
      return startBroker(node, env)
    case 'producer':
      return producer.start(node, env)
    case 'consumer':
      return consumer.start(node, env)
    case 'auditor':
      return auditor.start(node, env)
    case 'database':
      return
  }
}

function handle(node: Node, entry: Entry, env: Env<Rules>): void {
  switch (node.role) {
    case 'nameserver':
      return nameserver.handle(node, entry, env)
    case 'controller':
      return controller.handle(node, entry, env)
    case 'broker':
      return handleBroker(node, entry, env)
    case 'producer':
      return producer.handle(node, entry, env)
    case 'consumer':
      return consumer.handle(node, entry, env)
    case 'auditor':
      return auditor.handle(node, entry, env)
    case 'database':
      return database.handle(node, entry, env)
  }
}

function stop(node: Node, env: Env<Rules>): void {
  switch (node.role) {
    case 'broker':
      return stopBroker(node, env)
    case 'consumer':
      return consumer.stop(node, env)
    case 'producer':
      return producer.stop(node, env)
    case 'nameserver':
    case 'controller':
    case 'auditor':
    case 'database':
      return env.exit()
  }
}

function fork(node: Node): Node {
  switch (node.role) {
    case 'nameserver':
      return nameserver.fork(node)
    case 'controller':
      return controller.fork(node)
    case 'broker':
      return forkBroker(node)
    case 'producer':
      return producer.fork(node)
    case 'consumer':
      return consumer.fork(node)
    case 'auditor':
      return auditor.fork(node)
    case 'database':
      return database.fork(node)
  }
}

function pendingAt(node: Node): string | null {
  switch (node.role) {
    case 'nameserver':
    case 'auditor':
    case 'database':
      return null
    case 'controller':
      return controller.pending(node)
    case 'broker':
      return pendingAtBroker(node)
    case 'producer':
      return producer.pending(node)
    case 'consumer':
      return consumer.pending(node)
  }
}

function pending(all: readonly Node[]): string | null {
  const brokers = all.filter((node) => node.role === 'broker' && !isSlave(node)) as BrokerState[]
  const consumers = all.filter((node) => node.role === 'consumer')
  for (const node of all) {
    const reason = pendingAt(node) ?? (node.role === 'consumer' ? unread(node, brokers) : null)
    if (reason !== null) return reason
  }
  return unowned(consumers, brokers) ?? unheard(all, brokers)
}

function unheard(all: readonly Node[], brokers: readonly BrokerState[]): string | null {
  for (const node of all) {
    const reason = node.role === 'nameserver' ? nameserver.pending(node, brokers) : null
    if (reason !== null) return reason
  }
  return null
}

const SHIPPED_SEGMENT_BYTES = 1 << 30

/** No run fills a file of 1 GiB, and the last file is never deleted. */
function retention({ parameters: p, deleteWhen }: RocketmqConfig): Retention | null {
  if (p.segmentBytes >= SHIPPED_SEGMENT_BYTES) return null
  return {
    reservedUs: p.fileReservedUs,
    deleteHours: hoursOf(deleteWhen),
    cleanPermille: p.diskCleanPermille,
    forcePermille: p.diskForcePermille,
    fullPermille: p.diskFullPermille,
    filesMax: p.deleteFilesMax,
  }
}

/** RMQ-118: a level beyond the table is its last. */
function longOf(levels: readonly Us[], delay: Delay): Us {
  if ('level' in delay) return delayOfLevel(levels, delay.level)
  return 'atUs' in delay ? delay.atUs : delay.afterUs
}

function delays({ workload }: Plan, { messageDelayLevel }: RocketmqConfig): Delays | null {
  const asked = workload.flatMap((item) => (item.do === 'send' && item.delay !== undefined ? [item.delay] : []))
  if (asked.length === 0) return null
  const levels = delayLevelsOf(messageDelayLevel)
  return { levels, longestUs: asked.reduce((longest, one) => Math.max(longest, longOf(levels, one)), 0) }
}

/** What fails goes round until it succeeds, or its group is given up on it. */
function retries({ cluster, script, config }: Setting<RocketmqConfig>): Retries | null {
  const returning = cluster.groups.filter((group) => isReturning({ script, config }, group))
  if (returning.length === 0) return null
  const { retryMaxTimes: max, messageDelayLevel } = config
  const most = returning.reduce((so, { maxReconsumeTimes = 0 }) => Math.max(so, maxReconsumeTimes), max)
  const delaysUs = retryDelays(delayLevelsOf(messageDelayLevel), most)
  const failsMost = returning.some(canFailByItself) ? most : script.failsMost
  return { max, delaysUs, longestUs: delaysUs.slice(0, failsMost).reduce((sum, one) => sum + one, 0) }
}

function access({ cluster }: Plan, { authorizationEnabled: enabled, accounts }: RocketmqConfig): Access | null {
  return accounts.length === 0 ? null : { enabled, accounts, groups: cluster.groups.map(({ name, topics }) => ({ name, topics })) }
}

/** RMQ-130. */
function checks({ workload }: Plan, { parameters: p }: RocketmqConfig): Header['checks'] | null {
  if (!workload.some((item) => item.do === 'transaction')) return null
  return { immunityUs: p.transactionTimeoutUs, intervalUs: p.transactionCheckIntervalUs, max: p.transactionChecksMax }
}

/** What a log does that is one broker's own, and what one does that is a group's. */
const OWN_LOG: readonly Kind[] = [
  'white:append',
  'white:force',
  'white:dispatch',
  'white:recovered',
  'white:recoveredQueue',
  'white:recoveredIndex',
  'white:storedOffset',
  'white:copied',
  'white:copyRecovered',
  'replicaPull',
  'replicaAudit',
]
const GROUPS_LOG: readonly Kind[] = ['white:leads', 'white:committed', 'white:ledgerCut']
function isLeftOut(kind: Kind, { commitLog, enableControllerMode, enableSlaveActingMaster, recordPolls }: RocketmqConfig): boolean {
  if (kind === 'poll') return !recordPolls
  if (kind === 'white:presides') return !enableControllerMode
  if (kind === 'white:acting') return !enableSlaveActingMaster
  return (commitLog === 'dledger' ? OWN_LOG : GROUPS_LOG).includes(kind)
}

export const rocketmq: System<RocketmqConfig, Node, Rules> = {
  id: 'rocketmq',
  config: Config,
  rules,
  records: (config) => KINDS.filter((kind) => !isLeftOut(kind, config)),
  delays,
  retries,
  groupTopics,
  retention,
  checks,
  access,
  sending,
  nameOf: nameOfRecord,
  refuses,
  nodes,
  medium: ({ parameters: p, disk }) => ({
    latencyUs: p.latencyUs,
    latencySpreadUs: p.latencySpreadUs,
    forceUs: p.forceUs,
    forceSpreadUs: p.forceSpreadUs,
    disk,
    drainUs: p.drainUs,
  }),
  processesOf,
  boot: (id, setting, follows) => {
    switch (setting.nodes[id]?.role) {
      case 'nameserver':
        return nameserver.boot(id, setting)
      case 'controller':
        return controller.boot(id, setting)
      case 'broker':
        return newBroker(id, setting, follows)
      case 'producer':
        return producer.boot(id, setting)
      case 'consumer':
        return consumer.boot(id, setting)
      case 'database':
        return database.boot(id, setting)
      default:
        return auditor.boot(id, setting)
    }
  },
  start,
  handle,
  stop,
  fork,
  pending,
}
