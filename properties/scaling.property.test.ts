/** SCL: topics that get more queues, or fewer, while they are in use. */
import { describe, it } from 'vitest'
import { keeps } from './keeps.ts'

describe('scaling', () => {
  it('leaves no message behind in a queue that was closed in order', () => {
    keeps('queue-resize', ['SCL-1', 'ALO-1', 'RBL-2'], 150)
  })
})
