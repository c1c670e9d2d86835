/** An application goes back in a queue, and what was fetched before decides where the client goes on: it is given nothing again. */
import { mutant } from './mutant.ts'

export const seekOverwritten = mutant({
  id: 'seek-overwritten',
  title: 'a seek is forgotten for the place up to which was fetched',
  breaks: 'RET-1',
  bug: 'compare #7634, a376fbcdb8 (no. 51)',
  rules: { soughtOffset: (_offset, next) => next },
  preset: 'seek',
})
