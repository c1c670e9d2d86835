/** TXN-1 and TXN-2: a half is seen only when its transaction was committed, and every committed one is seen in the end. */
import { describe, it } from 'vitest'
import { keeps } from './keeps.ts'

describe('transactions', () => {
  it('show what was committed, and that alone', () => {
    keeps('transactions', ['TXN-1', 'TXN-2'], 350)
  })
})
