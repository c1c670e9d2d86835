/** Counts a failed attempt with the time that it took: a refused connection takes none, so that a dead broker is always as good as any. */
import { mutant } from './mutant.ts'

export const failureNotIsolated = mutant({
  id: 'failure-not-isolated',
  title: 'a failed attempt counts with the time it took, not as ten seconds',
  breaks: 'RTE-5',
  bug: 'isolation passed as false where an attempt fails (RMQ-085)',
  rules: { countedLatency: (latencyUs) => latencyUs },
  preset: 'latency-tolerance',
})
