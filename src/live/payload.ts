/**
 * What a live message carries, so that its reader knows what it is whatever the broker did to it: the round, the operation that sent it,
 * its digest, and checksums. Brokers see bytes; they are printable ASCII, so that every adapter and every log can show them.
 *
 *     mqproof <round> <op> <digest> <checksum of these> <text>........<checksum of it all>
 */
import { crc32 } from 'node:zlib'

/** What a payload says: a message of this round; one that was changed on its way (`op` where its head is whole); or nothing of ours. */
export type Reading =
  | { readonly kind: 'ok'; readonly op: number; readonly digest: number }
  | { readonly kind: 'corrupted'; readonly op: number | null }
  | { readonly kind: 'foreign' }

export interface Content {
  readonly op: number
  readonly digest: number
  /** The least size; a payload is never smaller than its own head and checksums. */
  readonly bytes: number
  readonly text: string
}

const MAGIC = 'mqproof '
const HEX = 8
const HEAD = /^mqproof (\S+) (\d+) ([0-9a-f]{8}) ([0-9a-f]{8}) /
/** A head is never longer: a round's name, an operation number and two checksums. */
const HEAD_MAX = 160

/** Digests are signed; on the way they are eight digits. */
const hex = (n: number): string => (n >>> 0).toString(16).padStart(HEX, '0')

export function writePayload(round: string, { op, digest, bytes, text }: Content): Uint8Array {
  const head = `${MAGIC}${round} ${op} ${hex(digest)}`
  const start = `${head} ${hex(crc32(head))} ${text.replace(/[^ -~]/g, '?')}`
  const body = start.padEnd(bytes - HEX, '.')
  return Buffer.from(body + hex(crc32(body)), 'latin1')
}

/** Any flipped bit, and any damage of up to 32 bits in a row, makes a payload something else than `ok`. */
export function readPayload(round: string, payload: Uint8Array): Reading {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  const found = HEAD.exec(bytes.toString('latin1', 0, HEAD_MAX))
  const bodyEnd = bytes.length - HEX
  const whole = bodyEnd > 0 && bytes.toString('latin1', bodyEnd) === hex(crc32(bytes.subarray(0, bodyEnd)))
  if (found === null) return { kind: 'foreign' }
  const [, of, op, digest, check] = found
  if (hex(crc32(`${MAGIC}${of} ${op} ${digest}`)) !== check) return { kind: 'corrupted', op: null }
  if (of !== round) return { kind: 'foreign' }
  return whole ? { kind: 'ok', op: Number(op), digest: Number.parseInt(digest ?? '', 16) | 0 } : { kind: 'corrupted', op: Number(op) }
}
