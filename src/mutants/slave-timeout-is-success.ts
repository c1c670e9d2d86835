/** A slave that does not come in time is waited for no longer, and nobody is told. */
import { mutant } from './mutant.ts'

export const slaveTimeoutIsSuccess = mutant({
  id: 'slave-timeout-is-success',
  title: 'a send whose slaves did not come in time is answered SEND_OK',
  breaks: 'DUR-5',
  bug: '14969aa389, 85a6cc1c8e (no. 38): the waiter for slaves ends wrongly',
  rules: { statusWithoutCopy: (status) => status },
  preset: 'sync-replicated',
})
