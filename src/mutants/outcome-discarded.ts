/** The result of the local transaction is dropped, so that the half is given up in the end although it was committed. */
import { mutant } from './mutant.ts'

export const outcomeDiscarded = mutant({
  id: 'outcome-discarded',
  title: 'what the local transaction decided is not passed on, and checks are answered "unknown"',
  breaks: 'TXN-2',
  bug: 'b620b9c8d2 (no. 82)',
  rules: { outcomeToReport: () => 'unknown', answerToCheck: (_ran, answer) => (answer === 'commit' ? 'unknown' : answer) },
  preset: 'transactions',
})
