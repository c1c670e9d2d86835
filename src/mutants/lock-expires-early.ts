/** A lock lives shorter than the time between two renewals. */
import { mutant } from './mutant.ts'

export const lockExpiresEarly = mutant({
  id: 'lock-expires-early',
  title: 'a lock expires at the broker before its holder renews it',
  breaks: 'RBL-3',
  bug: 'cc478bd425 (no. 59): locks that are not renewed in time expire',
  rules: { isLockExpired: (idleUs, lifeUs) => idleUs > lifeUs / 6 },
  preset: 'ordered-topic',
})
