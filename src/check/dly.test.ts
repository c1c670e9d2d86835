/** Hand-made histories of delayed messages, good and bad: DLY-1 to DLY-4, and what other guarantees make of such messages. */
import { describe, expect, it } from 'vitest'
import { KINDS, type Header } from '../history/event.ts'
import { TIMER_TOPIC } from '../history/recalls.ts'
import type { Delay } from '../plan/plan.ts'
import { EPOCH, ms, seconds, type Us } from '../plan/units.ts'
import type { GuaranteeId } from './checker.ts'
import { stripHeader } from './strip.ts'
import { DELAYING, DRAINED, HEADER, judged, namesIn, sabotaged, story, STUCK, type Story } from './testing/histories.ts'

/** What a foreign broker shows. */
const OUTSIDE = stripHeader(DELAYING)
const names = (id: GuaranteeId, told: Story, header: Header = DELAYING): string[] => namesIn(id, told, DRAINED, header)
/** Message 1, delayed by a level, is acknowledged where it waits. */
const waiting = (level = 1, queue = '0'): Story => story().invoke(1, { level, queue }).ack(1, 7, { queue, nth: 0 })

describe('DLY-1', () => {
  it('goes by the clock of the broker where that is known', () => {
    const good = waiting().wait(seconds(2)).released(1, 0).consumed(1, 0)
    expect(judged('DLY-1', good, DRAINED, DELAYING)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('DLY-1', good, DELAYING)?.anomalies.map(({ name }) => name)).toEqual(['early'])
    expect(
      names(
        'DLY-1',
        waiting()
          .wait(seconds(2))
          .released(1, 0, { nowUs: seconds(1) - 1 }),
      ),
    ).toEqual(['early'])
    // A clock that jumped ahead: not early by it.
    expect(names('DLY-1', waiting().released(1, 0).consumed(1, 0))).toEqual([])
  })

  it('goes by the time since the send where it is not', () => {
    const good = waiting().wait(seconds(1)).consumed(1, 0)
    expect(names('DLY-1', good, OUTSIDE)).toEqual([])
    expect(sabotaged('DLY-1', good, OUTSIDE)?.anomalies.map(({ name }) => name)).toEqual(['early'])
    expect(names('DLY-1', waiting().wait(ms(900)).consumed(1, 0), OUTSIDE)).toEqual(['early'])
    expect(names('DLY-1', waiting().wait(ms(900)).consumed(1, 0))).toEqual(['early'])
  })

  it('takes a level beyond the table for the last', () => {
    expect(names('DLY-1', waiting(9).wait(seconds(3)).consumed(1, 0), OUTSIDE)).toEqual(['early'])
    expect(names('DLY-1', waiting(9).wait(seconds(4)).consumed(1, 0), OUTSIDE)).toEqual([])
  })

  it('asks nothing of what is not delayed', () => {
    expect(judged('DLY-1', waiting(0).consumed(1, 0), DRAINED, DELAYING).evidence).toBeNull()
    expect(judged('DLY-1', waiting().consumed(1, 0), DRAINED, HEADER).notExercised).toMatch(/no message was delayed/)
  })
})

