/** Stored messages as a pull brings them: records of the broker's log, one after the other (RMQ-025). */
import { ProtocolError } from './frame.ts'

export interface StoredMessage {
  readonly topic: string
  readonly queue: number
  readonly offset: number
  /** The physical offset in the log. */
  readonly at: number
  /** Deliveries before this one that the broker knows of. */
  readonly reconsumed: number
  readonly body: Buffer
  /** As they lie there: names and values, each with its end. */
  readonly properties: Buffer
}

const NAME_ENDS = '\u0001'
const VALUE_ENDS = '\u0002'

/** A property of a message, or null. */
export function propertyOf({ properties }: StoredMessage, name: string): string | null {
  for (const pair of properties.toString('utf8').split(VALUE_ENDS))
    if (pair.startsWith(name + NAME_ENDS)) return pair.slice(name.length + 1)
  return null
}

const BORN_HOST_V6 = 1 << 4
const STORE_HOST_V6 = 1 << 5
const MAGIC_V1 = 0xdaa320a7
/** Topics longer than 127 bytes have two bytes for their length. */
const MAGIC_V2 = 0xdaa320ab
const hostBytes = (isV6: boolean): number => (isV6 ? 20 : 8)

/** A cursor that refuses to read beyond the record. */
class Cursor {
  private at = 0
  private readonly bytes: Buffer

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  int(bytes: 1 | 2 | 4): number {
    return this.bytes.readIntBE(this.pass(bytes), bytes)
  }

  long(): number {
    const at = this.pass(8)
    return this.bytes.readInt32BE(at) * 0x1_0000_0000 + this.bytes.readUInt32BE(at + 4)
  }

  take(length: number): Buffer {
    const at = this.pass(length)
    return this.bytes.subarray(at, at + length)
  }

  /** Gives where that begins. */
  pass(length: number): number {
    const { at } = this
    if (length < 0 || at + length > this.bytes.length) throw new ProtocolError('a stored message that is cut short')
    this.at += length
    return at
  }
}

function decodeRecord(bytes: Buffer): StoredMessage {
  const cursor = new Cursor(bytes)
  cursor.pass(4)
  const magic = cursor.int(4) >>> 0
  if (magic !== MAGIC_V1 && magic !== MAGIC_V2) throw new ProtocolError(`a stored message with magic ${magic.toString(16)}`)
  // Body checksum, then queue, then flag.
  cursor.pass(4)
  const queue = cursor.int(4)
  cursor.pass(4)
  const offset = cursor.long()
  const at = cursor.long()
  const systemFlag = cursor.int(4)
  // When it was born, and where; when it was stored, and where.
  cursor.pass(8 + hostBytes((systemFlag & BORN_HOST_V6) !== 0))
  cursor.pass(8 + hostBytes((systemFlag & STORE_HOST_V6) !== 0))
  const reconsumed = cursor.int(4)
  cursor.pass(8)
  const body = cursor.take(cursor.int(4))
  const topic = cursor.take(magic === MAGIC_V2 ? cursor.int(2) : cursor.int(1)).toString('utf8')
  const properties = cursor.take(cursor.int(2) & 0xffff)
  return { topic, queue, offset, at, reconsumed, body, properties }
}

/** @throws ProtocolError */
export function decodeRecords(bytes: Buffer): StoredMessage[] {
  const found: StoredMessage[] = []
  let at = 0
  while (at < bytes.length) {
    const size = bytes.length - at < 4 ? 0 : bytes.readInt32BE(at)
    if (size < 8 || at + size > bytes.length) throw new ProtocolError(`a stored message of ${size} bytes`)
    found.push(decodeRecord(bytes.subarray(at, at + size)))
    at += size
  }
  return found
}
