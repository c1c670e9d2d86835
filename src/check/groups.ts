/** Which groups share their messages among their consumers. An instance of a broadcasting group works for itself: only BRC-1 speaks of those. */
import type { Header } from '../history/event.ts'
import { isBroadcasting, isPop } from '../plan/groups.ts'

export type Group = Header['groups'][number]

const union = (some: readonly string[], more: readonly string[]): string[] => [...new Set([...some, ...more])]

/** Each group once: applications that share its name are one group, which subscribes to all that any of them does. */
export function clustering({ groups }: Header): Group[] {
  const byName = new Map<string, Group>()
  for (const group of groups) {
    if (isBroadcasting(group)) continue
    const known = byName.get(group.name)
    const made = { ...group, topics: union(known?.topics ?? [], group.topics), consumers: union(known?.consumers ?? [], group.consumers) }
    byName.set(group.name, known === undefined ? group : made)
  }
  return [...byName.values()]
}

/** Tells by its name whether a group shares its messages. */
export function sharing({ groups }: Header): (group: string) => boolean {
  const others = new Set(groups.filter(isBroadcasting).map(({ name }) => name))
  return others.size === 0 ? () => true : (group) => !others.has(group)
}

/** Groups in which queues are assigned by hand, to all or some: who was told a queue that is another's as well is given what lies there, too. */
export const toldQueues = ({ groups }: Header): ReadonlySet<string> =>
  new Set(groups.flatMap(({ name, assign }) => (assign === undefined ? [] : [name])))

/** The groups whose consumers pop. */
export const popping = ({ groups }: Header): ReadonlySet<string> => new Set(groups.filter(isPop).map(({ name }) => name))
