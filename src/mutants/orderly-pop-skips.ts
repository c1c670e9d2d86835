/** An orderly pop moves the progress of its group past what it gave away: what fails is passed over. */
import { mutant } from './mutant.ts'

export const orderlyPopSkips = mutant({
  id: 'orderly-pop-skips',
  title: 'an orderly pop stores the offset behind what it took',
  breaks: 'ORD-3',
  bug: '#9695, edaffe6906 (no. 73)',
  rules: { progressOfOrderlyPop: (_first, next) => next },
  preset: 'pop',
})
