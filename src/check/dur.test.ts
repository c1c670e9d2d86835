/** Hand-made histories for DUR-1 to DUR-4, good and bad. */
import { describe, expect, it } from 'vitest'
import { strip, stripHeader } from './strip.ts'
import { DRAINED, HEADER, judged, namesIn, sabotaged, story, STUCK } from './testing/histories.ts'

describe('DUR-1', () => {
  it('finds what was acknowledged before a crash', () => {
    const good = story().sent(1, 0).fault('processKill').audit([1])
    expect(judged('DUR-1', good)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('DUR-1', good)?.anomalies.map((anomaly) => anomaly.name)).toEqual(['lost'])
  })

  it('is not exercised without a crash that the message met', () => {
    const elsewhere = story().sent(1, 0).fault('processKill', 'b2').audit([1])
    const under = story().invoke(1).fault('processKill').ack(1, 0).audit([1])
    for (const idle of [story().sent(1, 0).audit([1]), story().fault('processKill').sent(1, 0).audit([1]), under, elsewhere]) {
      expect(judged('DUR-1', idle).evidence).toBeNull()
      expect(sabotaged('DUR-1', idle)).toBeNull()
    }
  })

  it('says how old a lost message was, what took it, and whether it had been forced', () => {
    const bad = story().invoke(1, { text: 'first' }).append(1, 0).ack(1, 0).fault('powerLoss').recovered(0).audit([])
    expect(judged('DUR-1', bad).anomalies).toMatchObject([
      {
        name: 'lost',
        summary: '"first" (T:0@0) was acknowledged and is gone after powerLoss of b1',
        facts: { lastCrash: 'powerLoss', ageUs: 1000, forced: false },
      },
    ])
    expect(judged('DUR-1', { events: strip(bad.events) }, DRAINED, stripHeader(HEADER)).anomalies[0]?.facts).not.toHaveProperty('forced')
    const forced = story().invoke(1).append(1, 0).force(1).ack(1, 0).fault('powerLoss').recovered(0).audit([])
    expect(judged('DUR-1', forced).anomalies[0]?.facts['forced']).toBe(true)
  })

  it('finds another message in its place', () => {
    expect(namesIn('DUR-1', story().sent(1, 0).audit([2]))).toEqual(['lost'])
  })

  it('counts a crash from the send on', () => {
    expect(judged('DUR-1', story().invoke(1).fault('powerLoss').ack(1, 0).audit([])).anomalies[0]?.facts).toMatchObject({
      lastCrash: 'powerLoss',
      ageUs: -1000,
    })
  })

  it('is unknown where nobody looked', () => {
    expect(judged('DUR-1', story().sent(1, 0).fault('processKill'))).toMatchObject({ anomalies: [], unknown: 'T:0 was not audited' })
  })

  it('leaves out halves', () => {
    expect(judged('DUR-1', story().invoke(1, { half: true }).ack(1, 0).fault('processKill').audit([]))).toEqual({
      anomalies: [],
      evidence: null,
    })
  })
})

describe('DUR-2', () => {
  it('lets a suffix go with the power', () => {
    const good = story().sent(1, 0).sent(2, 1).sent(3, 2).fault('powerLoss').audit([1, 2])
    expect(judged('DUR-2', good)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('DUR-2', good)?.anomalies.map((anomaly) => anomaly.name)).toEqual(['hole'])
  })

  it('is not exercised where everything may go', () => {
    const struck = () => story().sent(1, 0).fault('powerLoss')
    for (const idle of [struck().audit([]), struck().audit([1]), story().sent(1, 0).audit([1])]) {
      expect(judged('DUR-2', idle)).toEqual({ anomalies: [], evidence: null })
      expect(sabotaged('DUR-2', idle)).toBeNull()
    }
  })

  it('finds a hole', () => {
    const hole = story().sent(1, 0, { queue: '1', nth: 0 }).sent(2, 0, { nth: 1 }).fault('powerLoss').audit([2]).audit([], { queue: '1' })
    expect(judged('DUR-2', hole).anomalies).toMatchObject([
      {
        name: 'hole',
        summary: 'm1 (T:1@0) was acknowledged and is gone, although m2 (T:0@0), which lay behind it, survived',
      },
    ])
  })

  it('does not take what was written after the loss for a survivor of it', () => {
    expect(namesIn('DUR-2', story().sent(1, 0).fault('powerLoss').sent(2, 0, { nth: 1 }).audit([2]))).toEqual([])
  })

  it('finds what a process crash took', () => {
    const good = story().sent(1, 0).fault('processKill').audit([1])
    expect(judged('DUR-2', good).evidence).toMatchObject({ chances: 1 })
    expect(sabotaged('DUR-2', good)?.anomalies.map((anomaly) => anomaly.name)).toEqual(['lost without power loss'])
    expect(namesIn('DUR-2', story().sent(1, 0).fault('processKill').audit([]))).toEqual(['lost without power loss'])
  })

  it('finds what was forced and lost', () => {
    const kept = story().invoke(1).append(1, 0).ack(1, 0).force(1).fault('powerLoss').recovered(100).audit([1])
    expect(judged('DUR-2', kept).evidence).toMatchObject({ chances: 1 })
    expect(sabotaged('DUR-2', kept)?.anomalies.map((anomaly) => anomaly.name)).toEqual(['forced and lost'])
    const cut = story().invoke(1).append(1, 0).ack(1, 0).force(1).fault('powerLoss').recovered(0).audit([])
    expect(namesIn('DUR-2', cut)).toEqual(['forced and lost'])
    const unforced = story().invoke(1).append(1, 0).ack(1, 0).fault('powerLoss').recovered(0)
    expect(namesIn('DUR-2', unforced.append(2, 0).force(1).fault('powerLoss').recovered(100).audit([2]))).toEqual([])
    const dead = story().invoke(1).append(1, 0).ack(1, 0).force(1).fault('diskLoss').recovered(0).audit([])
    expect(namesIn('DUR-2', dead)).toEqual([])
  })
})

