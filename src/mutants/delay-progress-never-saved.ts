/** The task that saves the progress of delay levels has got lost. */
import { mutant } from './mutant.ts'

export const delayProgressNeverSaved = mutant({
  id: 'delay-progress-never-saved',
  title: 'the progress of delay levels is saved when the broker stops, and never before',
  breaks: 'DLY-4',
  bug: '#6881, 0f1ff25512 (no. 91)',
  rules: { savesProgress: () => false },
  preset: 'delays',
})
