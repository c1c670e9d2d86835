/** Times are written into the index in milliseconds and read as seconds: messages seem to be stored long after they were. */
import { mutant } from './mutant.ts'

export const keyTimesInMilliseconds = mutant({
  id: 'key-times-in-milliseconds',
  title: 'the key index mistakes milliseconds for seconds',
  breaks: 'QRY-1',
  bug: 'compare nos. 77 and 78: a time that is off at a boundary',
  rules: { timeInIndex: (firstUs, storedUs) => firstUs + Math.max(0, storedUs - firstUs) * 1000 },
  preset: 'queries',
})
