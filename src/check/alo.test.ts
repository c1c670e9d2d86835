/** Hand-made histories for ALO-1 to ALO-5, good and bad. */
import { describe, expect, it } from 'vitest'
import { DRAINED, FRESH, HEADER, judged, namesIn, sabotaged, story, STUCK, type Story } from './testing/histories.ts'

describe('ALO-1', () => {
  it('finds every message finished by every group', () => {
    const good = story().sent(1, 0).consumed(1, 0)
    expect(judged('ALO-1', good)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('ALO-1', good)?.anomalies.map((anomaly) => anomaly.name)).toEqual(['not delivered'])
  })

  it('is not exercised without an acknowledged message that a group subscribes to', () => {
    expect(judged('ALO-1', story().invoke(1).maybe(1)).evidence).toBeNull()
    expect(judged('ALO-1', story().sent(1, 0, { topic: 'U' })).evidence).toBeNull()
    expect(sabotaged('ALO-1', story().sent(1, 0, { topic: 'U' }))).toBeNull()
  })

  it('tells a lost message from a skipped one', () => {
    const lost = story().sent(1, 0, { text: 'first' }).fault('powerLoss').audit([])
    expect(judged('ALO-1', lost).anomalies).toMatchObject([
      {
        summary: '"first" (T:0@0) was acknowledged and never delivered to g',
        facts: { inAudit: false, passed: false, lastCrash: 'powerLoss' },
      },
    ])
    const skipped = story().commit(25).sent(1, 5).audit([1], { min: 5 })
    expect(judged('ALO-1', skipped).anomalies).toMatchObject([{ facts: { inAudit: true, passed: true, lastCrash: 'none' } }])
  })

  it('tells whether a broker has moved the group beyond it', () => {
    const corrected = (offset: number) => story().sent(1, 0).assign(offset, { from: 'corrected' }).audit([1])
    for (const [offset, correctedBeyond] of [
      [0, false],
      [1, true],
    ] as const)
      expect(judged('ALO-1', corrected(offset)).anomalies).toMatchObject([{ facts: { correctedBeyond } }])
  })

  it('asks every group', () => {
    const header = { ...HEADER, groups: [...HEADER.groups, { name: 'h', topics: ['T'], consumers: ['d1'] }] }
    expect(judged('ALO-1', story().sent(1, 0).consumed(1, 0), DRAINED, header).anomalies).toMatchObject([{ facts: { group: 'h' } }])
  })

  it('does not take a failed listener for an end', () => {
    expect(judged('ALO-1', story().sent(1, 0).deliver(1, 0).finish(1, 0, { result: 'fail' })).anomalies[0]?.summary).toContain(
      'never finished by g',
    )
  })

  it('is unknown when the run did not drain', () => {
    expect(judged('ALO-1', story().sent(1, 0), STUCK)).toMatchObject({
      anomalies: [],
      evidence: { chances: 1 },
      unknown: 'the run did not drain: a sentinel is missing',
    })
  })

  it('finds consumers that need a restart to go on', () => {
    expect(namesIn('ALO-1', story().sent(1, 0).sent(2, 1).consumed(1, 0).phase('fresh').consumed(1, 0).consumed(2, 1), FRESH)).toEqual([
      'needs restart',
    ])
  })
})

