/** Group commit wakes the wrong waiter: whoever waits when a force comes back is told SEND_OK, also those who came after it began. */
import { mutant } from './mutant.ts'

export const forceWakesEverybody = mutant({
  id: 'force-wakes-everybody',
  title: 'a force that comes back wakes every waiting send, covered or not',
  breaks: 'DUR-4',
  bug: '#3408 (no. 9), turned round',
  rules: { isWokenByForce: () => true },
  preset: 'sync',
})