describe('DUR-3', () => {
  const two = () => story().life('up', 'b1').recovered(0).append(1, 0).dispatch(0).append(2, 1).dispatch(1)
  const down = () => two().fault('powerLoss').life('down', 'b1').life('up', 'b1')

  it('finds a log cut between records and its index with it', () => {
    const good = down().recovered(100).append(3, 1).dispatch(1)
    expect(judged('DUR-3', good)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('DUR-3', good)?.anomalies.map((anomaly) => anomaly.name)).toContain('cut inside a record')
  })

  it('is not exercised by a first start', () => {
    expect(judged('DUR-3', two())).toEqual({ anomalies: [], evidence: null })
    expect(sabotaged('DUR-3', two())).toBeNull()
  })

  it('follows entries that recovery builds anew before it reports', () => {
    expect(namesIn('DUR-3', down().dispatch(1).recovered(200))).toEqual([])
    expect(namesIn('DUR-3', down().dispatch(0, { nth: 1 }).recovered(200))).toEqual(['misplaced index entry'])
  })

  it('finds each kind of damage', () => {
    expect(namesIn('DUR-3', down().recovered(150, 1))).toContain('cut inside a record')
    expect(namesIn('DUR-3', down().recovered(100, 2))).toEqual(['dangling index entry'])
    expect(namesIn('DUR-3', down().recovered(200, 1))).toEqual(['missing index entry'])
    expect(namesIn('DUR-3', down().recovered(100).append(3, 1).dispatch(2, { nth: 1 }))).toContain('misplaced index entry')
    expect(namesIn('DUR-3', down().recovered(100).dispatch(1, { nth: 7 }))).toContain('dangling index entry')
    expect(namesIn('DUR-3', down().recovered(200).keys(100, 200))).toEqual(['key index incomplete'])
    expect(namesIn('DUR-3', down().recovered(200).dispatch(1))).toEqual(['misplaced index entry'])
  })

  it('asks for entries of what was stored when the run came to rest, and not of what followed', () => {
    expect(namesIn('DUR-3', down().recovered(200).append(3, 2).phase('drained'))).toEqual(['missing index entry'])
    expect(namesIn('DUR-3', down().recovered(200).phase('drained').append(3, 2))).toEqual([])
  })

  it('does not ask halves for entries', () => {
    expect(namesIn('DUR-3', down().recovered(200).append(3, 0, { topic: 'HALF', nth: 2, half: true }))).toEqual([])
  })

  it('finds a broker that takes no more messages', () => {
    const mute = down().recovered(200).phase('heal').invoke(3).maybe(3).invoke(4).maybe(4).invoke(5).maybe(5)
    expect(judged('DUR-3', mute, STUCK)).toMatchObject({ anomalies: [{ name: 'does not resume' }] })
    expect(namesIn('DUR-3', mute.sent(6, 2), STUCK)).toEqual([])
  })
})

describe('DUR-4', () => {
  it('finds acknowledgements after their force', () => {
    const good = story().invoke(1).append(1, 0).force(1).ack(1, 0)
    expect(judged('DUR-4', good)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('DUR-4', good)?.anomalies.map((anomaly) => anomaly.name)).toEqual(['acknowledged before force'])
  })

  it('is not exercised where no append is known', () => {
    expect(judged('DUR-4', story().sent(1, 0)).evidence).toBeNull()
    expect(sabotaged('DUR-4', story().sent(1, 0))).toBeNull()
    expect(judged('DUR-4', { events: story().sent(1, 0).events }, DRAINED, stripHeader(HEADER))).toMatchObject({
      evidence: null,
      notExercised: 'no acknowledged message was looked for in a run without faults',
    })
  })

  it('finds one that came too early', () => {
    expect(judged('DUR-4', story().invoke(1).append(1, 0).ack(1, 0)).anomalies).toMatchObject([{ facts: { missingBytes: 100 } }])
  })

  it('does not count as forced what was forced there before the disk was lost', () => {
    const anew = story().append(1, 0).force(1).fault('diskLoss').recovered(0).invoke(2).append(2, 0)
    expect(namesIn('DUR-4', anew.ack(2, 0))).toEqual(['acknowledged before force'])
  })

  it('counts as forced after a crash what was forced before', () => {
    const killed = story().invoke(1).append(1, 0).append(2, 1).force(1).fault('processKill').recovered(200)
    expect(namesIn('DUR-4', killed.ack(1, 0))).toEqual([])
    expect(namesIn('DUR-4', killed.invoke(2).ack(2, 1))).toEqual(['acknowledged before force'])
  })
})
