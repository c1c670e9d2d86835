/** A pop consumer acknowledges what it is about to work on: a crash in between, and nobody works on it. */
import { mutant } from './mutant.ts'

export const ackBeforeListener = mutant({
  id: 'ack-before-listener',
  title: 'a pop consumer acknowledges a message before its listener has it',
  breaks: 'ALO-2',
  bug: 'demanded violation of ALO-2',
  rules: { acknowledgesBefore: () => true },
  preset: 'pop',
})
