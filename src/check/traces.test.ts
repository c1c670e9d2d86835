/** Hand-made traces, true and false, with lines missing that may be missing and lines that may not. */
import { describe, expect, it } from 'vitest'
import type { Event, Header } from '../history/event.ts'
import type { Span } from '../history/traces.ts'
import { seconds } from '../plan/units.ts'
import { DRAINED, HEADER, judged, namesIn, sabotaged, story, type Story } from './testing/histories.ts'

const LOOKED: Header = { ...HEADER, queries: true }

const line = (kind: Span['kind'], more: Partial<Span> = {}): Span => ({
  kind,
  client: kind === 'Pub' ? 'p1' : 'c1',
  group: kind === 'Pub' ? '' : 'g',
  message: 1,
  delivery: kind === 'Pub' ? 0 : deliveryIn(life()),
  success: true,
  toldUs: 0,
  ...more,
})
const deliveryIn = ({ events }: Story): number => events.find((event) => event.type === 'invoke' && event.f === 'consume')?.op ?? -1

/** Message 1 is acknowledged, and c1 is done with it. */
function life(): Story {
  const told = story().invoke(1).append(1, 0).ack(1, 0).dispatch(0).deliver(1, 0)
  return told.finish(1, 0, { delivery: deliveryIn(told) })
}

const asked = (told: Story, ...answer: Parameters<Story['traced']> extends [number, ...infer Rest] ? Rest : never): string[] =>
  namesIn('QRY-1', told.traced(1, ...answer), DRAINED, LOOKED)
const isTrace = (event: Event): boolean => event.type === 'ok' && event.f === 'trace'

describe('a trace', () => {
  it('tells what has happened', () => {
    const told = life()
    expect(asked(told, [line('Pub'), line('SubBefore'), line('SubAfter')])).toEqual([])
    expect(sabotaged('QRY-1', told, LOOKED)?.anomalies.map(({ name }) => name)).toEqual(['false trace'])
    expect(told.events.some(isTrace)).toBe(true)
  })

  it('is false where it tells of a success that was none, of another message, or of a call that nobody had', () => {
    expect(asked(life(), [line('SubAfter', { success: false })])).toEqual(['false trace'])
    expect(asked(life(), [line('Pub', { message: 2 })])).toEqual(['false trace'])
    expect(asked(life(), [line('SubBefore', { client: 'c2' })])).toEqual(['false trace'])
    expect(asked(story().invoke(1).maybe(1), [line('Pub')])).toEqual(['false trace'])
    // That an attempt was stored without its force is no lie, whatever came of it in the end.
    expect(asked(life(), [line('Pub', { success: false })])).toEqual([])
  })

  it('has no chance in a line that nothing can belie', () => {
    const failed = line('Pub', { success: false })
    expect(judged('QRY-1', life().traced(1, [failed]), DRAINED, LOOKED).evidence).toBeNull()
    const both = life().traced(1, [failed, line('Pub')])
    expect(sabotaged('QRY-1', both, LOOKED)?.anomalies.map(({ name }) => name)).toEqual(['false trace'])
  })

  it('has time: what is missing is missed sixteen seconds later', () => {
    expect(asked(life(), [])).toEqual([])
    expect(asked(life().wait(seconds(20)), [line('Pub')])).toEqual(['untraced'])
    expect(asked(life().wait(seconds(20)), [line('SubAfter')])).toEqual(['untraced'])
    expect(asked(life().wait(seconds(20)), [line('Pub'), line('SubAfter')])).toEqual([])
  })

  it('may lack what somebody should have told whom a fault has reached, and nobody else', () => {
    const struck = (on: string): unknown =>
      judged(
        'QRY-1',
        life()
          .fault('processKill', on)
          .wait(seconds(20))
          .traced(1, [line('SubAfter')]),
        DRAINED,
        LOOKED,
      ).anomalies[0]?.facts['struck']
    expect(['p1', 'b1', 'n1', 'p1|n1', 'c1', 'c2>c1'].map(struck)).toEqual([true, true, true, true, false, false])
  })

  it('is not missed where a broker has not answered, or tells of as many records as it may', () => {
    expect(asked(life().wait(seconds(20)), [], { asked: ['b1', 'b2'] })).toEqual([])
    expect(asked(life().wait(seconds(20)), [], { found: 64 })).toEqual([])
  })
})
