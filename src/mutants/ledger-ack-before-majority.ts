/** Answers a send once the leader has it, whoever else has. */
import { mutant } from './mutant.ts'

export const ledgerAckBeforeMajority = mutant({
  id: 'ledger-ack-before-majority',
  title: 'a leader acknowledges what only its own log holds',
  breaks: 'DUR-7',
  bug: '#7017 (no. 39): what a cut-off master has acknowledged is truncated when it comes back',
  rules: { mayAnswerEntry: () => true },
  preset: 'dledger',
})