describe('ALO-2', () => {
  it('lets progress pass what was finished by anybody in the group', () => {
    const good = story().assign(0).consumed(1, 0).consumed(2, 1, { p: 'c2' }).commit(2)
    expect(judged('ALO-2', good)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('ALO-2', good)?.anomalies.map((anomaly) => anomaly.name)).toEqual(['passed unfinished'])
  })

  it('is not exercised while progress stands still', () => {
    expect(judged('ALO-2', story().assign(3).commit(3)).evidence).toBeNull()
    expect(sabotaged('ALO-2', story().assign(3).commit(3))).toBeNull()
  })

  it('finds progress past a message under way, past a failed one and past one never given', () => {
    expect(namesIn('ALO-2', story().assign(0).deliver(1, 0).commit(1))).toEqual(['passed unfinished'])
    expect(namesIn('ALO-2', story().assign(0).deliver(1, 0).finish(1, 0, { result: 'fail' }).commit(1))).toEqual(['passed unfinished'])
    expect(judged('ALO-2', story().assign(0).consumed(1, 0).commit(2)).anomalies[0]?.summary).toBe(
      'c1 told the broker that g is at 2 of T:0, past offset 1: which was never delivered to the group',
    )
  })

  it('judges from where the consumer began', () => {
    expect(namesIn('ALO-2', story().assign(5).consumed(6, 5).commit(6))).toEqual([])
  })

  it('does not count work on a message that was at the offset before', () => {
    const again = story().assign(0).consumed(1, 0).commit(1).assign(0, { from: 'corrected' }).deliver(9, 0).commit(1)
    expect(namesIn('ALO-2', again)).toEqual(['passed unfinished'])
    expect(judged('ALO-2', again).anomalies[0]?.facts['reused']).toBe(true)
    // It was still being worked on when another consumer was given what lies there now.
    const outdated = story().assign(0).deliver(1, 0).deliver(9, 0, { p: 'c2' }).finish(1, 0).commit(1)
    expect(judged('ALO-2', outdated).anomalies).toMatchObject([{ name: 'passed unfinished', facts: { reused: true } }])
    expect(judged('ALO-2', story().assign(0).deliver(1, 0).commit(1)).anomalies[0]?.facts['reused']).toBe(false)
    const late = story().assign(0).deliver(1, 0).assign(0, { from: 'corrected' }).deliver(9, 0).finish(9, 0).finish(1, 0).commit(1)
    expect(namesIn('ALO-2', late)).toEqual([])
  })

  it('is done with what the broker has taken back, and with nothing else', () => {
    const failed = () => story().assign(0).deliver(1, 0).finish(1, 0, { result: 'fail' })
    expect(namesIn('ALO-2', failed().sentBack(1, 0).commit(1))).toEqual([])
    expect(namesIn('ALO-2', failed().sentBack(1, 0).deliver(2, 1).commit(2))).toEqual(['passed unfinished'])
    expect(namesIn('ALO-2', failed().commit(1).sentBack(1, 0))).toEqual(['passed unfinished'])
  })

  it("takes a broker's correction for what it is", () => {
    expect(namesIn('ALO-2', story().assign(0).consumed(1, 0).assign(7, { from: 'corrected' }).commit(7))).toEqual([])
  })
})

describe('ALO-3', () => {
  const before = () => story().life('up', 'c1').assign(0).consumed(1, 0).consumed(2, 1).consumed(3, 2)

  it('lets a consumer go on where the broker says', () => {
    const good = before().stored(2, false).stored(2, true).life('up', 'c1').assign(2).consumed(3, 2)
    expect(judged('ALO-3', good)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('ALO-3', good)?.anomalies.map((anomaly) => anomaly.name)).toContain('skipped ahead')
  })

  it('is not exercised by a first assignment, nor by one with nothing between', () => {
    expect(judged('ALO-3', story().assign(4).consumed(1, 4)).evidence).toBeNull()
    expect(judged('ALO-3', story().assign(4).assign(4)).evidence).toBeNull()
    expect(sabotaged('ALO-3', story().assign(4).assign(4))).toBeNull()
  })

  it('finds a start beyond what was delivered', () => {
    expect(namesIn('ALO-3', before().assign(4))).toEqual(['skipped ahead'])
    expect(namesIn('ALO-3', before().assign(4, { from: 'corrected' }))).toEqual(['skipped ahead'])
    expect(namesIn('ALO-3', before().assign(3))).toEqual([])
  })

  it('finds a start before the progress in memory', () => {
    expect(namesIn('ALO-3', before().stored(1, false).stored(3, false).life('up', 'c1').assign(2))).toEqual(['regressed'])
  })

  it('allows any answer since the process started: it may have asked before the last change', () => {
    expect(namesIn('ALO-3', before().stored(1, false).life('up', 'c1').stored(3, false).assign(1))).toEqual([])
  })

  it('asks from where the process last took up the queue', () => {
    const again = story().life('up', 'c1').stored(0, false).assign(0).consumed(1, 0).stored(1, false).assign(1).consumed(2, 1)
    expect(namesIn('ALO-3', again.assign(0))).toEqual(['regressed'])
  })

  it('lets a save that nobody was told of have reached the disk', () => {
    const lowered = () => before().stored(3, false).stored(3, true).stored(1, false).fault('processKill').life('up', 'c1')
    expect(namesIn('ALO-3', lowered().assign(1))).toEqual([])
    expect(namesIn('ALO-3', lowered().assign(0))).toEqual(['regressed'])
  })

  it('finds a start before the progress on disk once the broker has died, and asks no more than that', () => {
    const died = () =>
      before().stored(2, false).stored(2, true).stored(3, false).fault('processKill').life('down', 'b1').life('up', 'b1').life('up', 'c1')
    expect(namesIn('ALO-3', died().assign(2))).toEqual([])
    expect(namesIn('ALO-3', died().assign(1))).toEqual(['regressed'])
  })

  it('asks nothing of a broker that has lost its disk', () => {
    expect(
      namesIn('ALO-3', before().stored(2, false).stored(2, true).fault('diskLoss').life('up', 'c1').assign(0, { from: 'none' })),
    ).toEqual([])
  })

  it('lets progress be lowered to the end of a queue that was cut', () => {
    const cut = () => before().stored(3, false).stored(3, true).fault('powerLoss').recovered(100).life('up', 'c1')
    expect(namesIn('ALO-3', cut().assign(1))).toEqual([])
    expect(namesIn('ALO-3', cut().assign(0))).toEqual(['regressed'])
  })

  it('finds a delivery before the start', () => {
    expect(namesIn('ALO-3', story().assign(2).consumed(2, 1))).toEqual(['redelivered below the start'])
  })
})

