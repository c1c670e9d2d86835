/** A slave reads a frame in part, and says that it has what it was to be. */
import { mutant } from './mutant.ts'

export const slaveReportsFrameAhead = mutant({
  id: 'slave-reports-frame-ahead',
  title: 'a slave says that it is one record further than it is',
  breaks: 'DUR-5',
  bug: '#5651, aa02160074 (no. 34): a frame is read in part',
  rules: { reportedBySlave: (end) => end + 400 },
  preset: 'sync-replicated',
})
