/** The codec against hand-made bytes, against any way of cutting the stream, and against bytes that are no frames. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeFrame, encodeFrame, FrameReader, ProtocolError, type Frame } from './frame.ts'

const frameOf = (header: string, body = ''): Buffer => {
  const bytes = Buffer.from(header)
  const length = Buffer.alloc(8)
  length.writeInt32BE(4 + bytes.length + body.length, 0)
  length.writeInt32BE(bytes.length, 4)
  return Buffer.concat([length, bytes, Buffer.from(body)])
}

describe('a frame', () => {
  it('is length, header length, header, body', () => {
    const header = '{"code":310,"language":"JAVA","version":477,"opaque":7,"flag":2,"extFields":{"a":"g"},"serializeTypeCurrentRPC":"JSON"}'
    expect(encodeFrame(310, 2, 7, '{"a":"g"}', Buffer.from('body'))).toEqual(frameOf(header, 'body'))
  })

  it('is read with what brokers leave out, and with what nobody asked for', () => {
    const [bare] = new FrameReader().push(frameOf('{"code":0,"flag":1,"language":"JAVA","opaque":3,"version":495}'))
    expect(bare).toEqual({ code: 0, flag: 1, opaque: 3, remark: '', fields: {}, body: Buffer.alloc(0) })
    const [full] = new FrameReader().push(frameOf('{"code":2,"flag":1,"opaque":3,"remark":"busy","extFields":{"x":null}}', 'b'))
    expect(full).toEqual({ code: 2, flag: 1, opaque: 3, remark: 'busy', fields: { x: null }, body: Buffer.from('b') })
  })

  it('comes back as it was sent, however the stream is cut', () => {
    const sent = fc.record({
      code: fc.integer({ min: 0, max: 300_000 }),
      flag: fc.integer({ min: 0, max: 3 }),
      opaque: fc.integer({ min: 0, max: 0x7fffffff }),
      fields: fc.dictionary(fc.stringMatching(/^[a-zA-Z]{1,8}$/), fc.string()),
      body: fc.uint8Array({ maxLength: 50 }),
    })
    const property = fc.property(fc.array(sent, { maxLength: 5 }), fc.array(fc.integer({ min: 1, max: 40 })), (frames, cuts) => {
      const stream = Buffer.concat(
        frames.map(({ code, flag, opaque, fields, body }) => encodeFrame(code, flag, opaque, JSON.stringify(fields), body)),
      )
      const reader = new FrameReader()
      const read: Frame[] = []
      let at = 0
      for (const cut of [...cuts, stream.length]) {
        const end = Math.min(stream.length, at + cut)
        if (end > at) read.push(...reader.push(stream.subarray(at, end)))
        at = end
      }
      expect(read).toEqual(frames.map((frame) => ({ ...frame, remark: '', body: Buffer.from(frame.body) })))
    })
    fc.assert(property)
  })

  it.each([
    ['a length beyond reason', Buffer.from([0x7f, 0, 0, 0])],
    ['a length too short for a header', Buffer.from([0, 0, 0, 2, 0, 0])],
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['a header longer than its frame', Buffer.from([0, 0, 0, 5, 0, 0, 0, 9, 1])],
    ['another serialization', Buffer.from([0, 0, 0, 5, 1, 0, 0, 0, 1])],
    ['a header that is no JSON', frameOf('{"code":')],
    ['a header without a code', frameOf('{"flag":1,"opaque":3}')],
  ])('is not %s', (_, bytes) => {
    expect(() => new FrameReader().push(bytes)).toThrow(ProtocolError)
  })

  it('throws nothing else, whatever bytes come', () => {
    const property = fc.property(fc.uint8Array({ minLength: 4, maxLength: 60 }), (bytes) => {
      try {
        decodeFrame(Buffer.from(bytes))
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError)
      }
    })
    fc.assert(property)
  })
})
