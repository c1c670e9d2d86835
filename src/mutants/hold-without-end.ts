/** A held poll is kept for ever while nothing comes: its client gives it up, and must believe that the broker is gone. */
import { mutant } from './mutant.ts'

export const holdWithoutEnd = mutant({
  id: 'hold-without-end',
  title: 'a held poll is not answered when its time is up',
  breaks: 'PUL-1',
  bug: 'PUL-1, expected to be violated: no answer at the hold limit',
  rules: { endsHold: () => false },
  preset: 'polling',
})
