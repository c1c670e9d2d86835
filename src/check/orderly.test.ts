/** Hand-made histories of groups that listen in order, good and bad: ORD-3 and RBL-3. */
import { describe, expect, it } from 'vitest'
import type { Header } from '../history/event.ts'
import { ms } from '../plan/units.ts'
import { HEADER, IN_ORDER, judged, LIFE, namesIn, sabotaged, story, VALID, type Story } from './testing/histories.ts'

/** How long each event of a hand-made history takes. */
const EVENT = ms(1)

const judgedInOrder = (id: 'ORD-3' | 'RBL-3', told: Story) => judged(id, told, undefined, IN_ORDER)
const names = (id: 'ORD-3' | 'RBL-3', told: Story): string[] => namesIn(id, told, undefined, IN_ORDER)

describe('ORD-3', () => {
  it('finds one message after another', () => {
    const good = story().consumed(1, 0).deliver(2, 1).finish(2, 1, { result: 'fail' }).consumed(2, 1).consumed(3, 2)
    expect(judgedInOrder('ORD-3', good)).toMatchObject({ anomalies: [], evidence: { chances: 3 } })
    expect(sabotaged('ORD-3', good, IN_ORDER)?.anomalies.map(({ name }) => name)).toContain('overlap')
  })

  it('asks nothing of groups that listen concurrently', () => {
    const mixed = story().deliver(1, 0).deliver(2, 1).finish(2, 1).finish(1, 0)
    expect(judged('ORD-3', mixed, undefined, HEADER)).toMatchObject({
      anomalies: [],
      evidence: null,
      notExercised: 'no group listens in order',
    })
    expect(sabotaged('ORD-3', mixed, HEADER)).toBeNull()
  })

  it('finds two listeners at one queue, and not at two', () => {
    const bad = story().deliver(1, 0).deliver(1, 0, { p: 'c2' })
    expect(judgedInOrder('ORD-3', bad).anomalies).toMatchObject([
      {
        name: 'overlap',
        summary: 'm1 (T:0@0) was delivered to c2 while c1 worked on m1 of that queue',
        facts: { paused: false, other: 'c1' },
      },
    ])
    expect(names('ORD-3', story().deliver(1, 0).deliver(2, 0, { queue: '1' }))).toEqual([])
  })

  it('says when one of the two stood still', () => {
    const bad = story().deliver(1, 0).fault('pause', 'c1').deliver(1, 0, { p: 'c2' })
    expect(judgedInOrder('ORD-3', bad).anomalies[0]?.facts['paused']).toBe(true)
  })

  it('lets a listener end with its process', () => {
    expect(names('ORD-3', story().deliver(1, 0).fault('processKill', 'c1').deliver(1, 0, { p: 'c2' }))).toEqual([])
    expect(names('ORD-3', story().deliver(1, 0).life('down', 'c1').deliver(1, 0, { p: 'c2' }))).toEqual([])
    expect(names('ORD-3', story().deliver(1, 0).phase('fresh').deliver(1, 0, { p: 'c2' }))).toEqual([])
  })

  it('finds a message that came before its turn, and one that came after', () => {
    const failed = story().deliver(1, 0).finish(1, 0, { result: 'fail' }).deliver(2, 1)
    expect(judgedInOrder('ORD-3', failed).anomalies).toMatchObject([
      { name: 'overtaken', summary: 'm2 (T:0@1) was delivered before m1 at offset 0 was finished' },
    ])
    expect(judgedInOrder('ORD-3', story().consumed(2, 1).consumed(1, 0)).anomalies).toMatchObject([
      { name: 'overtaken', summary: 'm1 (T:0@0) was delivered after offset 1 of its queue' },
    ])
  })

  it('lets messages of one call come together, and no others', () => {
    const header: Header = { ...IN_ORDER, groups: IN_ORDER.groups.map((group) => ({ ...group, batch: { max: 3, verdict: 'whole' } })) }
    const call =
      (...offsets: readonly number[]) =>
      (told: Story) => {
        for (const offset of offsets) told.deliver(offset + 1, offset).wait(-EVENT)
        return told.wait(EVENT)
      }
    const failed = (told: Story) => told.finish(1, 0, { result: 'fail' }).finish(2, 1, { result: 'fail' })
    const good = call(0, 1, 2)(failed(call(0, 1)(story())))
    expect(judged('ORD-3', good, undefined, header)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('ORD-3', good, header)?.anomalies.map(({ name }) => name)).toContain('overlap')
    expect(namesIn('ORD-3', call(2)(failed(call(0, 1)(story()))), undefined, header)).toEqual(['overtaken'])
    expect(namesIn('ORD-3', call(1, 0)(story()), undefined, header)).toEqual(['overtaken'])
    expect(namesIn('ORD-3', call(1)(call(0)(story())), undefined, header)).toEqual(['overlap', 'overtaken'])
    // Where a listener is given one message at a time, two are two calls.
    expect(names('ORD-3', call(0, 1)(story()))).toEqual(['overlap', 'overtaken'])
  })

  it('lets messages come again in any order', () => {
    expect(names('ORD-3', story().consumed(1, 0).consumed(2, 1).consumed(1, 0).consumed(2, 1).consumed(3, 2))).toEqual([])
  })

  it('asks for nothing twice that was finished after a reset, and for all that the next reset brings back', () => {
    const moved = () => story().reset(0).assign(0).consumed(1, 0)
    const again = (told: Story) => told.assign(0, { p: 'c2' }).deliver(1, 0, { p: 'c2' }).finish(1, 0, { p: 'c2', result: 'fail' })
    expect(names('ORD-3', again(moved()).consumed(2, 1))).toEqual([])
    expect(names('ORD-3', again(moved().reset(0)).consumed(2, 1))).toEqual(['overtaken'])
  })

  it('begins anew where the end of a queue was lost', () => {
    const lost = story().consumed(1, 0).deliver(2, 1).finish(2, 1, { result: 'fail' }).consumed(3, 1).consumed(4, 2)
    expect(names('ORD-3', lost)).toEqual([])
  })
})

