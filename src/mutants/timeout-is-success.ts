/** Nobody knows what became of the message, and the application is told that it is safe. */
import { mutant } from './mutant.ts'

export const timeoutIsSuccess = mutant({
  id: 'timeout-is-success',
  title: 'a send whose time is up is reported as SEND_OK',
  breaks: 'ALO-1',
  bug: 'any returned result taken for success, as DUR-4 demands a violation of; what shows is ALO-1',
  rules: { isAcknowledgedByTimeout: () => true },
  preset: 'default',
})
