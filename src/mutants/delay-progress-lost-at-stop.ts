/** A broker that stops does not save the progress of its delay levels. */
import { mutant } from './mutant.ts'

export const delayProgressLostAtStop = mutant({
  id: 'delay-progress-lost-at-stop',
  title: 'after a stop in good order what was delivered comes again',
  breaks: 'DLY-4',
  bug: '#3473, #3478 (no. 92)',
  rules: { savesProgressAtStop: () => false },
  preset: 'delays',
})
