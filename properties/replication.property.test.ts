/** DUR-5, DUR-6 and HA-1: what slaves copy, and what of it is left when a master is gone. */
import { describe, it } from 'vitest'
import { keeps } from './keeps.ts'

describe('slaves', () => {
  it('have what a master that waits for them has acknowledged', () => {
    keeps('sync-replicated', ['DUR-5', 'DUR-6'], 80)
  })

  it('take nothing from producers, and serve who reads while their master is gone', () => {
    keeps('slave-reads', ['HA-1'], 30)
  })

  it('hold the beginning of what their master holds', () => {
    keeps('replicated', ['DUR-6'], 80)
  })
})
