/** RET: files of the log that are deleted in their time, or since the disk is full. */
import { describe, it } from 'vitest'
import { keeps } from './keeps.ts'

describe('retention', () => {
  it('deletes by its rules alone, and tells who stood before the beginning', () => {
    keeps('retention', ['RET-1', 'RET-2', 'RET-3', 'ALO-1', 'ALO-3', 'DUR-3'], 120)
  })

  it('makes room on a full disk by its rules alone', () => {
    keeps('full-disk', ['RET-1', 'RET-2', 'DUR-1'], 80)
  })

  it('keeps what was consumed, and gives it again to who is sent back', () => {
    keeps('start-positions', ['RET-1'], 60)
  })

  it('and to who goes back, or lets a queue rest, of its own accord', () => {
    keeps('seek', ['RET-1', 'ALO-1', 'ALO-3'], 100)
  })
})
