/** What a plan asks of a live target that it can't do. Nothing is left out silently: such a plan is refused, with the field. */
import { timeAsked } from '../../plan/delay-levels.ts'
import type { Fault } from '../../plan/faults.ts'
import { isOrderly, isPop } from '../../plan/groups.ts'
import { isChurn, isSteering, type Item, type Plan } from '../../plan/plan.ts'
import type { Target } from '../target.ts'

/** Faults of clients are the runner's own. */
export const CLIENT_FAULTS = ['processKill', 'gracefulRestart', 'pause'] as const satisfies readonly Fault['kind'][]

const list = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '))
const isClientFault = (kind: Fault['kind']): boolean => CLIENT_FAULTS.some((one) => one === kind)

/** Which queue a key goes to is for the application to choose: the target need not know of it. */
const isByKey = (item: Item): boolean => 'select' in item && item.select === 'key'

function itemMisfit(item: Item, { cluster, workload }: Plan, { hello: { capabilities } }: Target): string | null {
  if (isChurn(item)) {
    const known = cluster.groups.some(({ consumers }) => consumers.includes(item.client))
    return known ? null : `client: no consumer "${item.client}": add it to a group`
  }
  if (isSteering(item)) return 'do: consumers of a live target are pushed to: leave it out'
  if (!cluster.producers.includes(item.client)) return `client: no producer "${item.client}": add it to cluster.producers`
  const topic = cluster.topics.find(({ name }) => name === item.topic)
  const created = workload.some((one) => one.do === 'createTopic' && one.topic === item.topic)
  if (topic === undefined && !created) return `topic: no topic "${item.topic}": add it to cluster.topics or create it in the workload`
  if (item.do === 'createTopic') return null
  if (item.do === 'resize') return 'do: a live target keeps the numbers of queues that it began with'
  if (item.do === 'wipeWritePerm') return 'do: brokers of a live target keep their permissions: leave it out'
  if (item.do === 'resetOffset') return 'do: progress of groups on a live target is not reset: leave it out'
  if (item.do === 'query') return 'do: a live target is not asked for messages by their keys: leave it out'
  if (item.do === 'recall') return 'do: messages of a live target are not recalled: leave it out'
  if (item.do === 'consumeStats') return 'do: a live target is not asked how far a group is behind: leave it out'
  if (item.do === 'batch') return 'do: live targets are sent one message at a time: write sends'
  if ((item.do === 'send' || item.do === 'transaction' || item.do === 'load') && item.key !== undefined && !isByKey(item))
    return 'key: messages to a live target carry none: leave it out, or have the queue chosen by it, by select: "key"'
  if (item.properties !== undefined && capabilities.selectors !== true)
    return 'properties: messages to this target carry none: leave them out'
  if (item.tag !== undefined && capabilities.tags !== true) return 'tag: messages to this target carry none: leave it out'
  if (item.do === 'transaction') {
    if (capabilities.transactions === 'none') return 'do: the target has no transactions'
    const unheard = item.outcome === 'unknown' && capabilities.transactions === 'plain'
    if (unheard) return 'outcome: the target never asks what became of a transaction: commit or roll back'
  }
  if (item.bytes > capabilities.bytesMax) return `bytes: the target takes ${capabilities.bytesMax} at most`
  if (item.do !== 'send') return null
  if (item.delay !== undefined) {
    const isTimed = timeAsked(item.delay) !== null
    if (isTimed && capabilities.timers !== true) return 'delay: the target delays no messages for any time: leave it out, or write a level'
    if (!isTimed && capabilities.delayLevels === undefined) return 'delay: the target delays no messages by levels: leave it out'
  }
  if (!capabilities.modes.includes(item.mode)) return `mode: the target can't send ${item.mode}: it has ${list(capabilities.modes)}`
  if (item.queue !== undefined && topic !== undefined && item.queue >= topic.queues)
    return `queue: topic "${item.topic}" has ${topic.queues} queues`
  return null
}

