/** CONSISTENT_HASH deals by position, as a hash modulo the number of members does: whoever comes or goes moves nearly every queue. */
import { byCircle } from '../systems/rocketmq/client/allocate/by-circle.ts'
import { byConsistentHash } from '../systems/rocketmq/client/allocate/consistent-hash.ts'
import { mutant } from './mutant.ts'

export const ringByPosition = mutant({
  id: 'ring-by-position',
  title: 'CONSISTENT_HASH deals queues out modulo the number of members',
  breaks: 'RBL-1',
  bug: 'the demanded violation of the catalogue: what notes say of a "hash modulo" (C-181)',
  rules: {
    shareOf: (allocate, member, queues, members) => (allocate === byConsistentHash ? byCircle : allocate)(member, queues, members),
  },
  preset: 'scale-out',
})
