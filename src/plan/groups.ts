/** How the consumers of a group share its work, as its plan and its history say: one reading of what they leave out. */
import type { Group, Strategy } from './plan.ts'
import { subscriptionOf } from './subscription.ts'

type Consuming = Pick<Group, 'mode' | 'listener' | 'consumption' | 'maxReconsumeTimes'>

export const isBroadcasting = ({ mode }: Consuming): boolean => mode === 'broadcasting'
/** An instance of a broadcasting group keeps no order: it has no lock of a queue to keep it by. */
export const isOrderly = (group: Consuming): boolean =>
  group.listener === 'orderly' && !isBroadcasting(group) && group.consumption !== 'pull'
/** An application that asks for its messages has one thread, and no listener. */
export const isPulling = (group: Consuming): boolean => group.consumption === 'pull' && !isBroadcasting(group)
/** Its consumers own no queue: they take what there is, and acknowledge message by message. */
export const isPop = ({ consumption }: Consuming): boolean => consumption === 'pop'

/**
 * What its listeners fail on goes back to the broker, where that is configured: of concurrent listeners that are pushed to at once, of orderly ones
 * after so many attempts, if there is an end to them.
 */
export const sendsBack = (group: Consuming): boolean =>
  !isBroadcasting(group) && (group.consumption ?? 'push') === 'push' && (!isOrderly(group) || group.maxReconsumeTimes !== undefined)

type Told = Pick<Group, 'name' | 'assign'>
/** The queues, by their numbers, that some consumer of a group was told to read: those that are read for certain; null where its members deal all of them out. */
export function assignedTo(groups: readonly Told[], name: string): ReadonlySet<number> | null {
  const told = groups.filter((group) => group.name === name).flatMap(({ assign = [] }) => assign)
  return told.length === 0 ? null : new Set(told)
}

type Sharing = Pick<Group, 'name' | 'allocate' | 'consumption' | 'mode' | 'tags'> & {
  readonly topics: readonly string[]
  readonly consumers?: readonly string[]
}
/** Strategies that look at nothing but what they were told: whether every queue is somebody's is nobody's concern (RMQ-102). */
const TOLD: ReadonlySet<Strategy> = new Set<Strategy>(['CONFIG', 'MACHINE_ROOM'])

/** Whether members with one view of a group deal out each queue once: all go by one strategy that covers, and subscribe the same topics. */
export function dealsOut(groups: readonly Sharing[], name: string): boolean {
  const members = groups.filter((group) => group.name === name)
  const strategies = new Set(members.map(({ allocate = 'AVG' }) => allocate))
  const subscriptions = new Set(members.map(({ topics }) => topics.join()))
  return strategies.size <= 1 && subscriptions.size <= 1 && ![...strategies].some((strategy) => TOLD.has(strategy))
}

/** What is odd about how the groups of a cluster share their work: some promises are not made then. */
export const QUIRKS = [
  'CONFIG',
  'MACHINE_ROOM',
  'several strategies',
  'several subscriptions',
  'several filters',
  'several who pull',
  'pop',
] as const
export type Quirk = (typeof QUIRKS)[number]

export function quirksOf(groups: readonly Sharing[]): Set<Quirk> {
  const quirks = new Set<Quirk>()
  for (const group of groups) {
    if (isPop(group)) quirks.add('pop')
    const members = groups.flatMap(({ name, consumers = [] }) => (name === group.name ? consumers : []))
    if (isPulling(group) && members.length > 1) quirks.add('several who pull')
    if (group.allocate === 'CONFIG' || group.allocate === 'MACHINE_ROOM') quirks.add(group.allocate)
    for (const other of groups) {
      if (other === group || other.name !== group.name) continue
      if ((other.allocate ?? 'AVG') !== (group.allocate ?? 'AVG')) quirks.add('several strategies')
      if (other.topics.join() !== group.topics.join()) quirks.add('several subscriptions')
      if (subscriptionOf(other) !== subscriptionOf(group)) quirks.add('several filters')
    }
  }
  return quirks
}
