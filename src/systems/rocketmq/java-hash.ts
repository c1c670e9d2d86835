/** The hash of a string as Java has it, by which RocketMQ's clients and brokers choose and filter (RMQ-027, RMQ-088). */
export function javaHash(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0
  return hash
}
