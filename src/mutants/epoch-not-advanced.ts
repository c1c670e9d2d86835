/** A controller elects another master in the epoch of the one before, so that nobody can tell the two apart. */
import { mutant } from './mutant.ts'

export const epochNotAdvanced = mutant({
  id: 'epoch-not-advanced',
  title: 'an election stays in the epoch of the one before',
  breaks: 'HA-2',
  bug: 'RMQ-073 turned round: a new master is one of a new epoch, by which everybody else knows that it is older',
  rules: { nextEpoch: (epoch) => Math.max(1, epoch) },
  preset: 'controller',
})
