/**
 * What RocketMQ does not promise of topics whose numbers of queues change, and of messages that an application sends on: operators and applications
 * can leave messages behind, and are not kept from it.
 */
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
  {
    id: 'done-before-the-copy',
    excuses: { 'SCL-2': ['lost in transfer'] },
    after: [],
    with: { when: 'before' },
    deed: true,
    reason:
      'a forwarder that is done with a message before its copy is acknowledged loses what is on its way when it dies or is refused (C-296)',
  },
  {
    id: 'consume-and-discard',
    excuses: { 'SCL-2': ['lost in transfer'] },
    after: [],
    with: { when: 'never' },
    deed: true,
    reason: 'what is consumed and discarded is lost on purpose: it has to be found again by other means (C-298)',
  },
  {
    id: 'lost-before-or-after-the-transfer',
    excuses: { 'SCL-2': ['lost in transfer'] },
    after: [['powerLoss', 'diskLoss', 'bitCorruption']],
    reason: 'a log may lose the message or its copy: that is what DUR-1 and ALO-1 speak of',
  },
]
