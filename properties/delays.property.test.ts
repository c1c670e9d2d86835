/** DLY-1 to DLY-4: delayed messages come in their time, where they belong, and more than once only where a broker crashed. */
import { describe, it } from 'vitest'
import { keeps } from './keeps.ts'

describe('delayed messages', () => {
  it('come when they are due, and all of them', () => {
    keeps('delays', ['DLY-1', 'DLY-2', 'DLY-3', 'DLY-4'], 150)
  })

  it('come when they are due from the timer wheel too', () => {
    keeps('timers', ['DLY-1', 'DLY-2', 'DLY-4'], 60)
  })
})
