/** Controls and the kill matrix, over the toy: what must hold, what must break, and what a planted bug looks like. */
import { describe, expect, it } from 'vitest'
import { checkerOf } from '../check/catalogue.ts'
import { presetOf } from '../generate/presets.ts'
import { runControl, type Control } from './controls.ts'
import { mutants } from '../mutants/index.ts'
import { controls } from './control-list.ts'
import { killMutant } from './kill-matrix.ts'
import { toySubject } from './testing/toy.ts'

const options = {
  subject: toySubject({ term: { excuses: () => ({ reason: 'toys lose things', rows: [] }) } }),
  seed: '1',
  version: '0.1.0',
}
const control = (more: Partial<Control>): Control => ({
  guarantee: 'DUR-1',
  control: 'breaks',
  preset: 'default',
  cell: 'toy',
  kinds: ['powerLoss'],
  runs: 300,
  ...more,
})

describe('controls', () => {
  it('demand a violation, excused or not, and shrink it', async () => {
    expect(await runControl(control({}), options)).toMatchObject({
      ok: true,
      fault: 'powerLoss',
      reason: 'it takes 1 operation and 1 fault',
    })
  })

  it('are not content when nothing breaks', async () => {
    expect(await runControl(control({ kinds: ['pause'], runs: 20 }), options)).toMatchObject({ ok: false, runs: 20 })
  })

  it('demand that what holds was tested', async () => {
    expect(await runControl(control({ guarantee: 'ORD-1', control: 'holds', runs: 100 }), options)).toMatchObject({ ok: true })
    const idle = control({ control: 'holds', kinds: ['pause'], runs: 50 })
    expect(await runControl(idle, options)).toMatchObject({ ok: false, reason: 'only 0 of 50 runs could have broken it' })
    const strict = { ...options, subject: toySubject() }
    expect(await runControl(control({ control: 'holds' }), strict)).toMatchObject({
      ok: false,
      reason: 'it is promised here, and was violated',
    })
  })

  it('cover every guarantee both ways, with presets and planted bugs that exist', () => {
    for (const { guarantee, preset, mutant } of controls) {
      expect([undefined, ...mutants.map((one) => one.id)]).toContain(mutant)
      expect(checkerOf(guarantee)?.id).toBe(guarantee)
      expect(presetOf(preset).name).toBe(preset)
      const both = controls.filter((one) => one.guarantee === guarantee).map((one) => one.control)
      expect(new Set(both)).toEqual(new Set(['holds', 'breaks']))
    }
  })
})

describe('the kill matrix', () => {
  const bug = { id: 'loses', guarantee: 'DUR-1', bug: 'none' } as const
  const hunt = { subject: toySubject({ planted: true }), seed: '1', version: '0.1.0', seeds: 5, runsMax: 300 }

  it('says how soon, by what, how small, and whether from outside', async () => {
    const result = await killMutant(bug, hunt)
    expect(result).toMatchObject({
      id: 'loses',
      killed: true,
      killedBy: { 'DUR-1': 5 },
      shrunk: { operations: 1, faults: 1 },
      blackBox: true,
    })
    expect(result.runs).toBeLessThan(100)
  })

  it('takes nothing for a kill that the sound broker does too', async () => {
    expect(await killMutant(bug, { ...hunt, subject: toySubject(), runsMax: 40 })).toMatchObject({ killed: false, runs: null })
  })

  it('says when a bug survives', async () => {
    const result = await killMutant({ ...bug, guarantee: 'ORD-1' }, { ...hunt, runsMax: 20 })
    expect(result).toMatchObject({ killed: false, killedBy: {}, runs: null, shrunk: null, blackBox: false })
  })
})
