/** What RocketMQ does not promise of the queues and brokers that a producer chooses, row by row. */
import type { ExcuseRow } from './excuse.ts'

export const CHOICES: readonly ExcuseRow[] = [
  {
    id: 'producer-clock',
    excuses: { 'RTE-5': ['isolated broker chosen'] },
    after: [['clockOffset', 'clockJump', 'clockDrift']],
    anywhere: true,
    with: { clockMoved: true },
    reason: 'a producer tells by its own wall clock how long an attempt took, and until when it leaves a broker alone (RMQ-085)',
  },
]
