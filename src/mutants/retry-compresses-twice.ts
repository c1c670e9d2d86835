/** The body that an async retry sends is the compressed body of the attempt before, compressed again: nobody can read it. */
import { mix } from '../plan/hash.ts'
import { mutant } from './mutant.ts'

export const retryCompressesTwice = mutant({
  id: 'retry-compresses-twice',
  title: 'an async retry compresses what is compressed already',
  breaks: 'ALO-4',
  bug: '#66, 9f4934fc98 (no. 99)',
  rules: { digestOfAttempt: (digest, attempt, mode) => (mode === 'async' && attempt > 1 ? mix(digest, attempt) : digest) },
  preset: 'cluster',
})
