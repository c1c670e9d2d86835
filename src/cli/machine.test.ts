/** doctor and provision from the outside: what they print, what they ask, and what they refuse. */
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import type { TargetFactory } from '../live/factory.ts'
import { abilities, whyNoDisk } from '../live/machine/abilities.ts'
import type { Recipe } from '../live/recipe.ts'
import { reference as referenceTarget } from '../embedded/factory.ts'
import { DoctorDocument, ProvisionDocument } from '../report/machine-document.ts'
import { CommandLine, toyRegistry } from './testing/command-line.ts'

const lacking: TargetFactory = { ...referenceTarget, id: 'lacking', missing: () => Promise.resolve('its jars are not here: fetch them') }

const toy: Recipe = {
  id: 'toy',
  title: 'A toy broker',
  needs: [],
  files: [],
  steps: [{ title: 'make it', command: 'touch', args: [], cwd: '/' }],
  stamp: null,
  present: [],
}

/** A line whose working directory is where the toy goes. */
function lineWith(change: Partial<Recipe> = {}): CommandLine {
  const line: CommandLine = new CommandLine({ ...toyRegistry, targets: [referenceTarget, lacking], recipes: () => [recipe] })
  const file = line.path('toy')
  const recipe: Recipe = { ...toy, steps: [{ title: 'make it', command: 'touch', args: [file] }], present: [file], ...change }
  lines.push(line)
  return line
}
const lines: CommandLine[] = []
afterAll(() => {
  for (const { cwd } of lines) rmSync(cwd, { recursive: true })
})

describe('doctor', () => {
  it('says what is here, what a power loss did, and what targets miss', async () => {
    const line = lineWith()
    const { code, out, err } = await line.run('doctor --json')
    expect([code, err]).toEqual([0, ''])
    const document = DoctorDocument.parse(JSON.parse(out))
    expect(document.machine).toEqual(abilities())
    expect(document.targets.map(({ missing }) => missing)).toEqual([null, 'its jars are not here: fetch them'])
    const reason = whyNoDisk()
    if (reason !== null) expect(document.powerLoss).toEqual({ works: false, seen: `no disk that can lose power: ${reason}` })
    expect(readdirSync(line.path('.mqproof/live'))).toEqual([])
  })

  it('shows it as a table', async () => {
    const { code, out } = await lineWith().run('doctor')
    expect(code).toBe(0)
    expect(out).toMatch(/^ +power loss +(ok|no) +tried: /m)
    expect(out).toMatch(/^ +lacking +missing +its jars are not here/m)
  })
})

describe('provision', () => {
  it('shows the steps, and follows them after a yes', async () => {
    const line = lineWith()
    const asked: string[] = []
    const answer = (text: string) => (question: string) => {
      asked.push(question)
      return Promise.resolve(text)
    }
    const no = await line.run('provision toy', { ask: answer('') })
    expect([no.code, no.out]).toEqual([0, 'Nothing was done.\n'])
    expect(existsSync(line.path('toy'))).toBe(false)
    const yes = await line.run('provision toy', { ask: answer('y') })
    expect(yes.err).toMatch(/^A toy broker\n\n {2}make it\n {4}touch \S+\n\nstep 1 of 1: make it\n$/)
    expect([yes.code, yes.out, asked.length]).toEqual([0, 'Done.\n', 2])
    expect(existsSync(line.path('toy'))).toBe(true)
    const again = await line.run('provision toy')
    expect([again.code, again.out, again.err]).toEqual([0, 'It is here already.\n', ''])
  })

  it('asks nobody where nobody is', async () => {
    const line = lineWith()
    const { code, err } = await line.run('provision toy')
    expect(code).toBe(2)
    expect(err).toContain('provision toy: nobody is there to ask: say --yes, or --dry-run to see the steps')
    const planned = await line.run('provision toy --dry-run --json')
    expect(ProvisionDocument.parse(JSON.parse(planned.out))).toMatchObject({ broker: 'toy', outcome: 'planned' })
    expect(existsSync(line.path('toy'))).toBe(false)
    const done = await line.run('provision toy --yes --json')
    expect(ProvisionDocument.parse(JSON.parse(done.out)).outcome).toBe('done')
  })

  it('says which step failed, with exit code 3', async () => {
    const line = lineWith({ steps: [{ title: 'fail', command: 'false', args: [] }] })
    const { code, out, err } = await line.run('provision toy --yes --json')
    expect(code).toBe(3)
    expect(err).toContain('mqproof: step 1, "fail", failed: it ended with 1')
    expect(ProvisionDocument.parse(JSON.parse(out))).toMatchObject({ outcome: 'failed' })
  })

  it('knows what it can bring', async () => {
    const { code, err } = await lineWith().run('provision toi')
    expect(code).toBe(2)
    expect(err).toMatch(/^mqproof: unknown broker "toi": did you mean toy\? .*\n$/)
  })
})
