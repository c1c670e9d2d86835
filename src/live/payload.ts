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
/** Where eight digits will stand. */
const DIGITS = '00000000'
const HEAD = /^mqproof (\S+) (\d+) ([0-9a-f]{8}) ([0-9a-f]{8}) /
/** A head is never longer: a round's name, an operation number and two checksums. */
const HEAD_MAX = 160

/** Digits are written to their place and compared where they stand: a text for each would cost more than the checksums themselves. */
const digitOf = (n: number, k: number): number => {
  const value = (n >>> (4 * (HEX - 1 - k))) & 15
  return value < 10 ? 0x30 + value : 0x57 + value
}

function writeDigits(bytes: Uint8Array, at: number, n: number): void {
  for (let k = 0; k < HEX; k++) bytes[at + k] = digitOf(n, k)
}

function hasDigits(bytes: Uint8Array, at: number, n: number): boolean {
  for (let k = 0; k < HEX; k++) if (bytes[at + k] !== digitOf(n, k)) return false
  return true
}

export function writePayload(round: string, { op, digest, bytes: size, text }: Content): Uint8Array {
  const head = `${MAGIC}${round} ${op} `
  const start = `${head}${DIGITS} ${DIGITS} ${text.replace(/[^ -~]/g, '?')}`
  const bytes = Buffer.from(start.padEnd(size - HEX, '.') + DIGITS, 'latin1')
  const headEnd = head.length + HEX
  const bodyEnd = bytes.length - HEX
  // Digests are signed; on the way they are eight digits.
  writeDigits(bytes, head.length, digest)
  writeDigits(bytes, headEnd + 1, crc32(bytes.subarray(0, headEnd)))
  writeDigits(bytes, bodyEnd, crc32(bytes.subarray(0, bodyEnd)))
  return bytes
}

/** Any flipped bit, and any damage of up to 32 bits in a row, makes a payload something else than `ok`. */
export function readPayload(round: string, payload: Uint8Array): Reading {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  const found = HEAD.exec(bytes.toString('latin1', 0, HEAD_MAX))
  if (found === null) return { kind: 'foreign' }
  const [head, of, op, digest] = found
  // The digits of its checksum, and a blank on both sides of them.
  const headEnd = head.length - HEX - 2
  if (!hasDigits(bytes, headEnd + 1, crc32(bytes.subarray(0, headEnd)))) return { kind: 'corrupted', op: null }
  if (of !== round) return { kind: 'foreign' }
  const bodyEnd = bytes.length - HEX
  const whole = bodyEnd > 0 && hasDigits(bytes, bodyEnd, crc32(bytes.subarray(0, bodyEnd)))
  return whole ? { kind: 'ok', op: Number(op), digest: Number.parseInt(digest ?? '', 16) | 0 } : { kind: 'corrupted', op: Number(op) }
}
