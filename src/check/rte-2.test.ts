/** Hand-made histories of clients and the routes that they go by, good and bad: RTE-2. */
import { describe, expect, it } from 'vitest'
import { ms, seconds } from '../plan/units.ts'
import type { Findings } from './checker.ts'
import { DRAINED, HEADER, judged, sabotaged, story, type Story } from './testing/histories.ts'

const THREE = { ...HEADER, brokers: ['b1', 'b2', 'b3'] }
const found = (told: Story): Findings => judged('RTE-2', told, DRAINED, THREE)
const names = (told: Story): string[] => found(told).anomalies.map(({ name }) => name)

const both = (told: Story): Story => told.registered('b1').registered('b2')
/** A client goes by two brokers, of which one goes. */
const started = (): Story => both(story().life('up', 'n1').life('up', 'p1')).routed(['b1', 'b2'])
const shrunk = (): Story => started().rest(seconds(10)).unregistered('closed', 'b2')

describe('RTE-2', () => {
  it('finds a client that is told in time', () => {
    const good = shrunk().rest(seconds(29)).routed(['b1']).end()
    expect(found(good)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('RTE-2', good, THREE)?.anomalies.map(({ name }) => name)).toEqual(['never held'])
  })

  it('is not exercised where a client has one route all the time', () => {
    expect(found(started().rest(seconds(300)).end()).evidence).toBeNull()
  })

  it('asks nothing of a cluster with one broker', () => {
    expect(judged('RTE-2', shrunk().rest(seconds(90)).end(), DRAINED, HEADER).evidence).toBeNull()
  })

  it('finds a client that goes on with what was long ago', () => {
    expect(names(shrunk().rest(seconds(33)).end())).toEqual([])
    expect(found(shrunk().rest(seconds(35)).end()).anomalies).toMatchObject([
      { name: 'stale', facts: { client: 'p1', nameserver: 'n1', clockSet: false } },
    ])
  })

  it('counts from the last time that its list was held', () => {
    expect(names(shrunk().rest(seconds(20)).registered('b2').rest(seconds(60)).end())).toEqual([])
    const twice = shrunk().rest(seconds(20)).unregistered('closed', 'b1').registered('b3').rest(seconds(16)).end()
    expect(names(twice)).toEqual([])
    expect(names(shrunk().rest(seconds(20)).registered('b3').rest(seconds(16)).end())).toEqual(['stale'])
  })

  it('lets a client keep its route where nobody has the topic', () => {
    expect(names(shrunk().unregistered('closed', 'b1').rest(seconds(100)).end())).toEqual([])
  })

  it('finds a list that was not held when it was told', () => {
    expect(names(started().routed(['b1', 'b3']).end())).toEqual(['never held'])
    expect(names(shrunk().routed(['b1']).rest(seconds(2)).registered('b2').rest(seconds(5)).routed(['b2']).end())).toEqual(['never held'])
    expect(names(started().unregistered('closed', 'b2').rest(seconds(2)).routed(['b1', 'b2'], { p: 'p2' }).end())).toEqual([])
  })

  it('judges nobody who cannot ask, or may be asking somebody else', () => {
    expect(names(started().fault('cut', 'p1|n1').unregistered('closed', 'b2').rest(seconds(90)).end())).toEqual([])
    expect(names(started().fault('pause', 'p1').unregistered('closed', 'b2').rest(seconds(90)).end())).toEqual([])
    expect(names(shrunk().life('down', 'p1').rest(seconds(90)).end())).toEqual([])
    const other = started().life('down', 'n1').life('up', 'n1').registered('b1').rest(seconds(90)).end()
    expect(names(other)).toEqual([])
  })

  it('does not compare frozen lists', () => {
    const frozen = shrunk()
    const [route] = frozen.events.filter((event) => event.type === 'ok' && event.f === 'route')
    if (route?.type === 'ok' && route.f === 'route') Object.assign(route.v, { frozen: true })
    expect(names(frozen.rest(seconds(90)).end())).toEqual([])
  })

  it('wants a silent broker to be gone by 158 s after it was heard of', () => {
    const last = started().unregistered('closed', 'b1').routed(['b2']).rest(seconds(125)).expired('b2')
    const alone = last.rest(seconds(50)).registered('b1').routed(['b1'])
    expect(names(alone.end())).toEqual([])
    const silent = (us: number): Story => started().rest(us).registered('b1').expired('b2').rest(ms(1)).routed(['b1']).end()
    expect(names(silent(seconds(157)))).toEqual([])
    expect(names(silent(seconds(161)))).toEqual(['noticed late'])
    expect(found(started().fault('clockJump', 'n1').rest(seconds(200)).end()).anomalies[0]).toMatchObject({
      name: 'noticed late',
      facts: { clockSet: true },
    })
  })
})
