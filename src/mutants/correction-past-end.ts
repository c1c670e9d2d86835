/** A consumer beyond the end of its queue is sent further out. */
import { mutant } from './mutant.ts'

export const correctionPastEnd = mutant({
  id: 'correction-past-end',
  title: 'a consumer that stands beyond the end of its queue is not sent back to it',
  breaks: 'PUL-2',
  bug: 'RMQ-092, the other way round',
  rules: { correctedOffset: (_offset, _min, max) => max + 1 },
  preset: 'polling',
})
