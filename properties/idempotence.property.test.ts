/** IDM-1 and IDM-2: right recipes have one effect whatever happens, and ids name what they are said to name. */
import { describe, it } from 'vitest'
import { keeps } from './keeps.ts'

describe('effects and ids', () => {
  it('are what they should be, under all faults', () => {
    keeps('receivers', ['IDM-1', 'IDM-2', 'ALO-1', 'ALO-2'], 200)
  })

  it('are so where nobody deduplicates: IDM-2', () => {
    keeps('rocketmq-5.5', ['IDM-2'], 100)
  })
})
