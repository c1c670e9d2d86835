/** What RocketMQ does not promise of the order of a key's messages, row by row. */
import type { ExcuseRow } from './excuse.ts'

export const ORDER: readonly ExcuseRow[] = [
  {
    id: 'key-moves',
    excuses: { 'ORD-4': ['inverted'] },
    after: [],
    normalOrder: true,
    with: { moved: true, listChanged: true },
    reason:
      'in normal order a selector goes by the brokers that are registered: when one comes, goes or comes back, keys move to other queues, and ' +
      'what lies in the old ones may be processed later (RMQ-088, RMQ-144)',
  },
]
