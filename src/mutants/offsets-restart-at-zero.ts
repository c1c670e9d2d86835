/** The queue-offset table is not rebuilt: new messages get offsets that acknowledged ones have. */
import { mutant } from './mutant.ts'

export const offsetsRestartAtZero = mutant({
  id: 'offsets-restart-at-zero',
  title: 'after a restart queue offsets are assigned from zero again',
  breaks: 'ORD-1',
  bug: '#8539 (no. 42); #7689 (no. 4)',
  rules: { nextAfterRecovery: () => 0 },
  preset: 'default',
})
