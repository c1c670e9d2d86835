/**
 * A lock that all share, with a lease (C-217), around a look-up and a transaction without a unique index. Who holds the lock only believes
 * that it does: a pause outlasts the lease, and two are inside.
 */
import { anyway, onlyIf, unless, WORK, type ReceiverRecipe } from './recipe.ts'

export const lock: ReceiverRecipe = {
  steps: [
    onlyIf('database', ({ key, owner, lockLeaseUs }) => ({ do: 'lock', key, owner, leaseUs: lockLeaseUs }), 'again'),
    unless('database', ({ key }) => ({ do: 'find', key })),
    WORK,
    anyway('database', ({ key }) => ({ do: 'insertAndAct', key, unique: false })),
  ],
  atEnd: { ask: anyway('database', ({ key, owner }) => ({ do: 'unlock', key, owner })), when: 'always' },
}
