/** Acknowledgements never find their checkpoint: what was done comes again, every time. */
import { mutant } from './mutant.ts'

export const acksNeverMatched = mutant({
  id: 'acks-never-matched',
  title: 'the revive service finds no checkpoint for an acknowledgement',
  breaks: 'ALO-3',
  bug: '#8835, 031687dbd7 (no. 64)',
  rules: { matchesCheckpoint: () => false },
  preset: 'pop',
})
