/** A broker that goes by what is allowed alone. */
import { deniedTo } from '../plan/access.ts'
import { mutant } from './mutant.ts'

export const denialsIgnored = mutant({
  id: 'denials-ignored',
  title: 'a broker that goes by what is allowed alone',
  breaks: 'ACL-1',
  bug: 'the statement of the catalogue, and RMQ-143: policies that deny are not found',
  rules: {
    denies: (account, wishes) =>
      deniedTo({ ...account, policies: account.policies.filter((policy) => policy.decision === 'ALLOW') }, wishes),
  },
  preset: 'access',
})
