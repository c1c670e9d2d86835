/** Every result that is not an exception counts as acknowledged, whatever its status says. */
import { mutant } from './mutant.ts'

export const flushTimeoutIsSuccess = mutant({
  id: 'flush-timeout-is-success',
  title: 'FLUSH_DISK_TIMEOUT is taken for SEND_OK',
  breaks: 'DUR-4',
  bug: 'demanded violation of DUR-4; RMQ-056',
  rules: { isAcknowledged: () => true },
  preset: 'sync',
})
