/** Every member takes the whole part of its share: what does not divide evenly belongs to nobody, and is never read. */
import { mutant } from './mutant.ts'

export const remainderLeft = mutant({
  id: 'remainder-left',
  title: 'queues that do not divide evenly among the members are dealt to nobody',
  breaks: 'RBL-1',
  bug: 'the demanded violation of the catalogue: shares that do not cover (compare RMQ-102)',
  rules: {
    shareOf: (allocate, member, queues, members) =>
      allocate(member, queues, members).slice(0, Math.floor(queues.length / Math.max(1, members.length))),
  },
  preset: 'many-groups',
})
