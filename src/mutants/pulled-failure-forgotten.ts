/** An application that fails and goes on commits what it did last, past what it has still to do: its retry is lost with the process. */
import { mutant } from './mutant.ts'

export const pulledFailureForgotten = mutant({
  id: 'pulled-failure-forgotten',
  title: 'a message with which the application of a pull consumer failed counts as done',
  breaks: 'ALO-2',
  bug: 'client-go #976 (no. 56), in a pull consumer: progress passes a message that is to be tried again',
  rules: { mayForget: (state) => state !== 'delivered' },
  preset: 'pull',
})
