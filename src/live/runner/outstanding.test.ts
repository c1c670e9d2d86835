/** What a group is still waited for: nothing that it has finished, in whatever order its deliveries end. */
import { expect, it, vi } from 'vitest'
import { isOfClient, script } from '../../plan/script.ts'
import { livePlan, send } from '../testing/live-plan.ts'
import { GroupWork, Outstanding } from './outstanding.ts'

it('a delivery that fails after another one of the same message was finished is waited for by nobody', () => {
  const work = new GroupWork(new Map([[7, 1]]), Infinity)
  work.acknowledged(7)
  work.failedOnce(7)
  expect(work.owesSlowly).toBe(1)
  work.finished(7)
  work.failedOnce(7)
  expect([work.owes, work.owesSlowly]).toEqual([0, 0])
})

it('what lay in a queue, and lies in none any more, is waited for by nobody; what no queue has held yet is', () => {
  const work = new GroupWork(new Map([[2, 1]]), Infinity)
  for (const message of [1, 2, 3]) work.acknowledged(message)
  work.failedOnce(2)
  work.comesLate(3)
  work.comesLate(4)
  work.forgetGone((message) => message === 1)
  expect([work.owes, work.owesSlowly]).toEqual([2, 2])
  // One that a listener still had in hand fails when it is gone already.
  work.failedOnce(2)
  work.finished(1)
  work.finished(3)
  work.finished(4)
  expect([work.owes, work.owesSlowly]).toEqual([0, 0])
})

it('what has come again as often as it may, and was taken back once more, is waited for by nobody', () => {
  const work = new GroupWork(new Map([[5, 9]]), 2)
  work.acknowledged(5)
  for (const attempt of [0, 1]) {
    work.failedOnce(5)
    work.takenBack(5, attempt)
    expect([work.owes, work.owesSlowly]).toEqual([1, 1])
  }
  work.failedOnce(5)
  work.takenBack(5, 2)
  expect([work.owes, work.owesSlowly]).toEqual([0, 0])
})

it('what comes late to where no group reads is given its time', () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(1000)
  try {
    const topics = ['T', 'U'].map((name) => ({ name, queues: 1 }))
    const plan = livePlan({ cluster: { topics }, workload: [send(0, { topic: 'U', delay: { level: 1 } })] })
    const planned = script(plan)
    const [step] = planned.threads[0]?.steps ?? []
    if (step === undefined || !isOfClient(step) || step.do !== 'send') throw new Error('the plan has one send')
    const outstanding = new Outstanding(plan, planned)
    outstanding.comesLate(step, 5000)
    expect(outstanding.waitsFor).toContain('no group reads')
    now.mockReturnValue(6000 + 3000)
    expect(outstanding.waitsFor).toBeNull()
  } finally {
    now.mockRestore()
  }
})
