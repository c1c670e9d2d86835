/** A broker that finds no room for a copy says all the same that it has taken the message back. */
import { mutant } from './mutant.ts'

export const returnAcceptedUnstored = mutant({
  id: 'return-accepted-unstored',
  title: "a broker takes back what it can't store",
  breaks: 'RTY-2',
  bug: 'only PUT_OK counts as success (RMQ-113)',
  rules: { isTakenBack: () => true },
  preset: 'retries',
})
