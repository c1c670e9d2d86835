/** PUL-1 and PUL-2: a poll is answered in time, and its answer says where to go on. */
import { describe, it } from 'vitest'
import { keeps } from './keeps.ts'

describe('polls', () => {
  it('are answered in time, and lead from message to message', () => {
    keeps('polling', ['PUL-1', 'PUL-2'], 250)
  })
})
