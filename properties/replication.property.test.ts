/** DUR-5 to DUR-7, and HA-1 to HA-3: what slaves copy, what of it is left when a master is gone, and what a group that elects its master keeps. */
import { describe, it } from 'vitest'
import { keeps } from './keeps.ts'

describe('slaves', () => {
  it('have what a master that waits for them has acknowledged', () => {
    keeps('sync-replicated', ['DUR-5', 'DUR-6'], 80)
  })

  it('take nothing from producers, and serve who reads while their master is gone', () => {
    keeps('slave-reads', ['HA-1'], 30)
  })

  it('lead nobody past anything who reads now from them and now from their master', () => {
    keeps('redirects', ['HA-3'], 60)
  })

  it('have, when one of them is promoted, what a master that waited for it has acknowledged', () => {
    keeps('promotions', ['HA-2'], 60)
  })

  it('stand in for a master that is away', () => {
    keeps('acting-masters', ['HA-1'], 40)
  })

  it('of a group keep what a majority had, whoever leads', () => {
    keeps('dledger', ['DUR-7'], 100)
  })

  it('hold the beginning of what their master holds', () => {
    keeps('replicated', ['DUR-6'], 80)
  })
})
