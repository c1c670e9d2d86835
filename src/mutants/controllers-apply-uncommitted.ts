/** A controller goes by what it has in its log, though the others may never have it: what it decides alone counts, until another one leads. */
import { mutant } from './mutant.ts'

export const controllersApplyUncommitted = mutant({
  id: 'controllers-apply-uncommitted',
  title: 'a controller tells what it has decided before a majority of them has it',
  breaks: 'HA-2',
  bug: 'the violation that HA-2 demands: an election that the other controllers know nothing of (RMQ-072; compare #5663, no. 29)',
  rules: { appliesUpTo: (_committed, end) => end },
  preset: 'controller-quorum',
})
