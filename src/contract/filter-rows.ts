/** What RocketMQ does not promise of filters, row by row. Messages that a loss hides from a group are excused like others. */
import type { ExcuseRow } from './excuse.ts'

export const FILTERS: readonly ExcuseRow[] = [
  {
    id: 'shared-name-filters',
    excuses: {
      'FLT-1': ['missed'],
      'FLT-2': ['missed'],
      'ALO-1': ['not delivered'],
      'TXN-2': ['committed but not delivered'],
      'BRC-1': ['missed'],
      'GRP-1': ['taken away', 'missed'],
    },
    after: [],
    quirks: ['several filters'],
    with: { filters: 'several' },
    reason:
      'applications that use one group name share its queues and its progress, and the broker filters for all of them by the subscription that came ' +
      'last: what another wants is passed by (RMQ-105)',
  },
  {
    id: 'selectors-switched-off',
    excuses: { 'FLT-2': ['refused'] },
    after: [],
    tagsOnly: true,
    deed: true,
    reason: 'as shipped brokers filter by tags alone, and refuse every selector: enablePropertyFilter is off (RMQ-137)',
  },
]
