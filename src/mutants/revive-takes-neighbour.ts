/** What is stored anew is the message at which the checkpoint begins, whichever was not acknowledged. */
import { mutant } from './mutant.ts'

export const reviveTakesNeighbour = mutant({
  id: 'revive-takes-neighbour',
  title: 'the revive service reads from the start of its checkpoint and takes a neighbour',
  breaks: 'ALO-1',
  bug: '#7724 (no. 66)',
  rules: { offsetToRevive: ({ startOffset }) => startOffset },
  preset: 'pop',
})
