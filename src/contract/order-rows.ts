/** What RocketMQ does not promise of the order of a key's messages, row by row. */
import type { ExcuseRow } from './excuse.ts'

export const ORDER: readonly ExcuseRow[] = [
  {
    id: 'key-moves',
    excuses: { 'ORD-4': ['inverted'] },
    after: [],
    normalOrder: true,
    with: { moved: true, listChanged: true, resized: false },
    reason:
      'in normal order a selector goes by the brokers that are registered: when one comes, goes or comes back, keys move to other queues, and ' +
      'what lies in the old ones may be processed later (RMQ-088, RMQ-144)',
  },
  {
    id: 'operator-moves-keys',
    excuses: { 'ORD-4': ['inverted'] },
    after: [],
    with: { moved: true, listChanged: true, resized: true },
    deed: true,
    reason:
      'an operator has given the topic another number of queues, and keys move to other queues: how that is done in order is what ORD-5 speaks of ' +
      '(RMQ-088)',
  },
  {
    id: 'grown-out-of-order',
    excuses: { 'ORD-5': ['inverted'] },
    after: [],
    with: { inOrder: false },
    without: { growth: 'not heard' },
    deed: true,
    reason:
      'an operator who gives a topic no multiple of its queues, opens new ones at once, or waits neither for producers nor for groups lets a key be ' +
      'read from two queues at a time (RMQ-015, RMQ-088)',
  },
  {
    id: 'producer-not-reached',
    excuses: { 'ORD-5': ['inverted'] },
    after: [
      [
        'cut',
        'netLoss',
        'netDelay',
        'netReorder',
        'netDuplicate',
        'processKill',
        'gracefulRestart',
        'powerLoss',
        'diskLoss',
        'pause',
        'clockDrift',
      ],
    ],
    anywhere: true,
    with: { growth: 'not heard' },
    reason: 'a producer who is kept from asking for routes goes by the old list for longer than the operator waits (RMQ-012)',
  },
]
