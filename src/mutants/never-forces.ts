/** The flusher never runs: what ASYNC_FLUSH may lose is ten seconds, and this broker loses everything. */
import { mutant } from './mutant.ts'

export const neverForces = mutant({
  id: 'never-forces',
  title: 'the log is never forced, however old its records get',
  breaks: 'DUR-1',
  bug: '#6283, ba4dd5a21e (no. 11)',
  rules: { segmentToForce: () => undefined },
  preset: 'async',
})
