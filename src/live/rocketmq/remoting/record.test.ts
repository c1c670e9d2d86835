/** Stored messages from hand-made bytes. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { storedBytes } from '../testing/stored.ts'
import { ProtocolError } from './frame.ts'
import { decodeRecords, propertyOf } from './record.ts'

describe('stored messages', () => {
  it('are read one after the other', () => {
    const bytes = Buffer.concat([
      storedBytes({ queue: 3, offset: 41, at: 8_589_934_592, body: 'a' }),
      storedBytes({ offset: 42, reconsumed: 2, body: '' }),
    ])
    expect(decodeRecords(bytes)).toMatchObject([
      { topic: 'T', queue: 3, offset: 41, at: 8_589_934_592, reconsumed: 0, body: Buffer.from('a') },
      { topic: 'T', queue: 0, offset: 42, at: 0, reconsumed: 2, body: Buffer.alloc(0) },
    ])
    expect(decodeRecords(Buffer.alloc(0))).toEqual([])
  })

  it('have properties, some with names that begin alike', () => {
    const [message] = decodeRecords(storedBytes({ properties: { POP_CKX: '1', POP_CK: 'a b', KEYS: '' } }))
    if (message === undefined) throw new Error('nothing was read')
    expect(['POP_CK', 'KEYS', 'TAGS'].map((name) => propertyOf(message, name))).toEqual(['a b', '', null])
  })

  it('may come from a host with a long address', () => {
    expect(decodeRecords(storedBytes({ systemFlag: 16, hostBytes: 20, body: 'v6' }))[0]?.body.toString()).toBe('v6')
  })

  it('that are cut short or damaged are not understood, and nothing worse', () => {
    const whole = storedBytes({ body: 'some body' })
    for (let length = 1; length < whole.length; length++) expect(() => decodeRecords(whole.subarray(0, length))).toThrow(ProtocolError)
    const property = fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, value) => {
      const damaged = Buffer.from(whole)
      damaged[at] = value
      try {
        decodeRecords(damaged)
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError)
      }
    })
    fc.assert(property)
  })
})
