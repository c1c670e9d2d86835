/** The broker moves a consumer on by as many messages as it asked for, found or not. */
import { mutant } from './mutant.ts'

export const nextBeyondFound = mutant({
  id: 'next-beyond-found',
  title: 'the next offset lies behind messages that were not given',
  breaks: 'PUL-2',
  bug: 'PUL-2: a next offset that passes over stored messages',
  rules: { nextAfterFound: (_until, from, asked) => from + asked },
  preset: 'polling',
})
