/** A retry takes the next queue in turn, which may lie on the broker that has just failed: what failed once fails again. */
import { mutant } from './mutant.ts'

export const retryAtSameBroker = mutant({
  id: 'retry-at-same-broker',
  title: 'a retry does not pass over the broker that was tried last',
  breaks: 'RTE-4',
  bug: 'the broker that failed is not avoided, as C-119 and RMQ-084 say that it is',
  rules: { avoidsBroker: () => false },
  preset: 'cluster',
})
