/**
 * What of a message travels and is stored (RMQ-087): its body, compressed where it is large, but never in a batch. Whether it is too large the client
 * asks of the body as it is, the broker of what arrives. What a consumer counts against its thresholds is here what was stored, not what it unpacks.
 */
import type { ClientStep, CreateTopicStep } from '../../../plan/script.ts'
import type { Parameters } from '../parameters.ts'

type Sent = Exclude<ClientStep, CreateTopicStep>

/** The body, or all bodies of a batch, as the application hands them over. */
export const bodyBytes = (step: Sent): number =>
  step.do === 'batch' ? step.messages.reduce((sum, { bytes }) => sum + bytes, 0) : step.bytes

/** The same as it leaves the client. */
export function sentBytes(step: Sent, { compressOverBytes, compressedPermille }: Parameters): number {
  const bytes = bodyBytes(step)
  const isCompressed = step.do !== 'batch' && bytes >= compressOverBytes
  return isCompressed ? Math.ceil((bytes * compressedPermille) / 1000) : bytes
}
