/** Every guarantee is whole: written down, checked, tested, told, broken by a planted bug, and seen to break where it must. */
import { describe, expect, it } from 'vitest'
import { checkers } from '../src/check/catalogue.ts'
import { registry } from '../src/cli/registry.ts'
import { ANOMALIES } from '../src/contract/anomalies.ts'
import { controls } from '../src/harness/control-list.ts'
import { presets } from '../src/generate/presets.ts'
import { parseScenario } from '../src/scenario/parse.ts'
import { filesUnder, pages, read } from './repository.ts'

const scenarios = filesUnder('scenarios', /\.scenario$/).map((path) => parseScenario(read(path), path))
const properties = filesUnder('properties', /\.property\.test\.ts$/).map((path) => ({ path, text: read(path) }))

describe.each(checkers.map(({ id }) => id))('%s', (id) => {
  it('has a page', () => {
    expect(pages.map((page) => page.id)).toContain(id)
  })

  it('has anomalies with names', () => {
    expect(ANOMALIES.get(id)?.length ?? 0).toBeGreaterThan(0)
  })

  it('is held by a property over generated plans', () => {
    const naming = properties.filter(({ path, text }) => !path.includes('checkers') && text.includes(`'${id}'`))
    expect(naming.map(({ path }) => path)).not.toEqual([])
  })

  it('has scenarios that are about it', () => {
    expect(scenarios.filter(({ guarantees }) => guarantees.includes(id)).length).toBeGreaterThan(0)
  })

  it('is broken by a planted bug', () => {
    expect(registry.mutants.filter(({ guarantee }) => guarantee === id).map((mutant) => mutant.id)).not.toEqual([])
  })

  it('has controls where it holds, and others where it breaks', () => {
    const own = new Set(controls.filter(({ guarantee }) => guarantee === id).map(({ control }) => control))
    expect(own).toEqual(new Set(['holds', 'breaks']))
  })
})

describe('the other way round', () => {
  const ids = checkers.map(({ id }) => id)

  it('pages, mutants and controls name guarantees that are checked', () => {
    const broken = [...registry.mutants, ...controls].map(({ guarantee }) => guarantee)
    const named = [...pages.map(({ id }) => id), ...broken]
    expect(named.filter((id) => !ids.some((known) => known === id))).toEqual([])
  })

  it('controls and mutants name presets and bugs that exist', () => {
    const known = presets.map(({ name }) => name)
    expect([...controls, ...registry.mutants].map(({ preset }) => preset).filter((preset) => !known.includes(preset))).toEqual([])
    const bugs = registry.mutants.map(({ id }) => id)
    expect(controls.flatMap(({ mutant }) => (mutant === undefined || bugs.includes(mutant) ? [] : [mutant]))).toEqual([])
  })

  it('every planted bug has a page of its own', () => {
    const files = filesUnder('src/mutants', /\.ts$/).map((path) => path.replace(/^.*\/|\.ts$/g, ''))
    const bugs = new Set(files.filter((name) => !['index', 'mutant', 'of-replicas'].includes(name)))
    expect(bugs).toEqual(new Set(registry.mutants.map(({ id }) => id)))
  })
})
