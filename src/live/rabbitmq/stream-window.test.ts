/** A reader of a stream never counts a message as done before those ahead of it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StreamWindow } from './stream-window.ts'

describe('a window', () => {
  it('moves over finished messages, and stops at the first that is open', () => {
    const window = new StreamWindow(5)
    for (const offset of [5, 6, 7]) window.arrived(offset)
    window.finish(7)
    window.finish(6)
    expect(window.next).toBe(5)
    window.finish(5)
    expect(window.next).toBe(8)
  })

  it('passes offsets that the stream leaves out', () => {
    const window = new StreamWindow(0)
    window.arrived(3)
    window.finish(3)
    expect(window.next).toBe(4)
  })

  it('takes no note of what never came', () => {
    const window = new StreamWindow(2)
    window.finish(2)
    expect(window.next).toBe(2)
  })

  it('wants, in whatever order messages are finished, the smallest that is not', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(30), { maxLength: 30 }), (finished) => {
        const window = new StreamWindow(0)
        for (let offset = 0; offset < 31; offset++) window.arrived(offset)
        for (const offset of finished) window.finish(offset)
        const open = Array.from({ length: 32 }, (_, k) => k).find((offset) => !finished.includes(offset))
        expect(window.next).toBe(open)
      }),
    )
  })
})
