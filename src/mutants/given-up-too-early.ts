/** A broker counts the first delivery among the retries: the group is given up on one too early. */
import { mutant } from './mutant.ts'

export const givenUpTooEarly = mutant({
  id: 'given-up-too-early',
  title: 'a group is given up on one retry too early',
  breaks: 'RTY-2',
  bug: 'a dead letter is earned by failures alone (C-235)',
  rules: { isDeadLetter: (reconsumeTimes, max) => reconsumeTimes + 1 >= max },
  preset: 'dead-letters',
})
