/** After a restart the check goes on at the end of its queue: what was open when the broker died is never asked about. */
import { mutant } from './mutant.ts'

export const openHalvesSkipped = mutant({
  id: 'open-halves-skipped',
  title: 'a restart forgets which halves are open',
  breaks: 'TXN-4',
  bug: 'compare no. 86: a half that is passed over is never checked',
  rules: { checkFrom: (_stored, max) => max },
  preset: 'transactions',
})
