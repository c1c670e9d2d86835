/** What RocketMQ does not promise of applications that share a group's name. */
import type { ExcuseRow } from './excuse.ts'

export const NAMESAKES: readonly ExcuseRow[] = [
  {
    id: 'shared-name',
    excuses: { 'GRP-1': ['taken away', 'missed'] },
    after: [],
    quirks: ['several subscriptions'],
    with: { shared: true },
    reason:
      'applications that use one group name are one group: they share its queues and its progress, and the broker knows the last ' +
      "heartbeat's subscription alone (RMQ-105)",
  },
]
