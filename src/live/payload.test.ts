/** A payload comes back as it was written, and any damage to it is noticed. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPayload, writePayload } from './payload.ts'

const round = fc.stringMatching(/^[A-Za-z0-9]{1,12}-[0-9]{1,4}$/)
const content = fc.record({
  op: fc.nat(2 ** 40),
  digest: fc.integer(),
  bytes: fc.nat(400),
  text: fc.string({ maxLength: 40 }),
})

describe('a payload', () => {
  it('says what it was written for, in printable letters, in the size that was asked for', () => {
    fc.assert(
      fc.property(round, content, (token, one) => {
        const payload = writePayload(token, one)
        expect(readPayload(token, payload)).toEqual({ kind: 'ok', op: one.op, digest: one.digest })
        expect(Buffer.from(payload).toString('latin1')).toMatch(/^[ -~]*$/)
        expect(payload.length).toBeGreaterThanOrEqual(one.bytes)
        if (one.bytes >= 140) expect(payload.length).toBe(one.bytes)
      }),
    )
  })

  it('with any flipped bit is not what it was', () => {
    fc.assert(
      fc.property(round, content, fc.nat(), fc.nat(7), (token, one, at, bit) => {
        const payload = Uint8Array.from(writePayload(token, one))
        const place = at % payload.length
        payload[place] = (payload[place] ?? 0) ^ (1 << bit)
        const reading = readPayload(token, payload)
        expect(reading.kind).not.toBe('ok')
        if (reading.kind === 'corrupted' && reading.op !== null) expect(reading.op).toBe(one.op)
      }),
    )
  })

  it('cut short or run on is not what it was', () => {
    fc.assert(
      fc.property(round, content, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 20 }), (token, one, keep, more) => {
        const payload = writePayload(token, one)
        expect(readPayload(token, payload.slice(0, keep % payload.length)).kind).not.toBe('ok')
        expect(readPayload(token, Uint8Array.from([...payload, ...more])).kind).not.toBe('ok')
      }),
    )
  })

  it('names its operation while only its body is damaged', () => {
    const payload = Uint8Array.from(writePayload('run-1', { op: 7, digest: 99, bytes: 300, text: 'hello' }))
    payload[200] = 0
    expect(readPayload('run-1', payload)).toEqual({ kind: 'corrupted', op: 7 })
  })

  it('of another round, or of somebody else, is foreign', () => {
    fc.assert(
      fc.property(round, round, content, (mine, other, one) => {
        fc.pre(mine !== other)
        expect(readPayload(mine, writePayload(other, one))).toEqual({ kind: 'foreign' })
      }),
    )
    expect(readPayload('run-1', new TextEncoder().encode('{"hello":"world"}'))).toEqual({ kind: 'foreign' })
    expect(readPayload('run-1', new Uint8Array())).toEqual({ kind: 'foreign' })
  })
})
