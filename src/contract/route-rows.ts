/** What RocketMQ does not promise of who knows which brokers, row by row. */
import type { ExcuseRow } from './excuse.ts'

export const ROUTES: readonly ExcuseRow[] = [
  {
    id: 'nameserver-clock',
    excuses: { 'RTE-1': ['expired early', 'kept too long'], 'RTE-2': ['noticed late'] },
    after: [['clockOffset', 'clockJump', 'clockDrift', 'pause']],
    anywhere: true,
    with: { clockSet: true },
    reason: 'a NameServer measures silence by its wall clock, and can only measure it while it runs (RMQ-005)',
  },
  {
    id: 'other-intervals',
    excuses: {
      'RTE-1': ['not registered', 'expired early', 'kept too long'],
      'RTE-2': ['stale', 'noticed late'],
      'RTE-3': ['no cold start', 'not converged'],
    },
    after: [],
    otherIntervals: true,
    reason: 'the times are those of the intervals as shipped, and this configuration has others (RMQ-004, RMQ-005, RMQ-012)',
  },
]
