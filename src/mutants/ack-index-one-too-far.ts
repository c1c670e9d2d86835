/** Of a batch that a listener has not come to the end of, the message that it failed on counts as done, too: its progress passes it. */
import { mutant } from './mutant.ts'

export const ackIndexOneTooFar = mutant({
  id: 'ack-index-one-too-far',
  title: 'a client takes the message on which a batch has failed for the last that is done',
  breaks: 'ALO-2',
  bug: 'compare client-go #976 (no. 56)',
  rules: { isAcknowledgedInBatch: (nth, acknowledged) => nth <= acknowledged },
  preset: 'busy-consumers',
})
