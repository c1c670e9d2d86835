/** Answers a SYNC_FLUSH send once it is appended, not once it is forced: SEND_OK, then power loss, then nothing. */
import { mutant } from './mutant.ts'

export const ackBeforeForce = mutant({
  id: 'ack-before-force',
  title: 'answers SEND_OK when a record is appended, not when it is forced',
  breaks: 'DUR-1',
  bug: 'demanded violation of DUR-1; compare #8',
  rules: { mayAnswerSend: () => true },
  preset: 'sync',
})
