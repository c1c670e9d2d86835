/** A forwarder waits for the end of each send, and takes any end for a good one: what was refused or timed out is not sent again. */
import { mutant } from './mutant.ts'

export const refusedCopyCounts = mutant({
  id: 'refused-copy-counts',
  title: 'a forwarder is done with a message whose copy failed',
  breaks: 'SCL-2',
  bug: 'compare no. 56: progress passes messages whose send-back failed',
  rules: { isSentOn: () => true },
  preset: 'backlog',
})
