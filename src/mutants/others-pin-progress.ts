/** What is for others is looked through again after each restart, for ever. */
import { mutant } from './mutant.ts'

export const othersPinProgress = mutant({
  id: 'others-pin-progress',
  title: 'a consumer that finds nothing for its group leaves the progress where it was',
  breaks: 'FLT-1',
  bug: '#8268, d9ebe88767 (no. 71): the offset was not committed where nothing matched',
  rules: { progressPastOthers: (progress) => progress },
  preset: 'tags',
})
