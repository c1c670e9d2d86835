/** Of a batch that has failed only the head is put back; the others are taken for done when it succeeds. */
import { mutant } from './mutant.ts'

export const orderlyBatchForgotten = mutant({
  id: 'orderly-batch-forgotten',
  title: 'an orderly client puts back the first message of a failed batch alone',
  breaks: 'ALO-1',
  bug: 'client-go #650, #693 (issue): what was suspended was committed with the next success',
  rules: { isPutBackInOrder: (nth) => nth === 0 },
  preset: 'orderly-retries',
})
