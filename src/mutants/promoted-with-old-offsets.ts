/** A slave becomes master, and gives the offsets out again that its queues have long had. */
import { mutant } from './mutant.ts'

export const promotedWithOldOffsets = mutant({
  id: 'promoted-with-old-offsets',
  title: 'a promoted slave goes on from the offsets that it knew as a slave',
  breaks: 'ORD-2',
  bug: 'no. 42, #8539: the queue-offset table of a promoted slave is not rebuilt',
  rules: { nextAfterPromotion: (known) => known },
  preset: 'controller',
})
