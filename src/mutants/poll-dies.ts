/** The task that polls routes dies as soon as every topic has one; compare the task that renews locks, which died of an exception. */
import { mutant } from './mutant.ts'

export const pollDies = mutant({
  id: 'poll-dies',
  title: 'stops to poll routes once every topic has one',
  breaks: 'RTE-2',
  bug: 'compare #59 (cc478bd425): a periodic task that dies',
  rules: { pollsAgain: (missing) => missing },
  preset: 'cluster',
})
