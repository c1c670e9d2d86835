/** A controller hears heartbeats, and never looks for those that have stopped: a master that lost power is master for ever. */
import { mutant } from './mutant.ts'

export const silenceUnnoticed = mutant({
  id: 'silence-unnoticed',
  title: 'nobody looks for masters that have fallen silent',
  breaks: 'HA-2',
  bug: 'no. 46, #9717, 8fc57f1468: the scan of heartbeats was never scheduled',
  rules: { looksForSilent: () => false },
  preset: 'controller',
})
