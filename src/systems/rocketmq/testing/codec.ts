/**
 * The byte-level twin of the commit log: records as RocketMQ lays them out (RMQ-025), and recovery as it reads them (RMQ-046). It exists
 * to check the symbolic records against real bytes, and knows nothing of them but their fields.
 *
 * One liberty: bodies and checksums have no zero byte, as the symbolic records assume.
 */
import { mix, modulo } from '../../../plan/hash.ts'
import type { Damage } from '../../../sim/disk.ts'
import { Blank, layoutOf, PROPERTY_BYTES, type LogEntry } from '../broker/record.ts'

const MAGIC = 0xdaa320a7
const BLANK_MAGIC = 0xcbd43194

const table = Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c >>> 0
})

export function checksum(bytes: Uint8Array): number {
  let c = 0xffffffff
  for (const byte of bytes) c = (table[(c ^ byte) & 0xff] as number) ^ (c >>> 8)
  return ((c ^ 0xffffffff) | 0x01010101) >>> 0
}

export function encode(entry: LogEntry, size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  view.setInt32(0, size)
  if (entry instanceof Blank) {
    view.setUint32(4, BLANK_MAGIC)
    return bytes
  }
  const at = layoutOf(entry.topic, entry.bytes)
  view.setUint32(4, MAGIC)
  for (let i = 0; i < entry.bytes; i++) bytes[at.body + i] = 1 + modulo(mix(entry.digest, i), 255)
  view.setUint32(at.crc, checksum(bytes.subarray(at.body, at.body + entry.bytes)))
  view.setInt32(at.bodyLength, entry.bytes)
  view.setUint8(at.topicLength, entry.topic.length)
  for (let i = 0; i < entry.topic.length; i++) bytes[at.topic + i] = entry.topic.charCodeAt(i)
  view.setInt16(at.propertiesLength, PROPERTY_BYTES)
  bytes.fill(0x70, at.properties, at.end)
  return bytes
}

export function spoil(bytes: Uint8Array, damage: Damage): void {
  if (damage.kind === 'zero') bytes.fill(0, damage.from, damage.to)
  else bytes[damage.from] = (bytes[damage.from] ?? 0) ^ 0x10
}

/** How many bytes of a log file recovery accepts, reading it from its start. */
export function recoverBytes(file: Uint8Array): number {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  let at = 0
  while (at + 8 <= file.length) {
    const size = view.getInt32(at)
    const magic = view.getUint32(at + 4)
    if (magic === BLANK_MAGIC) return at + size === file.length ? file.length : at
    if (magic !== MAGIC || !recordHolds(view, file, at, size)) return at
    at += size
  }
  return at
}

function recordHolds(view: DataView, file: Uint8Array, at: number, size: number): boolean {
  const end = file.length
  const bodyLength = view.getInt32(at + 84)
  const topicAt = at + 88 + bodyLength
  if (size <= 0 || at + size > end || bodyLength < 0 || topicAt + 1 > end) return false
  const propertiesAt = topicAt + 1 + view.getUint8(topicAt)
  if (propertiesAt + 2 > end) return false
  const total = propertiesAt + 2 + view.getInt16(propertiesAt) - at
  return total === size && view.getUint32(at + 8) === checksum(file.subarray(at + 88, topicAt))
}
