/** Recovery takes a partial record at the tail for a whole one, whatever is left of it. */
import { mutant } from './mutant.ts'

export const tornTailAccepted = mutant({
  id: 'torn-tail-accepted',
  title: 'recovery accepts a record whose length fields were torn off',
  breaks: 'ALO-4',
  bug: '#4460, d9273e70f6 (no. 5)',
  rules: { acceptsRecord: () => true },
  preset: 'hardened',
})
