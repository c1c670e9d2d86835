/** A controller makes the first replica master that is there, whether it has what was acknowledged or not. */
import { mutant } from './mutant.ts'

export const anybodyElected = mutant({
  id: 'anybody-elected',
  title: 'who is there is elected, in sync or not',
  breaks: 'HA-2',
  bug: 'RMQ-073 turned round: enableElectUncleanMaster is off, and everybody is elected all the same',
  rules: { elected: ({ alive, first, asker }) => (first ? asker : (alive[0]?.replica ?? -1)) },
  preset: 'controller',
})
