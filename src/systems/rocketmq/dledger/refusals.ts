/** What of plans the model does not have where the commit log is a DLedger group's: timers and batches, what pops, what an operator changes. */
import { timeAsked } from '../../../plan/delay-levels.ts'
import type { Plan } from '../../../plan/plan.ts'
import type { RocketmqConfig } from '../config.ts'
import { DEFAULTS } from '../parameters.ts'

const ITEMS = ['send', 'load', 'transaction', 'start', 'stop']

export function refusesLedger({ cluster, workload }: Plan, { commitLog, parameters }: RocketmqConfig): string | null {
  if (commitLog !== 'dledger') return null
  if (parameters.segmentBytes < DEFAULTS.segmentBytes)
    return 'cluster.config.parameters.segmentBytes: the log of a DLedger group lies in one file here: leave it out'
  const popping = cluster.groups.findIndex(({ consumption }) => consumption === 'pop')
  if (popping >= 0) return `cluster.groups[${popping}].consumption: nobody pops from a DLedger group here: leave it out`
  const strange = workload.findIndex((item) => !ITEMS.includes(item.do) || (item.do === 'send' && timeAsked(item.delay) !== null))
  if (strange < 0) return null
  const what = workload[strange]?.do === 'send' ? 'message on the timer wheel' : (workload[strange]?.do ?? '')
  return `workload[${strange}]: a DLedger group takes messages, delay levels and transactions here, and no ${what}: leave it out`
}
