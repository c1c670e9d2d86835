/** Whatever a group wants, it begins at the end of an old queue: what lay there before is never read. */
import { mutant } from './mutant.ts'

export const firstMeansLast = mutant({
  id: 'first-means-last',
  title: 'a group without progress begins at the end of a queue, wherever it wants to begin',
  breaks: 'ALO-1',
  bug: '#8402, 8341c13d06 (no. 70), in a queue of an ordinary topic',
  rules: { startOffset: (answer) => (answer.found === 'stored' ? answer.offset : answer.young ? 0 : answer.max) },
  preset: 'start-positions',
})
