/** A send that is stored but not forced is sent again, and nobody asked for that: every one of them is stored twice. */
import { mutant } from './mutant.ts'

export const storedAndRetried = mutant({
  id: 'stored-and-retried',
  title: 'FLUSH_DISK_TIMEOUT is taken for a failure, and the message sent again',
  breaks: 'RTE-4',
  bug: 'FLUSH_DISK_TIMEOUT is an error that is retried (RMQ-149), where RMQ-082 says that it is returned',
  rules: { isRetriedAnswer: (status) => status !== 'SEND_OK' && status !== 'MESSAGE_ILLEGAL' },
  preset: 'sync',
})
