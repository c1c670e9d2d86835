/** A disk that is over 90 % full does not count as full. */
import { mutant } from './mutant.ts'

export const fullNeverMarked = mutant({
  id: 'full-never-marked',
  title: 'a disk over 90 % full goes on to be written to',
  breaks: 'RET-2',
  bug: 'the demanded violation of the catalogue: above 90 % writes are refused (RMQ-052)',
  rules: { isMarkedFull: () => false },
  preset: 'full-disk',
})
