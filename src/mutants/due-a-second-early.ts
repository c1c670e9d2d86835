/** Due times are whole seconds, rounded down. */
import { seconds } from '../plan/units.ts'
import { mutant } from './mutant.ts'

export const dueASecondEarly = mutant({
  id: 'due-a-second-early',
  title: 'a delayed message comes up to a second before its time',
  breaks: 'DLY-1',
  bug: 'the error of ±1 s of C-252; RMQ-119',
  rules: { dueTime: (storeTime, delay) => storeTime + delay - ((storeTime + delay) % seconds(1)) },
  preset: 'delays',
})
