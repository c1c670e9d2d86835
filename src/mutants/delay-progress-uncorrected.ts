/** After a loss the progress of a level stays where it was, beyond the end of its queue. */
import { mutant } from './mutant.ts'

export const delayProgressUncorrected = mutant({
  id: 'delay-progress-uncorrected',
  title: 'a delay level that lost its queue waits behind its end for messages',
  breaks: 'DLY-2',
  bug: '#1869, 538b6b7ffd (no. 90)',
  rules: { correctedProgress: (saved) => saved },
  preset: 'delays',
})
