/** Stored messages byte by byte, as a broker's log holds them (RMQ-025). */

export interface StoredParts {
  readonly topic?: string
  readonly queue?: number
  readonly offset?: number
  readonly at?: number
  readonly reconsumed?: number
  readonly body?: string | Buffer
  readonly systemFlag?: number
  readonly hostBytes?: number
  readonly properties?: Readonly<Record<string, string>>
}

export function storedBytes(parts: StoredParts = {}): Buffer {
  const {
    topic = 'T',
    queue = 0,
    offset = 0,
    at = 0,
    reconsumed = 0,
    body = 'hello',
    systemFlag = 0,
    hostBytes = 8,
    properties = { a: 'b' },
  } = parts
  const named = Buffer.from(
    Object.entries(properties)
      .map(([name, value]) => `${name}\u0001${value}\u0002`)
      .join(''),
  )
  const content = Buffer.from(body)
  const int = (value: number): Buffer => {
    const bytes = Buffer.alloc(4)
    bytes.writeInt32BE(value | 0)
    return bytes
  }
  const long = (value: number): Buffer => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64BE(BigInt(value))
    return bytes
  }
  const rest = Buffer.concat([
    ...[0xdaa320a7, 0x1234, queue, 0].map(int),
    ...[offset, at].map(long),
    int(systemFlag),
    long(1_700_000_000_000),
    Buffer.alloc(hostBytes),
    long(1_700_000_000_001),
    Buffer.alloc(8),
    int(reconsumed),
    long(0),
    int(content.length),
    content,
    Buffer.from([topic.length]),
    Buffer.from(topic),
    Buffer.from([named.length >> 8, named.length & 0xff]),
    named,
  ])
  return Buffer.concat([int(rest.length + 4), rest])
}
