/** Two applications send transactions under one name, and who is asked about one of the other finds nothing in his own database: rolled back, he says. */
import { mutant } from './mutant.ts'

export const answersForAnotherApplication = mutant({
  id: 'answers-for-another-application',
  title: 'a check about somebody else\'s transaction is answered "rollback"',
  breaks: 'TXN-2',
  bug: 'demanded violation of TXN-2: one group name used by two different applications; compare RMQ-132',
  rules: { sharesDatabase: () => false, answerForOthers: () => 'rollback' },
  preset: 'transactions',
})
