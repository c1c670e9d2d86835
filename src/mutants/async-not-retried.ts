/** An async send whose connection is refused fails at once, although it has attempts and time left. */
import { mutant } from './mutant.ts'

export const asyncNotRetried = mutant({
  id: 'async-not-retried',
  title: 'an async send is not tried again when its broker can not be connected',
  breaks: 'RTE-4',
  bug: '#3556, 80bcfbc926 (no. 100)',
  rules: { retriesAsync: (lost) => lost !== 'refused' },
  preset: 'default',
})