describe('RBL-3', () => {
  const granted = (): Story => story().table('granted', 'c1#0').lock()

  it('finds a lock that goes from hand to hand', () => {
    const good = granted()
      .consumed(1, 0)
      .unlock()
      .table('released', 'c1#0')
      .table('granted', 'c2#0')
      .lock({ p: 'c2' })
      .consumed(2, 1, { p: 'c2' })
    expect(judgedInOrder('RBL-3', good)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('RBL-3', good, IN_ORDER)?.anomalies.map(({ name }) => name)).toContain('granted twice')
  })

  it('is not exercised where one has it all the time', () => {
    expect(judgedInOrder('RBL-3', granted().table('renewed', 'c1#0').lock().consumed(1, 0)).evidence).toBeNull()
  })

  it('finds a lock that two have', () => {
    expect(names('RBL-3', granted().table('granted', 'c2#0'))).toEqual(['granted twice'])
    expect(
      names(
        'RBL-3',
        granted()
          .table('renewed', 'c1#0')
          .wait(LIFE / 2)
          .table('granted', 'c2#0'),
      ),
    ).toEqual(['granted twice'])
    expect(names('RBL-3', granted().wait(LIFE).table('expired', 'c1#0').table('granted', 'c2#0'))).toEqual([])
    const other = granted().table('released', 'c3#0').table('granted', 'c2#0')
    expect(names('RBL-3', other)).toEqual(['granted twice'])
  })

  it('says when the broker was restarted meanwhile', () => {
    const crashed = (told: Story) => judgedInOrder('RBL-3', told.table('granted', 'c2#0')).anomalies[0]?.facts['crashed']
    expect(crashed(granted().fault('processKill', 'b1'))).toBe(true)
    // It still granted a lock after it had been asked to stop.
    expect(crashed(story().fault('gracefulRestart', 'b1').table('granted', 'c1#0').life('down', 'b1'))).toBe(true)
    expect(crashed(story().fault('processKill', 'b1').table('granted', 'c1#0'))).toBe(false)
  })

  it('finds work without a lock', () => {
    expect(names('RBL-3', story().consumed(1, 0))).toEqual(['processed without lock'])
    expect(names('RBL-3', granted().lock({ refused: true }).consumed(1, 0))).toEqual(['processed without lock'])
    expect(names('RBL-3', granted().unlock().consumed(1, 0))).toEqual(['processed without lock'])
    expect(names('RBL-3', granted().wait(VALID).consumed(1, 0))).toEqual(['processed without lock'])
    expect(names('RBL-3', granted().life('down', 'c1').life('up', 'c1').consumed(1, 0))).toEqual(['processed without lock'])
    expect(
      names(
        'RBL-3',
        granted()
          .wait(VALID / 2)
          .consumed(1, 0),
      ),
    ).toEqual([])
  })

  it("finds work that ends when the lock may be another's", () => {
    expect(names('RBL-3', granted().deliver(1, 0).wait(VALID).finish(1, 0))).toEqual([])
    expect(names('RBL-3', granted().deliver(1, 0).wait(LIFE).finish(1, 0))).toEqual(['outlived its lock'])
    expect(names('RBL-3', granted().deliver(1, 0).wait(VALID).table('renewed', 'c1#0').lock().wait(VALID).finish(1, 0))).toEqual([])
  })
})

