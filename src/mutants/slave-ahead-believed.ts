/** A master that has the repair refuseOtherLog talks to any slave all the same. */
import { mutant } from './mutant.ts'

export const slaveAheadBelieved = mutant({
  id: 'slave-ahead-believed',
  title: 'a slave that holds more than its master is believed, as if nothing had been repaired',
  breaks: 'DUR-5',
  bug: 'the guard of #3015 and #3016 (no. 28), lost in 5c350af174',
  rules: { isOwnBeginning: () => true },
  preset: 'sync-replicated',
})
