/** A broker that does not look at who sends what wants no answer. */
import { mutant } from './mutant.ts'

export const onewayNotLookedAt = mutant({
  id: 'oneway-not-looked-at',
  title: 'a broker that does not look at who sends what wants no answer',
  breaks: 'ACL-1',
  bug: "the statement of the catalogue, and RMQ-143: what can't be answered is not checked",
  rules: { looksAtOneway: () => false },
  preset: 'access',
})