function faultMisfit(fault: Fault, clients: readonly string[], { hello, faults }: Target): string | null {
  const { brokers } = hello
  if ('point' in fault && fault.point !== undefined) return 'point: nobody sees the effects of a live process: leave it out'
  if (fault.kind === 'cut' && fault.with !== undefined) return 'with: a live target cuts one link at a time: write a cut for each'
  if ('peer' in fault) {
    const ends = [fault.on, fault.peer].filter((name) => name !== '*')
    const unknown = ends.find((name) => !brokers.includes(name) && !clients.includes(name))
    if (unknown !== undefined) return `no broker and no client is called "${unknown}": the brokers are ${list(brokers)}`
  } else if (clients.includes(fault.on)) {
    return isClientFault(fault.kind) ? null : `kind: a client of a live target can't have ${fault.kind}: it has ${list(CLIENT_FAULTS)}`
  } else if (!brokers.includes(fault.on)) {
    return `on: no broker and no client is called "${fault.on}": the brokers are ${list(brokers)}`
  }
  if (faults.kinds.has(fault.kind)) return null
  return `kind: the target can't do ${fault.kind}${faults.unavailable.has(fault.kind) ? `: ${faults.unavailable.get(fault.kind)}` : ''}`
}

/** The first thing that the target can't do, with its place in the plan, or null. */
export function misfit(plan: Plan, target: Target): string | null {
  const { hello } = target
  const { topics, groups, producers } = plan.cluster
  if (plan.system !== hello.system) return `system: the target is ${hello.system}, not ${plan.system}`
  if (!hello.capabilities.modes.includes('sync')) return `the target can't send sync, which sentinels need`
  for (const [k, { queues }] of topics.entries()) {
    if (queues > hello.capabilities.queuesMax) return `cluster.topics[${k}].queues: the target has ${hello.capabilities.queuesMax} at most`
  }
  for (const [k, group] of groups.entries()) {
    const unknown = group.topics.find((topic) => topics.every(({ name }) => name !== topic))
    if (unknown !== undefined) return `cluster.groups[${k}].topics: no topic "${unknown}": add it to cluster.topics`
    if (group.forward !== undefined) return `cluster.groups[${k}].forward: listeners of a live target send nothing on: leave it out`
    if (group.receiver !== undefined) return `cluster.groups[${k}].receiver: listeners of a live target have no effects: leave it out`
    if (isOrderly(group) && hello.capabilities.orderly !== true)
      return `cluster.groups[${k}].listener: the listeners of this target run concurrently: leave it out`
    if (isPop(group) && hello.capabilities.pop !== true)
      return `cluster.groups[${k}].consumption: this target's consumers take messages in their client's own way: leave it out`
    if (group.consumption === 'pull') return `cluster.groups[${k}].consumption: consumers of a live target listen: leave it out`
    if (group.selector !== undefined && (hello.capabilities.selectors !== true || isPop(group)))
      return `cluster.groups[${k}].selector: such a group of this target does not choose by properties: leave it out`
    if (group.tags !== undefined && (hello.capabilities.tags !== true || isPop(group)))
      return `cluster.groups[${k}].tags: such a group of this target takes every message: leave it out`
    if (group.maxReconsumeTimes !== undefined)
      return `cluster.groups[${k}].maxReconsumeTimes: how often a message comes again is configured for all groups of a live target: leave it out`
    if (group.startAt !== undefined) return `cluster.groups[${k}].startAt: groups of a live target begin at the beginning: leave it out`
  }
  for (const [k, item] of plan.workload.entries()) {
    const complaint = itemMisfit(item, plan, target)
    if (complaint !== null) return `workload[${k}].${complaint}`
  }
  const clients = [...producers, ...groups.flatMap((group) => group.consumers)]
  for (const [k, fault] of plan.faults.entries()) {
    const complaint = faultMisfit(fault, clients, target)
    if (complaint !== null) return `faults[${k}].${complaint}`
  }
  return null
}
