/** What RocketMQ does not promise of how queues are dealt out: members never agree on anything, and two strategies look at nothing. */
import type { Excused, ExcuseRow } from './excuse.ts'

const PARTITION: Excused = { 'RBL-1': ['overlap', 'uncovered'] }

export const ALLOCATION: readonly ExcuseRow[] = [
  {
    id: 'told-queues',
    excuses: PARTITION,
    after: [],
    quirks: ['CONFIG'],
    with: { strategy: 'CONFIG' },
    reason: 'CONFIG gives each member what it was told, and nobody looks whether all queues were told to somebody (RMQ-102)',
  },
  {
    id: 'other-rooms',
    excuses: PARTITION,
    after: [],
    quirks: ['MACHINE_ROOM'],
    with: { strategy: 'MACHINE_ROOM' },
    reason: 'MACHINE_ROOM deals out the queues of the configured rooms only: those of other brokers belong to nobody (RMQ-102)',
  },
  {
    id: 'mixed-strategies',
    excuses: PARTITION,
    after: [],
    quirks: ['several strategies'],
    with: { mixed: true },
    reason: 'members compute their shares alone: two strategies in one group deal out some queues twice and others not at all (RMQ-101)',
  },
  {
    id: 'no-partition',
    excuses: { 'RBL-2': ['unowned', 'owned twice'], 'ALO-5': ['delivered twice'] },
    after: [],
    quirks: ['CONFIG', 'MACHINE_ROOM', 'several strategies', 'several subscriptions'],
    with: { dealtOut: false },
    reason:
      'members that go by other strategies, or subscribe other topics, do not deal out each queue once: no rebalance gives each one owner ' +
      '(RMQ-101, RMQ-102, RMQ-105)',
  },
  {
    id: 'handed-over',
    excuses: { 'ALO-5': ['delivered twice'] },
    after: [],
    quirks: ['several who pull'],
    with: { handedOver: true },
    reason:
      'members that ask for their messages begin at once: one that hears of another later gives a queue up whose progress is still on its way to the ' +
      'broker, and the other is given again what that progress is about (RMQ-103, RMQ-104)',
  },
]
