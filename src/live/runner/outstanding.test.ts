/** What a group is still waited for: nothing that it has finished, in whatever order its deliveries end. */
import { expect, it } from 'vitest'
import { GroupWork } from './outstanding.ts'

it('a delivery that fails after another one of the same message was finished is waited for by nobody', () => {
  const work = new GroupWork(new Map([[7, 1]]))
  work.acknowledged(7)
  work.failedOnce(7)
  expect(work.owesSlowly).toBe(1)
  work.finished(7)
  work.failedOnce(7)
  expect([work.owes, work.owesSlowly]).toEqual([0, 0])
})
