/** Routes are taken for void when the NameServer that gave them is gone: an outage of NameServers is one of the cluster then. */
import { mutant } from './mutant.ts'

export const forgetsRoutes = mutant({
  id: 'forgets-routes',
  title: 'forgets its routes when a call to its NameServer fails',
  breaks: 'RTE-3',
  bug: 'demanded violation of RTE-3; compare RMQ-012',
  rules: { keepsRoutes: () => false },
  preset: 'cluster',
})
