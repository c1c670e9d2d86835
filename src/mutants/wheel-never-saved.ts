/** The checkpoint of the timer wheel is never written. */
import { mutant } from './mutant.ts'

export const wheelNeverSaved = mutant({
  id: 'wheel-never-saved',
  title: 'a broker that was killed delivers again whatever its timer wheel has ever delivered',
  breaks: 'DLY-4',
  bug: '#7601, faae64715d (no. 94)',
  rules: { savesTimer: () => false },
  preset: 'timers',
})
