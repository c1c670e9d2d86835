/** Shares are rounded up: the first members have all the work, and the last none. */
import { mutant } from './mutant.ts'

export const sharesRoundedUp = mutant({
  id: 'shares-rounded-up',
  title: 'each member takes a share that is rounded up, until nothing is left for the last',
  breaks: 'RBL-1',
  bug: 'the demanded violation of the catalogue: shares that differ by more than one (compare RMQ-102)',
  rules: {
    shareOf: (_, member, queues, members) => {
      const size = Math.ceil(queues.length / Math.max(1, members.length))
      const index = members.indexOf(member)
      return index < 0 ? [] : queues.slice(index * size, (index + 1) * size)
    },
  },
  preset: 'many-groups',
})
