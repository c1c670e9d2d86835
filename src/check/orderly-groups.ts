/** Groups whose listeners are run in order: what is promised of those alone. */
import type { Header } from '../history/event.ts'
import { isOrderly, isPop } from '../plan/groups.ts'

export const orderlyGroups = (header: Header): ReadonlySet<string> => new Set(header.groups.filter(isOrderly).map(({ name }) => name))

export const withoutOrderly = (header: Header): string | null => (orderlyGroups(header).size === 0 ? 'no group listens in order' : null)

/** Those of them that keep their order by locks: who pops in order has none (RMQ-112). */
export const lockingGroups = (header: Header): ReadonlySet<string> =>
  new Set(header.groups.filter((group) => isOrderly(group) && !isPop(group)).map(({ name }) => name))

export const withoutLocks = (header: Header): string | null => (lockingGroups(header).size === 0 ? 'no group locks its queues' : null)
