/** What of plans the model does not have where the commit log is a DLedger group's: there it knows of plain messages alone. */
import { sendsBack } from '../../../plan/groups.ts'
import type { Plan } from '../../../plan/plan.ts'
import type { RocketmqConfig } from '../config.ts'
import { DEFAULTS } from '../parameters.ts'

const ITEMS = ['send', 'load', 'start', 'stop']

export function refusesLedger({ cluster, workload }: Plan, { commitLog, retry, parameters }: RocketmqConfig): string | null {
  if (commitLog !== 'dledger') return null
  if (retry === 'send-back' && cluster.groups.some(sendsBack))
    return 'cluster.config.retry: the model has no send-back in a DLedger group: say "local"'
  if (parameters.segmentBytes < DEFAULTS.segmentBytes)
    return 'cluster.config.parameters.segmentBytes: the log of a DLedger group lies in one file here: leave it out'
  const popping = cluster.groups.findIndex(({ consumption }) => consumption === 'pop')
  if (popping >= 0) return `cluster.groups[${popping}].consumption: nobody pops from a DLedger group here: leave it out`
  const strange = workload.findIndex((item) => !ITEMS.includes(item.do) || (item.do === 'send' && item.delay !== undefined))
  if (strange < 0) return null
  const what = workload[strange]?.do === 'send' ? 'delayed message' : (workload[strange]?.do ?? '')
  return `workload[${strange}]: a DLedger group takes plain messages alone here, and no ${what}: leave it out`
}
