/** A delivery that failed is rescheduled behind the message that could not be stored. */
import { mutant } from './mutant.ts'

export const failedDeliverySkipped = mutant({
  id: 'failed-delivery-skipped',
  title: 'what the disk did not take when it was due is passed over',
  breaks: 'DLY-2',
  bug: '#9249, b695652003 (no. 88)',
  rules: { progressAfter: (progress) => progress + 1 },
  preset: 'delays',
})
