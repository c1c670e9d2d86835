/** What the guarantees about retries have in common: which groups send back what they fail on. */
import { sendsBack } from '../plan/groups.ts'
import type { Header } from '../history/event.ts'

/** Why such a history is not looked at, or null. */
export const nothingSentBack = ({ retries }: Header): string | null =>
  retries === undefined ? 'no group sends back what it fails on, or the history does not say after which delays it comes again' : null

export const sendingBack = ({ groups }: Header): ReadonlySet<string> => new Set(groups.filter(sendsBack).map(({ name }) => name))
