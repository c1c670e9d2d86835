/** Nobody knows what became of the message, and the application is told that it is safe. */
import { mutant } from './mutant.ts'

export const timeoutIsSuccess = mutant({
  id: 'timeout-is-success',
  title: 'a send whose time is up is reported as SEND_OK',
  breaks: 'ALO-1',
  bug: 'demanded violation of DUR-4: any returned result taken for success',
  rules: { isAcknowledgedByTimeout: () => true },
  preset: 'default',
})
