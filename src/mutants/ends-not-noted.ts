/** Opens the new queues without a look at how far the old ones went: whoever is behind is given the new messages of a key first. */
import { mutant } from './mutant.ts'

export const endsNotNoted = mutant({
  id: 'ends-not-noted',
  title: 'an operator who waits for groups does not note how far they have to come',
  breaks: 'ORD-5',
  bug: 'demanded violation of ORD-5: no read barrier',
  rules: { notedEnds: (ends) => ends.map(() => 0) },
  preset: 'ordered-scale-out',
})
