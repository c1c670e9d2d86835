/** How RocketMQ's producers send, as a history's header says it (RMQ-080 to RMQ-083): from the configuration, not from the rules, which may be broken. */
import type { Sending } from '../../../history/sending.ts'
import type { RocketmqConfig } from '../config.ts'
import { FAILURE_LATENCY, LATENCY_TABLE } from './latency.ts'
import type { SendStatus } from '../messages.ts'

/** RMQ-055: the words of success. */
const STORED: readonly SendStatus[] = ['SEND_OK', 'FLUSH_DISK_TIMEOUT', 'FLUSH_SLAVE_TIMEOUT']
export const isStored = (status: SendStatus): boolean => STORED.includes(status)

const LOST = ['CONNECTION_REFUSED', 'CONNECTION_LOST', 'TIMEOUT']
/** RMQ-081; the codes that the model does not know are left out. */
const CODES = ['TOPIC_NOT_EXIST', 'SERVICE_NOT_AVAILABLE', 'SYSTEM_ERROR', 'SYSTEM_BUSY', 'NO_PERMISSION']

export function sending({ parameters, retryAnotherBrokerWhenNotStoreOK, sendLatencyFaultEnable }: RocketmqConfig): Sending {
  const { sendTimeoutUs, sendAttempts, sendAsyncAttempts } = parameters
  return {
    timeoutUs: sendTimeoutUs,
    attempts: { sync: sendAttempts, async: sendAsyncAttempts },
    retried: {
      sync: [...LOST, ...CODES, ...(retryAnotherBrokerWhenNotStoreOK ? ['FLUSH_DISK_TIMEOUT', 'FLUSH_SLAVE_TIMEOUT'] : [])],
      async: LOST,
    },
    ...(sendLatencyFaultEnable ? { isolation: { table: LATENCY_TABLE, failureLatencyUs: FAILURE_LATENCY } } : {}),
  }
}
