/** The database does not answer in time, the exception is swallowed, and the broker is told that the message was consumed. */
import { mutant } from './mutant.ts'

export const silenceIsDone = mutant({
  id: 'silence-is-done',
  title: 'a listener whose transaction timed out reports success',
  breaks: 'IDM-1',
  bug: "a result that nobody knows taken for success; compare DUR-4's demanded violation",
  rules: { isDoneAfterSilence: () => true },
  preset: 'receivers',
})
