/**
 * Who may do what, as RocketMQ's second access control decides it (RMQ-143): an account proves who it is, and its policies say what it may do. Of the
 * policies that match, the most specific one wins; where none matches, the answer is no.
 *
 * Left out: changes while a run lasts, and with them the caches in which old permissions live for ten minutes; namespaces; and default policies behind an
 * account's own. An account is that of a producer, or of a group and all its members; whoever has none is an operator's, who may do everything.
 */
import { z } from 'zod'

/** A prefix ends with "*"; "*" alone is any topic, or any group; and `any` is any resource at all. */
const resource = z
  .string()
  .regex(/^(any|(topic|group):([A-Za-z0-9_.-]+\*?|\*))$/, 'a resource such as topic:T, topic:order*, group:* or any')
export const ACTIONS = ['Pub', 'Sub', 'Create', 'Update', 'Get'] as const
export type Action = (typeof ACTIONS)[number]

export const Policy = z.strictObject({
  resource,
  actions: z.array(z.enum([...ACTIONS, 'All'])).min(1),
  decision: z.enum(['ALLOW', 'DENY']),
  /** Only for who comes from one of these addresses. */
  from: z.array(z.string()).min(1).optional(),
})
export type AccessPolicy = z.infer<typeof Policy>

export const Account = z.strictObject({
  of: z.string(),
  /** What becomes of its signature: right; made with another secret; of a user that the broker does not know, or one that is disabled. */
  signature: z.enum(['right', 'wrong', 'unknown', 'disabled']).default('right'),
  /** Where it comes from. */
  address: z.string().default('10.0.0.1'),
  policies: z.array(Policy),
})
export type Account = z.infer<typeof Account>

export interface Wish {
  readonly kind: 'topic' | 'group'
  readonly name: string
  readonly action: Action
}

/** How specific a policy is about what is asked for; -1: it says nothing about that. Literal before the longest prefix, before any of its kind, before any. */
export function specificity(resourceName: string, { kind, name }: Wish): number {
  if (resourceName === 'any') return 0
  if (!resourceName.startsWith(`${kind}:`)) return -1
  const wanted = resourceName.slice(kind.length + 1)
  if (!wanted.endsWith('*')) return wanted === name ? Number.MAX_SAFE_INTEGER : -1
  const prefix = wanted.slice(0, -1)
  return name.startsWith(prefix) ? 1 + prefix.length : -1
}

const applies = (policy: AccessPolicy, wish: Wish, address: string): boolean =>
  specificity(policy.resource, wish) >= 0 &&
  (policy.actions.includes('All') || policy.actions.includes(wish.action)) &&
  (policy.from === undefined || policy.from.includes(address))

/** RMQ-143: of two that are equally specific, the code as written prefers ALLOW, although its comment says DENY. */
export function permits(policies: readonly AccessPolicy[], wish: Wish, address: string): boolean {
  let best = -1
  let allowed = false
  for (const policy of policies) {
    if (!applies(policy, wish, address)) continue
    const how = specificity(policy.resource, wish)
    if (how < best) continue
    allowed = policy.decision === 'ALLOW' || (how === best && allowed)
    best = how
  }
  return allowed
}

/** Why who has this account may not do all that he wishes, or null. */
export function deniedTo({ signature, address, policies }: Account, wishes: readonly Wish[]): string | null {
  if (signature !== 'right') return `its signature is ${signature}`
  const denied = wishes.find((wish) => !permits(policies, wish, address))
  return denied === undefined ? null : `no ${denied.action} of ${denied.kind} ${denied.name}`
}

/** The account of a producer, or of a group; undefined: an operator's. */
export const accountOf = (accounts: readonly Account[], name: string): Account | undefined => accounts.find(({ of }) => of === name)

/** What a group has to be allowed before its members are given anything. */
export const wishesOfGroup = ({ name, topics }: { readonly name: string; readonly topics: readonly string[] }): Wish[] => [
  { kind: 'group', name, action: 'Sub' },
  ...topics.map((topic): Wish => ({ kind: 'topic', name: topic, action: 'Sub' })),
]

export function mayRead(accounts: readonly Account[], group: { readonly name: string; readonly topics: readonly string[] }): boolean {
  const account = accountOf(accounts, group.name)
  return account === undefined || deniedTo(account, wishesOfGroup(group)) === null
}
