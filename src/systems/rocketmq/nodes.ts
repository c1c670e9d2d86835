/** Which processes a cluster has. */
import type { Cluster } from '../../plan/plan.ts'
import { AUDITOR, databaseOf, SENTINEL } from '../../plan/script.ts'
import type { NodeSpec } from '../../sim/system.ts'
import { hasDatabase } from './client/receivers/database.ts'

/** Applications that share a group's name share its database. */
export const databases = (cluster: Cluster): string[] => [
  ...new Set(cluster.groups.filter(hasDatabase).map(({ name }) => databaseOf(name))),
]

/** Whose name a process has. */
export const homeOfName = ({ slaves = [] }: Cluster, name: string): string => slaves.find((slave) => slave.name === name)?.of ?? name

/** The processes of a broker's name, the one that stands for it first. */
export const namesakes = ({ slaves = [] }: Cluster, home: string): string[] => [
  home,
  ...slaves.flatMap(({ name, of }) => (of === home ? [name] : [])),
]

export function nodes(cluster: Cluster): NodeSpec[] {
  const consumers = cluster.groups.flatMap((group) => group.consumers)
  const all = (names: readonly string[], role: string, client: boolean): NodeSpec[] => names.map((name) => ({ name, role, client }))
  return [
    ...all(cluster.nameservers, 'nameserver', false),
    ...all(cluster.brokers, 'broker', false),
    ...all(cluster.producers, 'producer', true),
    ...all(consumers, 'consumer', true),
    ...all([SENTINEL], 'producer', false),
    ...all([AUDITOR], 'auditor', false),
    ...all(databases(cluster), 'database', false),
    ...all(
      (cluster.slaves ?? []).map(({ name }) => name),
      'broker',
      false,
    ),
    ...all(cluster.controllers ?? [], 'controller', false),
  ]
}
