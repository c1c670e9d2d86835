/** Recovery starts where the log was flushed and forgets the consume queues, whose entries in earlier files were never forced. */
import { mutant } from './mutant.ts'

export const queueTimeIgnored = mutant({
  id: 'queue-time-ignored',
  title: 'recovery starts by the log checkpoint alone',
  breaks: 'DUR-3',
  bug: '#678 (no. 19)',
  rules: { recoveryTime: (checkpoint) => checkpoint.logTime },
  preset: 'hardened',
})
