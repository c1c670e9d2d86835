/**
 * Frames of the remoting protocol (RML-014): the length of the rest, one byte for the header's serialization (0: JSON) with the header's
 * length in the other three, the header, the body. Whoever is at the other end is not trusted: what is no frame is a `ProtocolError`.
 */
import { z } from 'zod'

/** The other end does not speak the protocol, or this driver does not. */
export class ProtocolError extends Error {
  override name = 'ProtocolError'
}

export const RESPONSE_FLAG = 1
export const ONEWAY_FLAG = 2

export interface Frame {
  readonly code: number
  readonly flag: number
  /** Joins an answer to its request. */
  readonly opaque: number
  readonly remark: string
  readonly fields: Readonly<Record<string, string | null>>
  readonly body: Buffer
}

/** By hand, not by a schema of names and of texts: that looks at each field twice, and answers come by the thousand. */
const isTable = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((text) => typeof text === 'string' || text === null)

const Header = z.object({
  code: z.int(),
  flag: z.int(),
  opaque: z.int(),
  remark: z.string().nullish(),
  extFields: z.custom<Readonly<Record<string, string | null>>>(isTable).nullish(),
})

const PREFIX_BYTES = 8
/** More than a broker sends: messages of 4 MiB, and tables of many topics. */
const FRAME_BYTES_MAX = 64 << 20
/** What a 4.7 client says it is: from then on tables are written as standard JSON (RML-014). */
const HEADER_VERSION = 477

/** `fields` is the header's extFields as JSON text, which senders of many messages write without a serializer. */
export function encodeFrame(code: number, flag: number, opaque: number, fields: string, body: Uint8Array | null): Buffer {
  const header =
    `{"code":${code},"language":"JAVA","version":${HEADER_VERSION},"opaque":${opaque},"flag":${flag},` +
    `"extFields":${fields},"serializeTypeCurrentRPC":"JSON"}`
  const headerBytes = Buffer.byteLength(header)
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + headerBytes + (body?.length ?? 0))
  frame.writeInt32BE(frame.length - 4, 0)
  frame.writeInt32BE(headerBytes, 4)
  frame.write(header, PREFIX_BYTES)
  if (body !== null) frame.set(body, PREFIX_BYTES + headerBytes)
  return frame
}

function headerOf(text: string): z.infer<typeof Header> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new ProtocolError(`a header that is no JSON: ${text.slice(0, 80)}`)
  }
  const parsed = Header.safeParse(value)
  if (!parsed.success) throw new ProtocolError(`a header without code, flag and opaque: ${text.slice(0, 80)}`)
  return parsed.data
}

/** Decodes a frame without its first four bytes. */
export function decodeFrame(bytes: Buffer): Frame {
  const serialization = bytes.readUInt8(0)
  if (serialization !== 0) throw new ProtocolError(`a header in serialization ${serialization}: only JSON (0) is spoken here`)
  const end = 4 + bytes.readUIntBE(1, 3)
  if (end > bytes.length) throw new ProtocolError(`a header of ${end - 4} bytes in a frame of ${bytes.length}`)
  const { code, flag, opaque, remark, extFields } = headerOf(bytes.toString('utf8', 4, end))
  return { code, flag, opaque, remark: remark ?? '', fields: extFields ?? {}, body: bytes.subarray(end) }
}

/** Cuts a stream of bytes into frames. */
export class FrameReader {
  private chunks: Buffer[] = []
  private length = 0
  /** Bytes that must be there before it is worth looking. */
  private needed = 4

  /** @throws ProtocolError */
  push(chunk: Buffer): Frame[] {
    this.chunks.push(chunk)
    this.length += chunk.length
    if (this.length < this.needed) return []
    const bytes = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks)
    const frames: Frame[] = []
    let at = 0
    this.needed = 4
    while (bytes.length - at >= 4) {
      const size = bytes.readInt32BE(at)
      if (size < 4 || size > FRAME_BYTES_MAX) throw new ProtocolError(`a frame of ${size} bytes`)
      if (bytes.length - at < 4 + size) {
        this.needed = 4 + size
        break
      }
      frames.push(decodeFrame(bytes.subarray(at + 4, at + 4 + size)))
      at += 4 + size
    }
    this.chunks = at === bytes.length ? [] : [bytes.subarray(at)]
    this.length = bytes.length - at
    return frames
  }
}
