/** What people type, and what they are told when it is wrong. */
import { describe, expect, it } from 'vitest'
import { parseFaultTable } from './fault-page.ts'
import { parsePage, selectGuarantees } from './guarantee-pages.ts'
import { durationMs, integer, list, seed } from './options.ts'
import { nearest } from '../plan/nearest.ts'
import { unknownName } from './suggest.ts'

describe('options', () => {
  it('read durations with their units', () => {
    expect(['250ms', '30s', '1.5h', '10m'].map(durationMs('--time'))).toEqual([250, 30_000, 5_400_000, 600_000])
  })

  it.each(['10', '0s', '-1s', 'ten', '5d'])('refuse %s as a duration', (text) => {
    expect(() => durationMs('--time')(text)).toThrow(`--time ${text}: a duration with its unit, such as 30s, 10m or 2h`)
  })

  it('read whole numbers within bounds', () => {
    expect(integer('--runs', 1)('500')).toBe(500)
    expect(() => integer('--runs', 1)('0')).toThrow('--runs 0: a whole number from 1')
    expect(() => integer('--jobs', 1, 64)('65')).toThrow('--jobs 65: a whole number from 1 to 64')
    expect(() => integer('--runs', 1)('1e3')).toThrow('--runs 1e3')
  })

  it('read lists', () => {
    expect(list('--only')('DUR-1, ALO')).toEqual(['DUR-1', 'ALO'])
    expect(() => list('--only')(' , ')).toThrow('--only: names, with commas between them')
  })

  it('take any word as a seed', () => {
    expect(seed('nightly-7')).toBe('nightly-7')
    expect(() => seed('a b')).toThrow('--seed a b')
  })
})

describe('suggestions', () => {
  const known = ['ack-before-force', 'ack-before-append', 'skip-recovery']

  it('name what is near, nearest first', () => {
    expect(nearest('ack-befor-force', known)).toEqual(['ack-before-force', 'ack-before-append'])
    expect(unknownName('mutant', 'skip-recover', known, 'mqproof list mutants').message).toBe(
      'unknown mutant "skip-recover": did you mean skip-recovery? (mqproof list mutants shows all)',
    )
  })

  it('point to the list when nothing is near', () => {
    expect(unknownName('mutant', 'q', ['zebra'], 'mqproof list mutants').message).toBe('unknown mutant "q": see mqproof list mutants')
  })
})

describe('--only', () => {
  const known = ['ALO-1', 'DUR-1', 'DUR-2']

  it('takes ids and families, in any case, each once', () => {
    expect(selectGuarantees(['dur', 'DUR-1'], known)).toEqual(['DUR-1', 'DUR-2'])
  })

  it('suggests for what it does not know', () => {
    expect(() => selectGuarantees(['DUR-9'], known)).toThrow('unknown guarantee "DUR-9": did you mean DUR-1')
    // A family is not a prefix.
    expect(() => selectGuarantees(['DU'], known)).toThrow('unknown guarantee "DU"')
  })
})

describe('pages', () => {
  it('open with id and title, then the promise', () => {
    const page = parsePage('# DUR-1: Sync flush survives a crash\n\nWhat was\nacknowledged stays.\n\n**Holds when** ...', 'x.md')
    expect(page).toMatchObject({ id: 'DUR-1', title: 'Sync flush survives a crash', statement: 'What was acknowledged stays.' })
    expect(() => parsePage('# nothing', 'x.md')).toThrow('x.md: no heading of the form "# ID: title"')
  })

  it('name faults in one table', () => {
    const table = '| kind | scenario verb | what it does |\n|---|---|---|\n| `powerLoss` | power-loss | pages go |'
    const text = `Words.\n\n${table}\n\n| other |\n|---|\n| x |`
    expect(parseFaultTable(text)).toEqual([{ id: 'powerLoss', scenarioVerb: 'power-loss', title: 'pages go' }])
  })
})
