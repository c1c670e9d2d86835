/** The time since when the log is locked is not reset when the lock is given back: a second later the broker takes its page cache for stuck, and stays so. */
import { mutant } from './mutant.ts'

export const busyForEver = mutant({
  id: 'busy-for-ever',
  title: 'a broker does not reset the time since when its log is locked',
  breaks: 'RTE-4',
  bug: '#3459, c6aeb782e5 (no. 22)',
  rules: { lockedAfterAppend: (since) => since },
  preset: 'busy-brokers',
})
