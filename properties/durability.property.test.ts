/** DUR-1 to DUR-4: what was acknowledged outlives crashes as far as its flush mode goes, and what is recovered is sound. */
import { describe, it } from 'vitest'
import { keeps } from './keeps.ts'

const DURABILITY = ['DUR-1', 'DUR-2', 'DUR-3', 'DUR-4']

describe('durability', () => {
  it('of what SYNC_FLUSH acknowledged', () => {
    keeps('sync', DURABILITY, 250)
  })

  it('of what ASYNC_FLUSH had forced', () => {
    keeps('async', ['DUR-1', 'DUR-2', 'DUR-3'], 250)
  })

  it('under several bursts of faults', () => {
    keeps('many-faults', DURABILITY, 150)
  })
})
