/** A consumer that is sent elsewhere begins behind the place that it was given. */
import { mutant } from './mutant.ts'

export const replayLeavesFirstOut = mutant({
  id: 'replay-leaves-first-out',
  title: 'a consumer that is sent elsewhere begins behind the place',
  breaks: 'RET-1',
  bug: 'compare no. 51: after a correction another offset counts than the corrected one (#7634)',
  rules: { startAfterCorrection: (next) => next + 1 },
  preset: 'start-positions',
})
