/** Hand-made histories of masters that are elected or promoted, good and bad: HA-2. */
import { describe, expect, it } from 'vitest'
import type { Header } from '../history/event.ts'
import { seconds } from '../plan/units.ts'
import { ELECTED_WITHIN } from './ha-2.ts'
import { COPIED } from './testing/copying.ts'
import { DRAINED, judged, namesIn, sabotaged, Story } from './testing/histories.ts'

const ELECTED: Header = { ...COPIED, controllers: ['k1'] }

class Electing extends Story {
  inSync(...set: readonly string[]): this {
    return this.add({ p: 'k1', type: 'white', f: 'inSync', v: { broker: 'b1', set } })
  }

  master(p: string, epoch: number): this {
    return this.add({ p, type: 'white', f: 'role', v: { role: 'master', epoch, end: 0 } })
  }

  slave(p: string): this {
    return this.add({ p, type: 'white', f: 'role', v: { role: 'slave', epoch: 0, end: 0 } })
  }
}

/** b1 is master, and both are in sync. */
const begun = (): Electing => new Electing().life('up', 'b1').life('up', 'b1s').elected('b1', 1).master('b1', 1).inSync('b1', 'b1s')
const acknowledged = (): Electing => begun().invoke(1).append(1, 0).ack(1, 0)
const succeeded = (): Electing => acknowledged().elected('b1s', 2).master('b1s', 2)
const names = (told: Electing): string[] => namesIn('HA-2', told, DRAINED, ELECTED)

describe('HA-2', () => {
  it('is kept by a message that outlives its master, and broken by one that does not', () => {
    const good = succeeded().audit([1])
    expect(judged('HA-2', good, DRAINED, ELECTED)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('HA-2', good, ELECTED)?.anomalies.map(({ name }) => name)).toEqual(['lost in a failover'])
    expect(names(succeeded().audit([]))).toEqual(['lost in a failover'])
  })

  it('asks for nothing where nobody is elected, or nobody else', () => {
    expect(judged('HA-2', acknowledged().audit([]), DRAINED, ELECTED)).toMatchObject({ anomalies: [], evidence: null })
  })

  it('is broken by two masters in an epoch', () => {
    expect(names(begun().elected('b1s', 1))).toEqual(['two masters'])
    expect(names(begun().master('b1s', 1))).toEqual(['two masters'])
    expect(names(begun().elected('b1s', 2).master('b1s', 2))).toEqual([])
  })

  it('is broken by what a master acknowledges that has stored it after its successor was elected', () => {
    const late = begun().elected('b1s', 2).invoke(1).append(1, 0).ack(1, 0)
    expect(names(late.audit([1]))).toEqual(['acknowledged by a deposed master'])
    expect(names(begun().invoke(1).append(1, 0).elected('b1s', 2).ack(1, 0).audit([1]))).toEqual([])
  })

  it('is broken where nobody takes the place of a master that has died', () => {
    const orphaned = (): Electing => begun().wait(seconds(60)).fault('powerLoss').life('down', 'b1')
    expect(
      names(
        orphaned()
          .wait(ELECTED_WITHIN + seconds(1))
          .elected('b1s', 2)
          .master('b1s', 2),
      ),
    ).toEqual(['no master'])
    expect(names(orphaned().wait(seconds(15)).elected('b1s', 2).master('b1s', 2))).toEqual([])
    expect(
      names(
        orphaned()
          .fault('pause', 'k1')
          .wait(ELECTED_WITHIN + seconds(1)),
      ),
    ).toEqual([])
    expect(names(begun().inSync('b1').wait(seconds(60)).fault('powerLoss').life('down', 'b1').wait(seconds(60)))).toEqual([])
  })

  it('goes by who was made master by hand', () => {
    const byHand: Header = { ...COPIED, promotions: true }
    const judgedByHand = (told: Electing): string[] => namesIn('HA-2', told, DRAINED, byHand)
    const first = (): Electing => new Electing().life('up', 'b1').life('up', 'b1s').invoke(1).append(1, 0).ack(1, 0)
    const promoted = (): Electing => first().life('down', 'b1').life('down', 'b1s').wait(10).life('up', 'b1s').master('b1s', 0).wait(10)
    const followed = (): Electing => promoted().life('up', 'b1').slave('b1').wait(10)
    expect(judged('HA-2', followed().audit([1]), DRAINED, byHand)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(judgedByHand(followed().audit([]))).toEqual(['lost in a failover'])
    // Who is master already, and starts again, says so again.
    const again = followed().invoke(2).append(2, 1, { p: 'b1s' }).ack(2, 1, { broker: 'b1s' }).life('down', 'b1s').life('up', 'b1s')
    expect(judgedByHand(again.master('b1s', 0).wait(10).audit([1]))).toEqual([])
    const second = promoted().life('up', 'b1').wait(10).invoke(2).append(2, 1).ack(2, 1)
    expect(judgedByHand(second.audit([1, 2]))).toEqual(['two masters', 'acknowledged by a deposed master'])
  })
})
