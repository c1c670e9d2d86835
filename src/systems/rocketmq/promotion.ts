/**
 * Which of the processes of a broker's name is its master is an administrator's to say where nobody elects: brokerId, brokerRole and haMasterAddress in
 * the file by which a process is started (RMQ-070). Nobody compares what two processes were told: two masters are told of each other by nobody, and
 * NameServers keep the one that has registered last (RMQ-009).
 *
 * Left out is what a new master would have to know that is not in its log, or that the model does not copy: delayed messages and transactions, what
 * pops, files that are deleted. In a plan that has one of these nobody is promoted. Simplified: a slave copies whom it was told to copy; one that
 * was told nobody would ask its NameServers.
 */
import { isPop } from '../../plan/groups.ts'
import type { Step } from '../../plan/script.ts'
import type { NodeId, Setting } from '../../sim/system.ts'
import type { RocketmqConfig } from './config.ts'
import { homeOfName, namesakes } from './nodes.ts'
import { DEFAULTS } from './parameters.ts'
import { returningGroups } from './returning.ts'

const isOfTheLogAlone = (step: Step): boolean =>
  step.do === 'batch' || step.do === 'createTopic' || (step.do === 'send' && step.delay === null)

function isPromotable({ cluster, config }: Setting<RocketmqConfig>): boolean {
  const { enableControllerMode, enableSlaveActingMaster, commitLog, parameters } = config
  return !(
    enableControllerMode ||
    enableSlaveActingMaster ||
    commitLog === 'dledger' ||
    parameters.segmentBytes < DEFAULTS.segmentBytes ||
    cluster.groups.some(isPop)
  )
}

/** All processes of one name, the one that stands for it first; null: they are what the cluster says for good. */
export function processesOf(id: NodeId, setting: Setting<RocketmqConfig>): readonly NodeId[] | null {
  const { cluster, nodes, script, idOf } = setting
  const home = homeOfName(cluster, nodes[id]?.name ?? '')
  if (!cluster.brokers.includes(home) || !isPromotable(setting)) return null
  if (returningGroups(setting).length > 0 || script.threads.some(({ steps }) => !steps.every(isOfTheLogAlone))) return null
  return namesakes(cluster, home).map(idOf)
}
