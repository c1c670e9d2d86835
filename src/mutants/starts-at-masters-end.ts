/** A slave that comes back is sent what is written from then on; what it has missed never comes. */
import { mutant } from './mutant.ts'

export const startsAtMastersEnd = mutant({
  id: 'starts-at-masters-end',
  title: "a slave that connects is sent the log from its master's end",
  breaks: 'DUR-6',
  bug: 'compare #3388 (no. 43) and RMQ-061: where the transfer begins',
  rules: { transferFrom: (_max, end) => end, takesFrame: () => true },
  preset: 'replicated',
})
