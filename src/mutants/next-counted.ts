/** A consumer goes on where it would have counted to, and not where it was told. */
import { mutant } from './mutant.ts'

export const nextCounted = mutant({
  id: 'next-counted',
  title: 'a consumer counts its next offset itself',
  breaks: 'PUL-2',
  bug: 'PUL-2, expected to be violated: clients ignoring nextBeginOffset',
  rules: { nextPullOffset: (_next, counted) => counted },
  preset: 'polling',
})
