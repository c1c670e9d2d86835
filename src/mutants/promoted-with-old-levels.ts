/** A slave that is elected delivers anew all that its masters have delivered since it was started. */
import { mutant } from './mutant.ts'

export const promotedWithOldLevels = mutant({
  id: 'promoted-with-old-levels',
  title: 'a slave that becomes master goes on with each delay level where it was when it was started',
  breaks: 'DLY-4',
  bug: 'no. 93 of facts/rocketmq.md (#2259, #2357): a promoted slave uses the progress that it has in memory',
  rules: { levelAfterPromotion: () => 0 },
  preset: 'failover-workloads',
})
