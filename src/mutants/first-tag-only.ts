/** Of "a || b" only a is found. */
import { mutant } from './mutant.ts'

export const firstTagOnly = mutant({
  id: 'first-tag-only',
  title: 'the broker looks for the first tag of a subscription alone',
  breaks: 'FLT-1',
  bug: 'the statement of the catalogue: tags with two bars between them mean either (C-277)',
  rules: { matchesCode: (wanted, tagsCode) => wanted[0] === tagsCode },
  preset: 'tags',
})