describe('ALO-4', () => {
  it('finds what was sent', () => {
    const good = story().sent(1, 0).consumed(1, 0).pull(1, 0)
    expect(judged('ALO-4', good)).toMatchObject({ anomalies: [], evidence: { chances: 2 } })
    expect(sabotaged('ALO-4', good)?.anomalies.map((anomaly) => anomaly.name)).toEqual(['corrupted'])
  })

  it('is not exercised where nothing is read', () => {
    expect(judged('ALO-4', story().sent(1, 0)).evidence).toBeNull()
    expect(sabotaged('ALO-4', story().sent(1, 0))).toBeNull()
  })

  it('finds inventions, other contents and other topics', () => {
    expect(namesIn('ALO-4', story().deliver(1, 0).invoke(1))).toEqual(['invented'])
    expect(namesIn('ALO-4', story().invoke(1).pull(1, 0, { digest: 5 }))).toEqual(['corrupted'])
    expect(namesIn('ALO-4', story().invoke(1).deliver(1, 0, { topic: 'U' }))).toEqual(['wrong topic'])
    expect(namesIn('ALO-4', story().invoke(1).deliver(1, 0, { topic: '%RETRY%g' }))).toEqual([])
  })
})

describe('ALO-5', () => {
  it('finds each message once', () => {
    const good = story().assign(0).sent(1, 0).sent(2, 1).consumed(1, 0).consumed(2, 1).audit([1, 2])
    expect(judged('ALO-5', good)).toMatchObject({ anomalies: [], evidence: { chances: 2 } })
    expect(sabotaged('ALO-5', good)?.anomalies.map((anomaly) => anomaly.name)).toEqual(['delivered twice'])
  })

  it('is not exercised where something went wrong', () => {
    const base = () => story().assign(0).sent(1, 0).consumed(1, 0)
    for (const run of [base().fault('netLoss', 'p1>b1'), base().deliver(2, 1).finish(2, 1, { result: 'fail' }), base().assign(0)]) {
      expect(judged('ALO-5', run).evidence).toBeNull()
      expect(sabotaged('ALO-5', run)).toBeNull()
    }
    expect(judged('ALO-5', base().fault('processKill', 'b1', false)).evidence).not.toBeNull()
  })

  it('reports repetitions whatever went wrong', () => {
    const bad = story().fault('netDuplicate', 'p1>b1').sent(1, 0).consumed(1, 0).consumed(1, 1).consumed(1, 0)
    expect(judged('ALO-5', bad).anomalies).toMatchObject([
      { name: 'delivered twice' },
      { name: 'stored twice', facts: { effectiveFaults: 1 } },
    ])
  })

  it('says whether a message was tried again, where attempts are recorded', () => {
    const twice = (): Story => story().tried(1).sent(1, 0).consumed(1, 0).consumed(1, 1)
    const retried = (told: Story): unknown => judged('ALO-5', told).anomalies[0]?.facts['retried']
    expect(retried(twice())).toBe(false)
    expect(retried(story().tried(1).tried(1, { attempt: 2 }).sent(1, 0).consumed(1, 0).consumed(1, 1))).toBe(true)
  })

  it('says what a member that pulls is given again, once, of a queue that it took over', () => {
    const told = story().assign(0).sent(1, 0).consumed(1, 0).assign(0, { p: 'c2' }).consumed(1, 0, { p: 'c2' }).consumed(1, 0, { p: 'c2' })
    const handedOver = (header = HEADER): unknown[] =>
      judged('ALO-5', told, DRAINED, header).anomalies.map(({ facts }) => facts['handedOver'])
    expect(handedOver()).toEqual([undefined, undefined])
    expect(handedOver({ ...HEADER, groups: HEADER.groups.map((group) => ({ ...group, consumption: 'pull' })) })).toEqual([true, undefined])
  })

  it('looks through deliveries that are out of order', () => {
    expect(namesIn('ALO-5', story().deliver(3, 2).deliver(1, 0).deliver(4, 3).deliver(2, 1))).toEqual([])
    expect(namesIn('ALO-5', story().deliver(1, 0).deliver(4, 3).deliver(2, 1).deliver(3, 2).deliver(4, 3))).toEqual(['delivered twice'])
  })
})
