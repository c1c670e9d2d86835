/** Draws accounts: for some of the producers and groups, mostly with a policy for their topics, sometimes with another one that says the opposite. */
import type { Account } from '../plan/access.ts'
import type { Cluster } from '../plan/plan.ts'
import type { Draw, Weighted } from './draw.ts'
import type { Config } from './shapes.ts'

const SIGNATURES: Weighted<Account['signature']> = [
  [76, 'right'],
  [10, 'wrong'],
  [7, 'unknown'],
  [7, 'disabled'],
]
const ADDRESSES = ['10.0.0.1', '192.168.1.1'] as const

const RESOURCES: Weighted<string> = [
  [35, 'topic:T'],
  [15, 'topic:T*'],
  [15, 'topic:U'],
  [20, 'topic:*'],
  [30, 'any'],
]

function drawPolicy(draw: Draw, resource: string): Config {
  return {
    resource,
    actions: draw.chance(500) ? ['All'] : draw.chance(600) ? ['Pub', 'Sub'] : ['Get', 'Create'],
    decision: draw.chance(600) ? 'ALLOW' : 'DENY',
    ...(draw.chance(450) ? { from: [draw.pick(ADDRESSES)] } : {}),
  }
}

function drawAccount(draw: Draw, of: string, isGroup: boolean): Config {
  const own: Config[] = isGroup && draw.chance(850) ? [{ resource: `group:${of}`, actions: ['Sub'], decision: 'ALLOW' }] : []
  const policies = Array.from({ length: draw.int([2, 4]) }, () => drawPolicy(draw, draw.weighted(RESOURCES)))
  return { of, signature: draw.weighted(SIGNATURES), address: draw.pick(ADDRESSES), policies: [...own, ...policies] }
}

/** Names are each used once: two applications with the name of one group have one account. */
export function withAccounts(draw: Draw, permille: number, cluster: Cluster): Cluster {
  const groups = new Set(cluster.groups.map(({ name }) => name))
  const named = [...new Set([...cluster.producers, ...groups])].filter(() => draw.chance(permille))
  const accounts = named.map((of) => drawAccount(draw, of, groups.has(of)))
  return { ...cluster, config: { ...cluster.config, accounts } }
}
