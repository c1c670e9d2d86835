/** RTY-1 and RTY-2: what a group fails on comes again after its delay, to that group, and not without end. */
import { describe, it } from 'vitest'
import { keeps } from './keeps.ts'

describe('what is sent back', () => {
  it('comes again after its delay, and to its group', () => {
    keeps('retries', ['RTY-1', 'RTY-2'], 120)
  })

  it('lies with the dead letters after so many failures, and no sooner', () => {
    keeps('dead-letters', ['RTY-1', 'RTY-2'], 60)
  })

  it('does so too where listeners run in order, and gives up no more of it than that', () => {
    keeps('orderly-retries', ['RTY-2', 'ORD-3', 'ALO-1'], 60)
  })

  it('comes to the group alone that did not acknowledge it, where groups pop', () => {
    keeps('pop', ['RTY-1'], 40)
  })
})
