/** What RocketMQ does not promise of topics whose numbers of queues change: an operator can leave messages behind, and is not kept from it. */
import type { ExcuseRow } from './excuse.ts'

export const RESIZES: readonly ExcuseRow[] = [
  {
    id: 'closed-out-of-order',
    excuses: { 'SCL-1': ['unreachable'] },
    after: [],
    with: { inOrder: false },
    deed: true,
    reason:
      'a queue whose readers are stopped before its writers, without a wait, or before every group has come to its end keeps what it holds, ' +
      'and nobody is given it (RMQ-016, RMQ-017)',
  },
  {
    id: 'lost-and-not-read',
    excuses: { 'SCL-1': ['unreachable', 'unread'] },
    after: [['powerLoss', 'diskLoss', 'bitCorruption']],
    reason: 'what a log has lost can not be read, whatever number of queues is read: that is what DUR-1 and ALO-1 speak of',
  },
]
