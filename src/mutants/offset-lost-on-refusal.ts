/** A refused append uses up a queue offset: the queue has a hole, and later entries stand at the wrong index. */
import { mutant } from './mutant.ts'

export const offsetLostOnRefusal = mutant({
  id: 'offset-lost-on-refusal',
  title: 'the queue offset advances although the append was refused',
  breaks: 'ORD-2',
  bug: '#6570, e3b8178871 (no. 6)',
  rules: { nextQueueOffset: (next) => next + 1 },
  preset: 'default',
})
