/** A checker that asks no database: a process that was started again knows nothing of what the one before it decided. */
import { mutant } from './mutant.ts'

export const answersFromMemory = mutant({
  id: 'answers-from-memory',
  title: 'a check is answered from the memory of the process',
  breaks: 'TXN-2',
  bug: 'demanded violation of TXN-2: a checker that answers from memory after a restart',
  rules: { knowsLocal: (_inDatabase, inMemory) => inMemory },
  preset: 'transactions',
})
