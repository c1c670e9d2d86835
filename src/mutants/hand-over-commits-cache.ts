/** Who takes the queue over begins behind messages that nobody has done. */
import { mutant } from './mutant.ts'

export const handOverCommitsCache = mutant({
  id: 'hand-over-commits-cache',
  title: 'a pull consumer that loses a queue tells the broker what it has fetched of it',
  breaks: 'ALO-2',
  bug: '#2732, f77d7fee68 (no. 52), in the moment of the hand-over',
  rules: { committedAtLoss: (_committed, fetched) => fetched },
  preset: 'pull',
})