describe('DLY-2', () => {
  const shown = (afterUs: number): Story =>
    waiting().wait(afterUs).append(1, 0, { nth: 1 }).dispatch(0, { nth: 1 }).consumed(1, 0).audit([1])

  it('counts from when a message is due', () => {
    expect(judged('DLY-2', shown(seconds(1)), DRAINED, DELAYING)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(names('DLY-2', shown(seconds(1) + ms(300)))).toEqual(['late'])
    expect(sabotaged('DLY-2', shown(seconds(1)), DELAYING)?.anomalies.map(({ name }) => name)).toEqual(['forgotten'])
  })

  it('counts from the first look of a broker that was down', () => {
    const down = waiting().fault('processKill').life('down', 'b1').wait(seconds(9)).life('up', 'b1').wait(seconds(1))
    expect(names('DLY-2', down.append(1, 0, { nth: 1 }).dispatch(0, { nth: 1 }).consumed(1, 0).audit([1]))).toEqual([])
    const late = waiting().life('down', 'b1').life('up', 'b1').wait(seconds(2)).append(1, 0, { nth: 1 }).dispatch(0, { nth: 1 })
    expect(names('DLY-2', late.consumed(1, 0).audit([1]))).toEqual(['late'])
  })

  it('judges deliveries where no more is seen, and only while nothing went wrong', () => {
    expect(names('DLY-2', waiting().wait(seconds(6)).consumed(1, 0).audit([1]), OUTSIDE)).toEqual([])
    expect(names('DLY-2', waiting().wait(seconds(8)).consumed(1, 0).audit([1]), OUTSIDE)).toEqual(['late'])
    expect(names('DLY-2', waiting().fault('pause').wait(seconds(8)).consumed(1, 0).audit([1]), OUTSIDE)).toEqual([])
  })

  it('finds what never came, where somebody looked', () => {
    const forgotten = waiting().fault('powerLoss').audit([])
    expect(judged('DLY-2', forgotten, DRAINED, DELAYING).anomalies).toMatchObject([
      { name: 'forgotten', facts: { message: 1, level: 1, broker: 'b1', lastCrash: 'powerLoss', delayed: true } },
    ])
    expect(names('DLY-2', waiting().audit([], { queue: '1' }))).toEqual([])
    expect(judged('DLY-2', forgotten, STUCK, DELAYING)).toMatchObject({ unknown: 'the run did not drain: a sentinel is missing' })
  })
})

describe('a time of its own', () => {
  const timed = (delay: Delay): Story => story().invoke(1, { delay, queue: '0' }).ack(1, 7, { queue: '0', nth: 0 })
  const soon = { afterUs: ms(1500) }
  const later = { atUs: seconds(5) }

  it('is not come to before it is over, by the clock of the broker', () => {
    const came = (delay: Delay, nowUs: Us): string[] =>
      names('DLY-1', timed(delay).released(1, 0, { level: 0, storedUs: EPOCH, nowUs: EPOCH + nowUs }))
    expect(came(soon, ms(1500))).toEqual([])
    expect(came(soon, ms(1499))).toEqual(['early'])
    expect(came(later, seconds(5))).toEqual([])
    expect(came(later, seconds(5) - 1)).toEqual(['early'])
  })

  it('is not come to before it is over, as clients see it', () => {
    expect(names('DLY-1', timed(soon).wait(ms(1500)).consumed(1, 0), OUTSIDE)).toEqual([])
    expect(names('DLY-1', timed(soon).wait(ms(1400)).consumed(1, 0), OUTSIDE)).toEqual(['early'])
    expect(names('DLY-1', timed(later).wait(seconds(4)).consumed(1, 0), OUTSIDE)).toEqual(['early'])
    expect(names('DLY-1', timed(later).wait(seconds(5)).consumed(1, 0), OUTSIDE)).toEqual([])
  })

  it('may be a slot of the wheel late', () => {
    const shown = (afterUs: Us): string[] =>
      names('DLY-2', timed(soon).wait(afterUs).append(1, 0, { nth: 1 }).dispatch(0, { nth: 1 }).consumed(1, 0).audit([1]))
    expect(shown(ms(2700))).toEqual([])
    expect(shown(ms(2900))).toEqual(['late'])
    expect(names('DLY-2', timed(soon).audit([]))).toEqual(['forgotten'])
  })

  it('has no level, and comes in no order', () => {
    expect(
      names(
        'DLY-3',
        timed(soon)
          .released(1, 0, { level: 0, dueUs: ms(1500) })
          .audit([1]),
      ),
    ).toEqual([])
    expect(names('DLY-3', timed(soon).audit([1], { topic: 'U' }))).toEqual(['not restored'])
  })
})

describe('DLY-3', () => {
  it('finds a message in another queue or topic', () => {
    const good = waiting(1, '1').consumed(1, 0, { queue: '1' }).audit([1], { queue: '1' })
    expect(judged('DLY-3', good, DRAINED, DELAYING)).toMatchObject({ anomalies: [], evidence: { chances: 2 } })
    expect(sabotaged('DLY-3', good, DELAYING)?.anomalies.map(({ name }) => name)).toEqual(['not restored'])
    expect(names('DLY-3', waiting(1, '1').audit([1]))).toEqual(['not restored'])
    expect(names('DLY-3', waiting().audit([1], { topic: 'U' }))).toEqual(['not restored'])
  })

  it('allows each queue at which a send was tried', () => {
    const tried = story().invoke(1, { level: 1, anyQueue: true }).tried(1, { queue: '0' }).tried(1, { attempt: 2, queue: '1' })
    expect(names('DLY-3', tried.ack(1, 0, { queue: '1' }).audit([1]).audit([1], { queue: '1' }))).toEqual([])
  })

  it('looks at no place of a message that a group has failed on', () => {
    const failed = waiting(1, '1').deliver(1, 0, { queue: '1' }).finish(1, 0, { queue: '1', result: 'fail' })
    const again = failed.deliver(1, 0, { topic: '%RETRY%g', attempt: 1 })
    expect(judged('DLY-3', again.audit([1], { topic: '%DLQ%g' }), DRAINED, DELAYING)).toMatchObject({
      anomalies: [],
      evidence: { chances: 1 },
    })
  })

  it('finds another level than was asked for', () => {
    expect(names('DLY-3', waiting().released(1, 0))).toEqual([])
    expect(names('DLY-3', waiting().released(1, 0, { level: 2 }))).toEqual(['wrong level'])
    expect(names('DLY-3', waiting().released(1, 0, { dueUs: seconds(2) }))).toEqual(['wrong level'])
    expect(names('DLY-3', waiting(9).released(1, 0, { level: 3, dueUs: seconds(4) }))).toEqual([])
    expect(names('DLY-3', waiting(0).released(1, 0))).toEqual(['wrong level'])
  })

  it('keeps the order within a level, and not between levels', () => {
    const two = (level: number): Story => waiting().invoke(2, { level }).ack(2, 8, { nth: 1 })
    expect(names('DLY-3', two(1).audit([1, 2]))).toEqual([])
    expect(judged('DLY-3', two(1).audit([2, 1]), DRAINED, DELAYING).anomalies).toMatchObject([
      { name: 'overtaken', summary: 'm1 was acknowledged before m2 of the same level was sent, and lies behind it in T:0' },
    ])
    expect(names('DLY-3', two(2).audit([2, 1]))).toEqual([])
    expect(names('DLY-3', two(1).audit([1, 2, 1, 2]))).toEqual([])
    const together = story().invoke(1, { level: 1 }).invoke(2, { level: 1 }).ack(1, 7).ack(2, 8).audit([2, 1])
    expect(names('DLY-3', together)).toEqual([])
  })
})

describe('DLY-4', () => {
  const crash = (told: Story, end = 100): Story => told.fault('processKill').life('down', 'b1').recovered(end)

  it('lets a crash repeat what came shortly before it', () => {
    const good = crash(waiting().append(1, 7, { nth: 0 }).released(1, 0))
      .released(1, 1)
      .audit([1, 1])
    expect(judged('DLY-4', good, DRAINED, DELAYING)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('DLY-4', good, DELAYING)?.anomalies.map(({ name }) => name)).toEqual(['lost'])
    expect(
      names(
        'DLY-4',
        crash(waiting().released(1, 0).wait(seconds(12)))
          .released(1, 1)
          .audit([1]),
      ),
    ).toEqual(['repeated long after'])
  })

  it('finds a repetition without a crash, and after a stop in good order', () => {
    expect(names('DLY-4', waiting().released(1, 0).released(1, 1).audit([1, 1]))).toEqual(['delivered again'])
    const stopped = waiting().released(1, 0).fault('gracefulRestart').life('down', 'b1').released(1, 1)
    expect(names('DLY-4', stopped.audit([1, 1]))).toEqual(['repeated after a stop'])
    expect(names('DLY-4', waiting().released(1, 0, { from: 3 }).released(1, 1, { from: 4 }).audit([1, 1]))).toEqual([])
  })

  it('finds what a crash has lost', () => {
    expect(names('DLY-4', crash(waiting()).audit([]))).toEqual(['lost'])
    expect(names('DLY-4', waiting().audit([]))).toEqual([])
  })

  it('finds a message at two places where no more is seen, and nothing went wrong', () => {
    expect(names('DLY-4', waiting().audit([1, 1]), OUTSIDE)).toEqual(['delivered again'])
    expect(names('DLY-4', waiting().fault('netLoss', 'p1>b1').audit([1, 1]), OUTSIDE)).toEqual([])
  })
})

describe('other guarantees', () => {
  it('do not take the place where a message waits for that where it is read', () => {
    const told = waiting().wait(seconds(1)).released(1, 0).consumed(1, 0).audit([1])
    for (const id of ['ORD-1', 'ORD-2', 'ALO-1', 'ALO-5', 'DUR-1', 'DUR-2'] as const) expect(names(id, told)).toEqual([])
    expect(judged('ALO-1', told, DRAINED, DELAYING).evidence).toMatchObject({ chances: 1 })
  })

  it('ask that a group finishes it', () => {
    expect(judged('ALO-1', waiting().audit([]), DRAINED, DELAYING).anomalies).toMatchObject([
      { name: 'not delivered', facts: { delayed: true, inAudit: false } },
    ])
  })
})

describe('a message that is recalled', () => {
  const waits = (): Story =>
    story()
      .invoke(1, { delay: { atUs: seconds(5) }, queue: '0' })
      .ack(1, 7, { queue: '0', nth: 0 })
  const comes = (told: Story): Story => told.wait(seconds(5)).released(1, 0, { level: 0, storedUs: EPOCH, nowUs: EPOCH + seconds(5) })

  it('is not to come once that was acknowledged', () => {
    expect(names('DLY-1', comes(waits().recall(1)).consumed(1, 0))).toEqual(['recalled'])
    expect(names('DLY-1', waits().recall(1).wait(seconds(5)).consumed(1, 0), OUTSIDE)).toEqual(['recalled'])
  })

  it('may come where that was not, or in the last second', () => {
    for (const end of ['fail', 'info', 'open'] as const) expect(names('DLY-1', comes(waits().recall(1, end)))).toEqual([])
    expect(names('DLY-1', comes(waits().wait(seconds(4)).recall(1)))).toEqual([])
  })

  it('shows whether it was sent again', () => {
    const again = comes(waits().tried(1, { attempt: 2 }).recall(1))
    expect(judged('DLY-1', again, DRAINED, DELAYING).anomalies).toMatchObject([{ name: 'recalled', facts: { resent: true, timer: true } }])
  })

  it('shows whether its slot, or that of what recalls it, was over when it came onto the wheel', () => {
    const missedSlots = (told: Story, header = DELAYING): unknown[] =>
      judged('DLY-1', told, DRAINED, header).anomalies.map(({ facts }) => facts['missedSlot'])
    const recalled = (): Story => comes(waits().recall(1))
    expect(missedSlots(recalled())).toEqual([undefined])
    expect(missedSlots(recalled().missedSlot(0, EPOCH + seconds(5)))).toEqual([true])
    expect(missedSlots(recalled().missedSlot(0, EPOCH + seconds(6)))).toEqual([undefined])
    expect(missedSlots(recalled(), { ...DELAYING, records: KINDS.filter((kind) => kind !== 'white:missedSlot') })).toEqual([true])
  })

  it('shows whether what recalls it was not forced yet when it came, and could not be seen on a wheel that goes by what is forced', () => {
    const marked = (): Story => waits().append(0, 0, { topic: TIMER_TOPIC }).recall(1)
    const unseen = (told: Story): unknown[] => judged('DLY-1', told, DRAINED, DELAYING).anomalies.map(({ facts }) => facts['unseen'])
    expect(unseen(comes(marked()))).toEqual([true])
    expect(unseen(comes(marked()).force(1))).toEqual([true])
    expect(unseen(comes(marked().force(1)))).toEqual([undefined])
    expect(unseen(comes(waits().recall(1).append(0, 0, { topic: TIMER_TOPIC })))).toEqual([undefined])
  })

  it('is owed to nobody from when it is asked for, unless that came to nothing', () => {
    const owed = (id: GuaranteeId, told: Story): string[] => names(id, told.fault('processKill').audit([]))
    for (const end of ['ok', 'info', 'open'] as const)
      for (const id of ['DLY-2', 'DLY-4', 'ALO-1'] as const) expect(owed(id, waits().recall(1, end))).toEqual([])
    expect(owed('DLY-2', waits().recall(1, 'fail'))).toEqual(['forgotten'])
    expect(owed('DLY-4', waits().recall(1, 'fail'))).toEqual(['lost'])
    expect(owed('ALO-1', waits().recall(1, 'fail'))).toEqual(['not delivered'])
    expect(owed('DLY-2', waits().recall(1, 'fail').recall(1))).toEqual([])
  })
})
