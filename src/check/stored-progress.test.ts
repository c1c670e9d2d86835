/** What a group may be told of its progress after a crash, a recovery that lowers it, and a commit that came between two crashes. */
import { describe, expect, it } from 'vitest'
import { StoredProgress } from './stored-progress.ts'

describe('stored progress', () => {
  /** Told at 1, on disk at 2. */
  const saved = (): StoredProgress => {
    const progress = new StoredProgress()
    progress.store('b1', 1, 5, false)
    progress.store('b1', 2, 5, true)
    return progress
  }

  it('is what is on disk, once the process is gone', () => {
    const progress = saved()
    progress.store('b1', 3, 9, false)
    expect(progress.lowestSince(3)).toBe(9)
    progress.forget(4, false)
    expect(progress.lowestSince(4)).toBe(5)
    progress.forget(5, true)
    expect(progress.lowestSince(5)).toBe(-1)
  })

  it('may be anything after a recovery that lowers it, until it is told again', () => {
    const progress = saved()
    progress.forget(3, false)
    progress.mayBeCut()
    expect(progress.lowestSince(4)).toBe(-1)
    progress.store('b1', 5, 5, false)
    expect(progress.lowestSince(5)).toBe(5)
  })

  it('may still be lower on disk, where it was only told again', () => {
    const progress = saved()
    progress.forget(3, false)
    progress.mayBeCut()
    progress.store('b1', 5, 5, false)
    progress.forget(6, false)
    expect(progress.lowestSince(6)).toBe(-1)
    progress.store('b1', 7, 5, false)
    progress.store('b1', 8, 5, true)
    progress.forget(9, false)
    expect(progress.lowestSince(9)).toBe(5)
  })

  it('stays as low as a recovery made it, although the queue holds something again at the next one', () => {
    const emptied = saved()
    emptied.forget(3, false)
    emptied.mayBeCut()
    emptied.store('b1', 5, 1, false)
    emptied.forget(6, false)
    emptied.cut(7, 2)
    expect(emptied.lowestSince(7)).toBe(0)
  })

  it('is the end that a recovery reports, also at the next one', () => {
    const shortened = saved()
    shortened.forget(3, false)
    shortened.mayBeCut()
    shortened.cut(4, 3)
    shortened.forget(5, false)
    shortened.mayBeCut()
    shortened.cut(6, 4)
    expect(shortened.lowestSince(6)).toBe(3)
  })
})
