/** A queue begins where a group stands, as if the broker deleted what was consumed. */
import { mutant } from './mutant.ts'

export const consumedIsDeleted = mutant({
  id: 'consumed-is-deleted',
  title: 'a queue begins where some group stands',
  breaks: 'RET-1',
  bug: 'what notes say of acknowledgements: the broker removes what was consumed (C-155, X-24)',
  rules: { minAfterProgress: (min, progress) => Math.max(min, progress()) },
  preset: 'many-groups',
})
