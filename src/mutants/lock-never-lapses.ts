/** A consumer relies on a lock that it was once granted, however long ago. */
import { mutant } from './mutant.ts'

export const lockNeverLapses = mutant({
  id: 'lock-never-lapses',
  title: 'a consumer works on under a lock that it has not renewed',
  breaks: 'RBL-3',
  bug: 'cc478bd425 (no. 59): locks expire, and their holder works on',
  rules: { isLockValid: () => true },
  preset: 'ordered-topic',
})
