/** A broker that knows the user, and does not compare his signature. */
import { deniedTo } from '../plan/access.ts'
import { mutant } from './mutant.ts'

export const signatureNotCompared = mutant({
  id: 'signature-not-compared',
  title: 'a broker that knows the user, and does not compare his signature',
  breaks: 'ACL-1',
  bug: "the statement of the catalogue, and RMQ-143: a user's name is enough",
  rules: { denies: (account, wishes) => deniedTo(account.signature === 'wrong' ? { ...account, signature: 'right' } : account, wishes) },
  preset: 'access',
})
