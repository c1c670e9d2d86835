/**
 * Which plans with controllers the model does not have. Left out is what a new master would have to know that is not in its log, or that the model
 * does not copy: timers, what pops, what an operator changes, files that are deleted.
 */
import { isPop } from '../../../plan/groups.ts'
import { timeAsked } from '../../../plan/delay-levels.ts'
import { isChurn, type Item, type Plan } from '../../../plan/plan.ts'
import type { RocketmqConfig } from '../config.ts'
import { DEFAULTS } from '../parameters.ts'

/** What masters do with these goes on across elections. */
const TAKEN: readonly Item['do'][] = ['send', 'batch', 'load', 'transaction']

function refusesItem(item: Item): string | null {
  if (isChurn(item)) return null
  if (!TAKEN.includes(item.do)) return `do: the model has no ${item.do} where controllers elect masters: leave it out`
  return item.do === 'send' && timeAsked(item.delay) !== null
    ? 'delay: the model has no timer wheel where controllers elect masters: name a level'
    : null
}

export function refusesControllers({ cluster, workload }: Plan, { enableControllerMode, parameters }: RocketmqConfig): string | null {
  const { controllers, groups } = cluster
  if (!enableControllerMode) return null
  if (controllers === undefined) return 'cluster.controllers: enableControllerMode needs one: name it, such as "k1"'
  const popping = groups.findIndex(isPop)
  if (popping >= 0) return `cluster.groups[${popping}].consumption: the model has no controllers where a group pops: leave them out`
  if (parameters.segmentBytes < DEFAULTS.segmentBytes)
    return 'cluster.config.parameters.segmentBytes: the model keeps one file where controllers elect masters: leave it out'
  for (const [i, item] of workload.entries()) {
    const refused = refusesItem(item)
    if (refused !== null) return `workload[${i}].${refused}`
  }
  return null
}
