/** A client whose trace knows successes alone: who reads it looks for a failure elsewhere. */
import { mutant } from './mutant.ts'

export const failuresTracedAsDone = mutant({
  id: 'failures-traced-as-done',
  title: 'a client tells of every send and every listener that it was a success',
  breaks: 'QRY-1',
  bug: 'a trace that says more than happened; compare RMQ-141',
  rules: { toldSuccess: () => true },
  preset: 'message-traces',
})
