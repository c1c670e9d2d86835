/** The broker grants the lock of a queue to whoever asks. */
import { mutant } from './mutant.ts'

export const lockForAnybody = mutant({
  id: 'lock-for-anybody',
  title: 'the broker grants a lock that another consumer holds',
  breaks: 'RBL-3',
  bug: 'c4a7acdc0d (no. 32), which compared the wrong identities too; RMQ-106',
  rules: { mayTakeLock: () => true },
  preset: 'ordered-topic',
})
