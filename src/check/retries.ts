/** What the guarantees about retries have in common: which groups send back what they fail on. */
import { isPop, sendsBack } from '../plan/groups.ts'
import type { Header } from '../history/event.ts'

/** Why such a history is not looked at, or null. */
export const nothingSentBack = ({ retries }: Header): string | null =>
  retries === undefined ? 'no group sends back what it fails on, or the history does not say after which delays it comes again' : null

/** The same of what comes again in whatever way. */
export const nothingComesAgain = (header: Header): string | null => (header.groups.some(isPop) ? null : nothingSentBack(header))

/** group → how often a message comes again to it. */
export const sendingBack = ({ groups, retries }: Header): ReadonlyMap<string, number> =>
  new Map(groups.filter(sendsBack).map(({ name, maxReconsumeTimes }) => [name, maxReconsumeTimes ?? retries?.max ?? 0]))
