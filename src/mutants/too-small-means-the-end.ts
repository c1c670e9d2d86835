/** A group that stands before the beginning of its queue is sent to its end. */
import { mutant } from './mutant.ts'

export const tooSmallMeansTheEnd = mutant({
  id: 'too-small-means-the-end',
  title: 'a group that stands before the beginning of its queue is sent to its end',
  breaks: 'RET-3',
  bug: 'compare no. 48: an offset outside of the queue is corrected to the wrong end (#4215)',
  rules: { correctedOffset: (_offset, _min, max) => max },
  preset: 'retention',
})
