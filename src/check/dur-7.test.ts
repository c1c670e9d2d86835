/** Hand-made histories of a Raft group, good and bad: DUR-7, and what else goes by who leads. */
import { describe, expect, it } from 'vitest'
import type { Header } from '../history/event.ts'
import { DRAINED, HEADER, judged, namesIn, sabotaged, SIZE, Story } from './testing/histories.ts'

const GROUP: Header = {
  ...HEADER,
  slaves: [
    { name: 'b2', of: 'b1' },
    { name: 'b3', of: 'b1' },
  ],
}

class Grouped extends Story {
  leads(p: string, term: number): this {
    return this.add({ p, type: 'white', f: 'leads', v: { broker: 'b1', term } })
  }

  committed(p: string, message: number, offset: number, term: number, entryTerm = term): this {
    const v = { topic: 'T', queue: '0', offset, message, at: offset * SIZE, term, entryTerm }
    return this.add({ p, type: 'white', f: 'committed', v })
  }

  /** Sent, committed and acknowledged by its leader. */
  whole(message: number, offset: number, leader = 'b1', term = 1): this {
    return this.invoke(message).committed(leader, message, offset, term).ack(message, offset, { broker: leader })
  }
}

const story = (): Grouped => new Grouped().leads('b1', 1)
const names = (told: Story): string[] => namesIn('DUR-7', told, DRAINED, GROUP)

describe('DUR-7', () => {
  const good = story().whole(1, 0).fault('processKill').leads('b2', 2).committed('b2', 1, 0, 2, 1).whole(2, 1, 'b2', 2).audit([1, 2])

  it('is kept where another leader has what was acknowledged', () => {
    expect(judged('DUR-7', good, DRAINED, GROUP)).toMatchObject({ anomalies: [], evidence: { chances: 2 } })
    expect(sabotaged('DUR-7', good, GROUP)?.anomalies.map(({ name }) => name)).toEqual(['lost'])
  })

  it('is broken by what is gone, and says whether a majority was struck', () => {
    const one = story().whole(1, 0).fault('processKill').leads('b2', 2).audit([])
    expect(judged('DUR-7', one, DRAINED, GROUP).anomalies).toMatchObject([{ name: 'lost', facts: { majorityStruck: false } }])
    const two = story().whole(1, 0).fault('powerLoss').fault('powerLoss', 'b3').audit([])
    expect(judged('DUR-7', two, DRAINED, GROUP).anomalies).toMatchObject([{ name: 'lost', facts: { majorityStruck: true } }])
    const linked = (on: string): unknown =>
      judged('DUR-7', story().whole(1, 0).fault('powerLoss').fault('cut', on).audit([]), DRAINED, GROUP).anomalies[0]?.facts[
        'majorityStruck'
      ]
    expect(['b2>b3', 'b1|b2', 'b2|*'].filter((on) => linked(on) !== true)).toEqual([])
    expect(['n1', 'p1>b2', 'b1|*', 'b3>n1'].filter((on) => linked(on) !== false)).toEqual([])
  })

  it('is broken by an offset that is committed with two messages, once', () => {
    const replaced = story().committed('b1', 1, 0, 1).leads('b2', 2).committed('b2', 2, 0, 2)
    expect(names(replaced.audit([2]))).toEqual(['replaced'])
    const older = story().committed('b1', 1, 0, 3, 1).committed('b2', 2, 0, 4)
    expect(judged('DUR-7', older, DRAINED, GROUP).anomalies).toMatchObject([{ facts: { olderTerm: true } }])
    expect(names(story().committed('b1', 1, 0, 1).committed('b2', 1, 0, 2, 1).audit([1]))).toEqual([])
  })

  it('is broken by two leaders of one term, and not by one that is elected again', () => {
    expect(names(story().leads('b2', 2).leads('b3', 2))).toEqual(['two leaders'])
    expect(names(story().leads('b1', 1).leads('b3', 2))).toEqual([])
  })

  it('is exercised by nothing that nobody struck, and says so of queues that nobody could read', () => {
    expect(judged('DUR-7', story().whole(1, 0).audit([1]), DRAINED, GROUP).evidence).toBeNull()
    expect(judged('DUR-7', story().whole(1, 0).fault('processKill'), DRAINED, GROUP)).toMatchObject({ unknown: 'T:0 was not audited' })
  })
})

it('ORD-2 counts what any member of a group has lost since the message was sent', () => {
  const torn = story().invoke(1).fault('powerLoss', 'b2').ack(1, 0).consumed(1, 0).pull(1, 0, { digest: 5 })
  expect(judged('ORD-2', torn, DRAINED, GROUP).anomalies).toMatchObject([{ name: 'changed', facts: { loss: 'powerLoss' } }])
})
