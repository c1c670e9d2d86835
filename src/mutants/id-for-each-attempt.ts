/** Each attempt of one send gets an id of its own, so that two stored copies do not look like one message. */
import { mutant } from './mutant.ts'

export const idForEachAttempt = mutant({
  id: 'id-for-each-attempt',
  title: 'a retry inside the client gets a new msgId',
  breaks: 'IDM-2',
  bug: 'the unique key set anew where it should be set once if absent (RMQ-086)',
  rules: { msgIdOfAttempt: (msgId, attempt) => (attempt > 1 ? `${msgId}.${attempt}` : msgId) },
  preset: 'busy-brokers',
})
