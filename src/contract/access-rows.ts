/** What RocketMQ does not promise of access control. */
import type { ExcuseRow } from './excuse.ts'

export const ACCESS: readonly ExcuseRow[] = [
  {
    id: 'open-to-all',
    excuses: { 'ACL-1': ['accepted', 'stored', 'leaked', 'obeyed'] },
    after: [],
    openToAll: true,
    deed: true,
    reason: 'as shipped brokers ask nobody who he is: authenticationEnabled and authorizationEnabled are off (RMQ-143)',
  },
]
