/** What became of a send that the SDK threw an error for. */
import type { SendResult } from '../../target.ts'

/** Codes of gRPC; those of RocketMQ have five digits and begin as in HTTP. */
const TRANSPORT: Readonly<Record<number, string>> = { 1: 'CANCELLED', 4: 'DEADLINE_EXCEEDED', 8: 'RESOURCE_EXHAUSTED', 14: 'UNAVAILABLE' }
const REFUSED_MIN = 40_000
const REFUSED_END = 50_000
/** The one among the refusals after which nobody knows. */
const REQUEST_TIMEOUT = 40_800

/**
 * A refusal means that nothing is stored. Anything else may be stored: FLUSH_DISK_TIMEOUT and its like come through the proxy as errors
 * (RMQ-149).
 */
export function resultOfError(error: unknown): SendResult {
  const code = typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number' ? error.code : null
  if (code === null) return { type: 'info', status: 'CLIENT_ERROR' }
  const isRefusal = code >= REFUSED_MIN && code < REFUSED_END && code !== REQUEST_TIMEOUT
  return { type: isRefusal ? 'fail' : 'info', status: TRANSPORT[code] ?? `CODE_${code}` }
}
