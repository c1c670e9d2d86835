/** Abnormal recovery leaves out the second dispatch: what was in the log and not yet in the queues is never seen. */
import { mutant } from './mutant.ts'

export const noRedispatch = mutant({
  id: 'no-redispatch',
  title: 'abnormal recovery rebuilds no consume-queue entries',
  breaks: 'DUR-3',
  bug: '#467 (no. 18)',
  rules: { redispatches: () => false },
  preset: 'hardened',
})
