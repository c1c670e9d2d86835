/** Which messages groups want, for judges: what a group does not subscribe is no duty, and passing it by is no skip (RMQ-135, RMQ-136). */
import type { Header } from '../history/event.ts'
import { subscriptionOf, wantsOf, type Wants } from '../plan/subscription.ts'
import type { Ledger } from './ledger.ts'

/** A broker did not take the selector of this group. */
export const isRefused = ({ refused }: Ledger, group: string, selector: string | undefined): boolean =>
  selector !== undefined && refused.has(`${group} ${selector}`)

/** Tells whether a group wants a message; of applications that share its name, one that does is enough. */
export type Wanting = (group: string, message: number) => boolean

interface Application {
  readonly topics: readonly string[]
  readonly wants: Wants | null
  readonly selector: string | undefined
}

/** The groups that do not want every message. */
export const filtering = ({ groups }: Header): ReadonlySet<string> =>
  new Set(groups.flatMap((group) => (wantsOf(group) === null ? [] : [group.name])))

/** Groups whose name is used by applications that want other messages: who is given what, then, is nobody's promise (RMQ-105). */
export const disagreeing = ({ groups }: Header): ReadonlySet<string> =>
  new Set(
    groups.flatMap((group) =>
      groups.some((other) => other.name === group.name && subscriptionOf(other) !== subscriptionOf(group)) ? [group.name] : [],
    ),
  )

/** What contracts decide by, where such a group is concerned. */
export const filterFacts = (disagree: ReadonlySet<string>, group: string): { readonly filters?: 'several' } =>
  disagree.has(group) ? { filters: 'several' } : {}

export function wanting(header: Header, ledger: Ledger): Wanting {
  if (filtering(header).size === 0) return () => true
  const byName = new Map<string, Application[]>()
  for (const group of header.groups) {
    const others = byName.get(group.name) ?? []
    byName.set(group.name, [...others, { topics: group.topics, wants: wantsOf(group), selector: group.selector }])
  }
  return (group, message) => {
    const sent = ledger.sends.get(message)
    const applications = byName.get(group)
    if (sent === undefined || applications === undefined) return true
    return applications.some(
      (one) => one.topics.includes(sent.topic) && (one.wants === null || one.wants(sent.labels)) && !isRefused(ledger, group, one.selector),
    )
  }
}
