/** Groups whose listeners are run in order: what is promised of those alone. */
import type { Header } from '../history/event.ts'
import { isOrderly } from '../plan/groups.ts'

export const orderlyGroups = (header: Header): ReadonlySet<string> => new Set(header.groups.filter(isOrderly).map(({ name }) => name))

export const withoutOrderly = (header: Header): string | null => (orderlyGroups(header).size === 0 ? 'no group listens in order' : null)
