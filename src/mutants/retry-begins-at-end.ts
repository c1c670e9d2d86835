/** A group that has never popped of its retry queue begins at the end of it: what was tried again first is never seen. */
import { mutant } from './mutant.ts'

export const retryBeginsAtEnd = mutant({
  id: 'retry-begins-at-end',
  title: 'the first pop of a retry queue begins at its end',
  breaks: 'ALO-1',
  bug: '#8402, 8341c13d06 (no. 70)',
  rules: { popStart: ({ retry, min, max }) => (retry ? max : min) },
  preset: 'pop',
})
