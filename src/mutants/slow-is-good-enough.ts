/** Leaves a broker alone when it fails, and not when it is slow: each send to it takes seconds, and the next one goes there again. */
import { mutant } from './mutant.ts'

export const slowIsGoodEnough = mutant({
  id: 'slow-is-good-enough',
  title: 'a slow answer is no reason to leave a broker alone',
  breaks: 'RTE-5',
  bug: 'latencies of successful sends not recorded (RMQ-085, C-127)',
  rules: { countedLatency: (latencyUs, failed) => (failed ? 10_000_000 : Math.min(0, latencyUs)) },
  preset: 'latency-tolerance',
})
