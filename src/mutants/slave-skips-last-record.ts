/** The dispatcher of a slave passes over the record at the end of what it has received. */
import { mutant } from './mutant.ts'

export const slaveSkipsLastRecord = mutant({
  id: 'slave-skips-last-record',
  title: 'a slave does not index the last record of what it was sent',
  breaks: 'DUR-6',
  bug: '#1164, 84d2260b87 (no. 36): bytes are skipped on a partially received record',
  rules: { slaveIndexes: (recordEnd, logEnd) => recordEnd < logEnd },
  preset: 'replicated',
})
