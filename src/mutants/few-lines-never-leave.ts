/** A client that waits for a full batch of lines: on a quiet day its traces lie in its memory. */
import { hours } from '../plan/units.ts'
import { mutant } from './mutant.ts'

export const fewLinesNeverLeave = mutant({
  id: 'few-lines-never-leave',
  title: 'a client sends its traces ten at a time, and fewer never',
  breaks: 'QRY-1',
  bug: 'compare #3099, 589e87c278 (no. 13): a threshold leaves a tail behind',
  rules: { leavesAfter: () => hours(24) },
  preset: 'message-traces',
})
