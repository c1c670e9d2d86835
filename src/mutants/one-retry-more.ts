/** A broker compares with one that is off by one: the group is given the message once more than is configured. */
import { mutant } from './mutant.ts'

export const oneRetryMore = mutant({
  id: 'one-retry-more',
  title: 'a group is given up on one retry too late',
  breaks: 'RTY-2',
  bug: 'compare X-01: sixteen retries, and not eighteen',
  rules: { isDeadLetter: (reconsumeTimes, max) => reconsumeTimes > max },
  preset: 'dead-letters',
})
