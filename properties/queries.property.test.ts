/** QRY-1: who looks for messages finds them, all of them and no others. */
import { describe, it } from 'vitest'
import { keeps } from './keeps.ts'

describe('queries', () => {
  it('find what is there, whatever hashes like it and whatever dies', () => {
    keeps('queries', ['QRY-1', 'IDM-2'], 150)
  })
})
