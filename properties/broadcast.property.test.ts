/** BRC-1: every instance of a broadcasting group is given every message, once it reads. */
import { describe, it } from 'vitest'
import { keeps } from './keeps.ts'

describe('broadcasting', () => {
  it('gives every instance every message', () => {
    keeps('broadcast', ['BRC-1', 'ALO-1'], 200)
  })
})
