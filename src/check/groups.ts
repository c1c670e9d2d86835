/** Which groups share their messages among their consumers. An instance of a broadcasting group works for itself: only BRC-1 speaks of those. */
import type { Header } from '../history/event.ts'
import { isBroadcasting } from '../plan/groups.ts'

export type Group = Header['groups'][number]

export const clustering = ({ groups }: Header): Group[] => groups.filter((group) => !isBroadcasting(group))

/** Tells by its name whether a group shares its messages. */
export function sharing({ groups }: Header): (group: string) => boolean {
  const others = new Set(groups.filter(isBroadcasting).map(({ name }) => name))
  return others.size === 0 ? () => true : (group) => !others.has(group)
}
