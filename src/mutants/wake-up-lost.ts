/** A message arrives and nobody looks whether somebody waits for it: the poll sleeps on until its time is up. */
import { mutant } from './mutant.ts'

export const wakeUpLost = mutant({
  id: 'wake-up-lost',
  title: 'a held poll is neither woken by a message nor found by the scan',
  breaks: 'PUL-1',
  bug: 'PUL-1, expected to be violated: neither notification nor scan',
  rules: { wakesHeldPulls: () => false, scansHeldPulls: () => false },
  preset: 'polling',
})
