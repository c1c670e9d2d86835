/** The file look-up gives the newest file: it is forced, and everything before it counts as flushed too. */
import { mutant } from './mutant.ts'

export const flushWrongSegment = mutant({
  id: 'flush-wrong-segment',
  title: 'forces the newest file and calls everything before it flushed',
  breaks: 'DUR-1',
  bug: 'ROCKETMQ-332, 04e97de8a7 (no. 16)',
  rules: { segmentToForce: (segments) => segments[segments.length - 1] },
  preset: 'sync',
})
