/** Hand-made histories for RTE-1 and RTE-3, good and bad. */
import { describe, expect, it } from 'vitest'
import { ms, seconds } from '../plan/units.ts'
import { HEADER, judged, namesIn, sabotaged, story, type Story } from './testing/histories.ts'

const booted = (): Story => story().life('up', 'n1').life('up', 'b1')
/** Heard of every 30 s, so often. */
function regular(told: Story, times: number): Story {
  for (let k = 0; k < times; k++) told.registered().rest(seconds(30))
  return told
}

describe('RTE-1', () => {
  it('finds a broker that registers in time, and one that is dropped in time', () => {
    const good = regular(booted(), 3).rest(seconds(92)).expired().end()
    expect(judged('RTE-1', good)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('RTE-1', good)?.anomalies.map(({ name }) => name)).toContain('expired early')
  })

  it('is not exercised where a cluster boots, and no more', () => {
    expect(judged('RTE-1', booted().registered().end()).evidence).toBeNull()
    expect(judged('RTE-1', booted().rest(seconds(60)).end(), undefined, { ...HEADER, nameservers: undefined })).toEqual({
      anomalies: [],
      evidence: null,
    })
  })

  it('waits for a registration for one period', () => {
    expect(namesIn('RTE-1', booted().rest(seconds(31)).registered().end())).toEqual([])
    expect(namesIn('RTE-1', booted().rest(seconds(32)).registered().end())).toEqual(['not registered'])
    expect(namesIn('RTE-1', booted().registered().life('down', 'n1').life('up', 'n1').rest(seconds(32)).end())).toEqual(['not registered'])
    expect(namesIn('RTE-1', booted().registered().life('down', 'b1').unregistered('closed').rest(seconds(100)).end())).toEqual([])
  })

  it('waits for nobody who cannot talk, or has said goodbye', () => {
    expect(namesIn('RTE-1', booted().fault('cut', 'n1|b1').rest(seconds(100)).phase('heal').rest(seconds(31)).end())).toEqual([])
    expect(namesIn('RTE-1', booted().fault('cut', 'p1|b1').rest(seconds(100)).end())).toEqual(['not registered'])
    expect(namesIn('RTE-1', booted().fault('netLoss', 'b1>*').rest(seconds(100)).phase('heal').rest(seconds(40)).end())).toEqual([
      'not registered',
    ])
    expect(namesIn('RTE-1', booted().registered().fault('gracefulRestart').unregistered('stopped').rest(seconds(60)).end())).toEqual([])
  })

  it('wants silent brokers to go after 120 s and a scan, neither earlier nor later', () => {
    expect(namesIn('RTE-1', booted().registered().rest(seconds(119)).expired().end())).toEqual(['expired early'])
    expect(namesIn('RTE-1', booted().registered().life('down', 'b1').rest(seconds(126)).expired().end())).toEqual([])
    expect(namesIn('RTE-1', booted().registered().life('down', 'b1').rest(seconds(127)).end())).toEqual(['kept too long'])
  })

  it('says when the clock of the NameServer was set', () => {
    const jumped = booted().registered().fault('clockJump', 'n1').rest(ms(500)).expired()
    expect(judged('RTE-1', jumped).anomalies).toMatchObject([{ name: 'expired early', facts: { clockSet: true, broker: 'b1' } }])
  })

  it('tells the close of an old connection from that of the present one', () => {
    const late = booted().registered().life('down', 'b1').life('up', 'b1').registered().unregistered('closed')
    expect(namesIn('RTE-1', late)).toEqual(['removed while connected'])
    expect(namesIn('RTE-1', booted().registered().life('down', 'b1').life('up', 'b1').unregistered('closed').registered())).toEqual([])
  })
})

describe('RTE-3', () => {
  const anyQueue = { anyQueue: true }
  const started = (): Story => booted().life('up', 'p1').registered().routed(['b1'])
  const without = (): Story => started().life('down', 'n1').invoke(1, anyQueue)
  const two = { ...HEADER, nameservers: ['n1', 'n2'] }

  it('finds clients that go on without NameServers', () => {
    const good = without().ack(1, 0)
    expect(judged('RTE-3', good)).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('RTE-3', good)?.anomalies.map(({ name }) => name)).toEqual(['route lost'])
    expect(judged('RTE-3', started().invoke(1, anyQueue).ack(1, 0)).evidence).toBeNull()
  })

  it('finds a route that is lost, and one that is not found', () => {
    expect(namesIn('RTE-3', without().refused(1, 'NO_ROUTE'))).toEqual(['route lost'])
    expect(namesIn('RTE-3', without().refused(1, 'CONNECTION_REFUSED'))).toEqual([])
    const cold = (): Story => booted().life('up', 'p1').registered()
    expect(namesIn('RTE-3', cold().rest(seconds(20)).invoke(1, anyQueue).refused(1, 'NO_ROUTE'))).toEqual(['no cold start'])
    const lonely = booted().life('up', 'p1').rest(seconds(20)).invoke(1, anyQueue).refused(1, 'NO_ROUTE')
    expect(namesIn('RTE-3', lonely)).toEqual([])
  })

  it('asks nothing of a client while a NameServer that may have answered knows of no master', () => {
    const lost = (told: Story): string[] =>
      namesIn('RTE-3', told.rest(seconds(20)).invoke(1, anyQueue).refused(1, 'NO_ROUTE'), undefined, two)
    const cold = (): Story => booted().life('up', 'p1').registered()
    expect(lost(cold())).toEqual(['no cold start'])
    expect(lost(cold().life('up', 'n2'))).toEqual([])
    expect(lost(cold().life('up', 'n2').registered('b1', 'n2'))).toEqual(['no cold start'])
    expect(lost(cold().life('up', 'n2').registered('b1', 'n2').unregistered('demoted'))).toEqual([])
  })

  it('wants all NameServers to know the same after the faults', () => {
    const apart = (): Story => booted().life('up', 'n2').registered().phase('heal').rest(seconds(31))
    expect(namesIn('RTE-3', apart().registered('b1', 'n2').rest(seconds(9)).end(), undefined, two)).toEqual([])
    expect(namesIn('RTE-3', apart().rest(seconds(9)).end(), undefined, two)).toEqual(['not converged'])
  })
})
