/** TXN-1 to TXN-4: a half is seen only when its transaction was committed, every committed one is seen in the end, and who is open is asked about. */
import { describe, it } from 'vitest'
import { keeps } from './keeps.ts'

describe('transactions', () => {
  it('show what was committed, and that alone', () => {
    keeps('transactions', ['TXN-1', 'TXN-2', 'TXN-3', 'TXN-4'], 350)
  })
})