describe('RBL-3 from outside', () => {
  const outside = { ...IN_ORDER, records: IN_ORDER.records.filter((kind) => !kind.startsWith('white:')) }
  const seen = (told: Story) => judged('RBL-3', told, undefined, outside)
  const found = (told: Story): string[] => namesIn('RBL-3', told, undefined, outside)
  const held = (): Story => story().lock()

  it('finds a lock that goes from hand to hand', () => {
    const good = held().consumed(1, 0).unlock().lock({ p: 'c2' }).consumed(2, 1, { p: 'c2' })
    expect(seen(good)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('RBL-3', good, outside)?.anomalies.map(({ name }) => name)).toContain('granted twice')
  })

  it('is not exercised where one has it all the time', () => {
    expect(seen(held().lock().consumed(1, 0))).toMatchObject({ evidence: null, notExercised: 'no lock went from one client to another' })
  })

  it('finds a lock that two have', () => {
    expect(found(held().lock({ p: 'c2' }))).toEqual(['granted twice'])
    expect(found(held().wait(VALID).lock({ p: 'c2' }))).toEqual([])
    expect(found(held().lock({ refused: true }).lock({ p: 'c2' }))).toEqual([])
    expect(found(held().lock({ p: 'c2', queue: '1' }))).toEqual([])
  })

  it('finds a lock that a dead process has', () => {
    const restarted = (kind: 'processKill' | 'gracefulRestart') => held().fault(kind, 'c1')
    expect(found(restarted('processKill').lock())).toEqual(['granted twice'])
    expect(found(restarted('processKill').lock({ refused: true }).wait(VALID).lock())).toEqual([])
    expect(found(restarted('gracefulRestart').unlock().lock())).toEqual([])
    expect(found(held().phase('fresh').lock())).toEqual(['granted twice'])
  })

  it('says when the broker was restarted meanwhile', () => {
    const crashed = (told: Story) => seen(told.lock({ p: 'c2' })).anomalies[0]?.facts['crashed']
    expect(crashed(held().fault('gracefulRestart', 'b1'))).toBe(true)
    expect(crashed(story().fault('gracefulRestart', 'b1').lock())).toBe(false)
  })

  it('finds work without a lock', () => {
    const without = ['processed without lock']
    expect(found(story().consumed(1, 0))).toEqual(without)
    expect(found(held().lock({ refused: true }).consumed(1, 0))).toEqual(without)
    expect(found(held().unlock().consumed(1, 0))).toEqual(without)
    expect(found(held().wait(VALID).consumed(1, 0))).toEqual(without)
    expect(found(held().fault('processKill', 'c1').consumed(1, 0))).toEqual(without)
    expect(found(held().consumed(1, 0))).toEqual([])
  })
})
