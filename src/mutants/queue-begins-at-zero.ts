/** A queue goes on to begin at offset 0 when its first records are deleted: whoever stood there is told nothing. */
import { mutant } from './mutant.ts'

export const queueBeginsAtZero = mutant({
  id: 'queue-begins-at-zero',
  title: 'a queue goes on to begin at 0 when its first records are deleted',
  breaks: 'RET-3',
  bug: 'compare no. 16: what was deleted is still looked for (ROCKETMQ-332)',
  rules: { minAfterDeletion: (min) => min },
  preset: 'retention',
})
