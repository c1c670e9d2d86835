/** Members share out by the list as it came: two brokers tell of one group in two orders, and their askers deal out the same queues twice. */
import { mutant } from './mutant.ts'

export const membersNotSorted = mutant({
  id: 'members-not-sorted',
  title: 'a consumer does not sort the list of members before it computes its share',
  breaks: 'RBL-1',
  bug: 'members that agree on nothing must sort alike (RMQ-101); the demanded violation of the catalogue',
  rules: { sortsMembers: () => false },
  preset: 'many-groups',
})
