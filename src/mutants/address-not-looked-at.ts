/** A broker for which policies hold wherever somebody comes from. */
import { deniedTo } from '../plan/access.ts'
import { mutant } from './mutant.ts'

export const addressNotLookedAt = mutant({
  id: 'address-not-looked-at',
  title: 'a broker for which policies hold wherever somebody comes from',
  breaks: 'ACL-1',
  bug: 'the statement of the catalogue, and RMQ-143: the source of a policy is forgotten',
  rules: {
    denies: (account, wishes) => deniedTo({ ...account, policies: account.policies.map(({ from: _from, ...policy }) => policy) }, wishes),
  },
  preset: 'access',
})
