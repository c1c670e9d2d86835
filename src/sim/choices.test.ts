/** Where luck comes from: the same for the same seed, label and key, and never shared between worlds that part. */
import { describe, expect, it } from 'vitest'
import { label, recorded, recording, seeded } from './choices.ts'

const LOSS = label('net.loss')

describe('choices', () => {
  it('depend on seed, label and key, and on nothing that was asked before', () => {
    const [one, other] = [seeded(7), seeded(7)]
    for (let key = 0; key < 100; key++) other.choose(LOSS, key, 1000)
    expect(one.choose(LOSS, 42, 1000)).toBe(other.choose(LOSS, 42, 1000))
    expect(one.choose(LOSS, 42, 1 << 30)).not.toBe(seeded(8).choose(LOSS, 42, 1 << 30))
  })

  it('are given back by their recording, the how-manieth of a key apart', () => {
    const { choices, noise } = recording({ choose: (_label, key, n) => key % n, tie: () => 0, fork: () => seeded(0) })
    const asked = [3, 3, 0, 5].map((key) => choices.choose(LOSS, key, 10))
    const again = recorded(noise)
    expect([3, 3, 0, 5].map((key) => again.choose(LOSS, key, 10))).toEqual(asked)
    expect(again.choose(LOSS, 3, 10)).toBe(0)
  })

  it('of a fork do not use up those of its origin', () => {
    const origin = recorded([{ label: 'net.loss', key: 1, nth: 0, value: 4 }])
    expect(origin.fork().choose(LOSS, 1, 10)).toBe(4)
    expect(origin.choose(LOSS, 1, 10)).toBe(4)
  })
})
