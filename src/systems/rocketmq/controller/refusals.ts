/**
 * Which plans with controllers the model does not have. Left out is what a new master would have to know that is not in its log, or that the model
 * does not copy: delayed messages and transactions, what pops, what an operator changes, files that are deleted.
 */
import { isPop, sendsBack } from '../../../plan/groups.ts'
import { isChurn, type Item, type Plan } from '../../../plan/plan.ts'
import type { RocketmqConfig } from '../config.ts'
import { DEFAULTS } from '../parameters.ts'

function refusesItem(item: Item, retries: boolean): string | null {
  if (isChurn(item)) return null
  if (item.do !== 'send' && item.do !== 'batch' && item.do !== 'load')
    return `do: the model has no ${item.do} where controllers elect masters: leave it out`
  if (item.do === 'send' && item.delay !== undefined) return 'delay: the model delays nothing where controllers elect masters: leave it out'
  return retries && (item.fails ?? 0) > 0
    ? 'fails: what is sent back is delayed, which the model has no master for: set retry "local"'
    : null
}

export function refusesControllers(
  { cluster, workload }: Plan,
  { enableControllerMode, parameters, retry }: RocketmqConfig,
): string | null {
  const { controllers, groups } = cluster
  if (!enableControllerMode) return null
  if (controllers === undefined) return 'cluster.controllers: enableControllerMode needs one: name it, such as "k1"'
  const popping = groups.findIndex(isPop)
  if (popping >= 0) return `cluster.groups[${popping}].consumption: the model has no controllers where a group pops: leave them out`
  if (parameters.segmentBytes < DEFAULTS.segmentBytes)
    return 'cluster.config.parameters.segmentBytes: the model keeps one file where controllers elect masters: leave it out'
  const retries = retry === 'send-back' && groups.some(sendsBack)
  for (const [i, item] of workload.entries()) {
    const refused = refusesItem(item, retries)
    if (refused !== null) return `workload[${i}].${refused}`
  }
  return null
}
