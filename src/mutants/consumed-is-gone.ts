/** What one group has finished is given to no other, as in brokers that remove a message once it is acknowledged. */
import { mutant } from './mutant.ts'

export const consumedIsGone = mutant({
  id: 'consumed-is-gone',
  title: 'what one group has finished is no longer given to others',
  breaks: 'GRP-1',
  bug: 'what notes say of acknowledgements: "removed from the queue" (C-155, C-312)',
  rules: { firstGiven: (asked, furthest) => Math.max(asked, furthest() ?? 0) },
  preset: 'many-groups',
})
