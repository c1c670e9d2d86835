/** SCL: topics that get more queues, or fewer, while they are in use. */
import { describe, it } from 'vitest'
import { keeps } from './keeps.ts'

describe('scaling', () => {
  it('moves a backlog to another topic without a loss', () => {
    keeps('backlog', ['SCL-2', 'ALO-1'], 100)
  })

  it('leaves no message behind in a queue that was closed in order', () => {
    keeps('queue-resize', ['SCL-1', 'ALO-1', 'RBL-2'], 150)
  })
})
