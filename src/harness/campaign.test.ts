/** Campaigns over a toy that loses a message when power fails within 5 ms after its acknowledgement. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { presetOf } from '../generate/presets.ts'
import { InputError, parseJson } from '../plan/input-error.ts'
import { Plan } from '../plan/plan.ts'
import { runCampaign, type CampaignOptions } from './campaign.ts'
import { drawer } from './drawing.ts'
import { readHistory } from './history-file.ts'
import { keepFailure } from './keep.ts'
import { replayPlan } from './replay.ts'
import { runPlan } from './run-plan.ts'
import { shrinkFailure } from './shrink-failure.ts'
import { toySubject } from './testing/toy.ts'
import { VerdictFile } from './verdict-file.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'harness-'))
})
afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

const base: CampaignOptions = { subject: toySubject(), preset: presetOf('default'), seed: '7', version: '0.1.0', runs: 200 }
const read = (dir: string, name: string): unknown => parseJson(readFileSync(join(dir, name), 'utf8'), name)

async function firstFailure(options: CampaignOptions = base) {
  const draw = drawer(options.subject, options)
  for (let run = 1; ; run++) {
    const result = await runPlan(options.subject, draw(run))
    if (result.judgements.some((one) => one.verdict === 'violated')) return { run, result }
  }
}

describe('a campaign', () => {
  it('finds the loss, counts it, and keeps one failure of each sort', async () => {
    const { document, interrupted } = await runCampaign({ ...base, keeper: { root, toStory: () => 'a story\n' } })
    const dur1 = document.guarantees.find((one) => one.id === 'DUR-1')
    expect(dur1).toMatchObject({ verdict: 'violated', promised: 200 })
    expect(dur1?.violations).toBeGreaterThan(3)
    expect(document.guarantees.find((one) => one.id === 'ORD-1')?.verdict).toBe('upheld')
    expect(document.failures).toMatchObject([{ guarantee: 'DUR-1', operations: 1, faults: 1 }])
    expect(document.faults['powerLoss']?.effective).toBeGreaterThan(50)
    expect(interrupted).toBe(false)
    expect(readdirSync(root)).toHaveLength(1)
  })

  it('is the same twice but for the time it takes', async () => {
    const [once, twice] = [await runCampaign(base), await runCampaign(base)]
    expect({ ...twice.document, wallMs: 0 }).toEqual({ ...once.document, wallMs: 0 })
    expect((await runCampaign({ ...base, seed: '8' })).document.traceHash).not.toBe(once.document.traceHash)
  })

  it('can be dealt out, or repeated run by run', async () => {
    const plans: Plan[] = []
    await runCampaign({ ...base, subject: toySubject({ onRun: (plan) => plans.push(plan) }), only: ['ORD-1'], runs: 30 })
    const again: Plan[] = []
    await runCampaign({ ...base, subject: toySubject({ onRun: (plan) => again.push(plan) }), only: ['ORD-1'], firstRun: 17, runs: 1 })
    expect(again).toEqual([plans[16]])
  })

  it('has a failure on disk before anybody hears of it', async () => {
    const seen: boolean[] = []
    await runCampaign({
      ...base,
      keeper: { root },
      onFailure: ({ dir }) => seen.push(existsSync(join(dir, 'plan.json')) && existsSync(join(dir, 'history.jsonl'))),
    })
    expect(seen).toEqual([true])
  })

  it('judges only what it is asked to', async () => {
    const { document } = await runCampaign({ ...base, only: ['ORD-1'], runs: 50 })
    expect(document.guarantees.map((one) => one.id)).toEqual(['ORD-1'])
    expect(document.failures).toEqual([])
  })

  it('stops at a signal, and at the end of its time', async () => {
    const stop = new AbortController()
    const states: number[] = []
    const onProgress = ({ runs }: { runs: number }): void => {
      states.push(runs)
      if (runs === 5) stop.abort()
    }
    const stopped = await runCampaign({ ...base, signal: stop.signal, onProgress })
    expect([stopped.interrupted, stopped.document.runs]).toEqual([true, 5])
    const timed = await runCampaign({ ...base, runs: undefined, timeMs: 30, shrink: { timeMs: 1 } })
    expect(timed.document.runs).toBeGreaterThan(0)
  })

  it('names the run that can not be run', async () => {
    const broken = {
      ...toySubject(),
      executor: {
        ...toySubject().executor,
        run: () => {
          throw new Error('the model is broken')
        },
      },
    }
    await expect(runCampaign({ ...base, subject: broken })).rejects.toThrow('run 1 of seed 7: the model is broken')
  })
})

describe('shrinking a failure', () => {
  it('needs no luck where none is needed', async () => {
    const { result } = await firstFailure()
    const shrunk = await shrinkFailure(base.subject, result, { guarantee: 'DUR-1' })
    expect(shrunk.plan).toMatchObject({ policy: 'calm', seed: 0 })
    expect([shrunk.plan.workload.length, shrunk.plan.faults.length]).toEqual([1, 1])
    expect(shrunk.anomaly).toMatchObject({ guarantee: 'DUR-1', name: 'lost' })
  })

  it('writes the luck that it does need into the plan', async () => {
    const lucky = { ...base, subject: toySubject({ lucky: true }) }
    const { result } = await firstFailure(lucky)
    const { plan } = await shrinkFailure(lucky.subject, result, { guarantee: 'DUR-1' })
    expect(plan).toMatchObject({ policy: 'calm', seed: 0, noise: [{ label: 'tear', value: 3 }] })
    expect([plan.workload.length, plan.faults.length]).toEqual([1, 1])
  })

  it('can be told to stop', async () => {
    const { result } = await firstFailure()
    const shrunk = await shrinkFailure(base.subject, result, { guarantee: 'DUR-1' }, { triesMax: 0 })
    expect(shrunk.plan).toEqual(result.plan)
  })
})

describe('a kept failure', () => {
  const kept = async () => {
    const { result, run } = await firstFailure()
    const shrunk = await shrinkFailure(base.subject, result, { guarantee: 'DUR-1' })
    const keepsake = { shrunk, original: result.plan, origin: { seed: '7', run, preset: 'default' } }
    return { keepsake, dir: keepFailure({ root, toStory: () => 'a story\n' }, keepsake) }
  }

  it('holds everything needed to see it again', async () => {
    const { dir, keepsake } = await kept()
    expect(readdirSync(dir).sort((x, y) => (x < y ? -1 : 1))).toEqual([
      'history.jsonl',
      'original.json',
      'plan.json',
      'story.scenario',
      'verdict.json',
    ])
    expect(VerdictFile.parse(read(dir, 'verdict.json'))).toMatchObject({ guarantee: 'DUR-1', origin: { seed: '7' } })
    expect(Plan.parse(read(dir, 'original.json'))).toEqual(keepsake.original)
    const plan = Plan.parse(read(dir, 'plan.json'))
    const { events } = readHistory(readFileSync(join(dir, 'history.jsonl'), 'utf8'), 'history.jsonl')
    expect(await replayPlan(base.subject, plan, { recorded: events })).toMatchObject({ replay: 'reproduced', difference: null })
  })

  it('is not written twice, and never over another', async () => {
    const { dir, keepsake } = await kept()
    expect(keepFailure({ root }, keepsake)).toBe(dir)
    writeFileSync(join(dir, 'plan.json'), '{}')
    expect(keepFailure({ root }, keepsake)).toBe(`${dir}-2`)
    expect(readFileSync(join(dir, 'plan.json'), 'utf8')).toBe('{}')
  })

  it('says where it could not be written', async () => {
    const { keepsake } = await kept()
    writeFileSync(join(root, 'file'), '')
    expect(() => keepFailure({ root: join(root, 'file') }, keepsake)).toThrow(InputError)
  })

  it('is gone, or on another trace, when the broker has changed', async () => {
    const { dir } = await kept()
    const plan = Plan.parse(read(dir, 'plan.json'))
    const { events } = readHistory(readFileSync(join(dir, 'history.jsonl'), 'utf8'), 'history.jsonl')
    const excused = toySubject({ term: { excuses: () => ({ reason: 'it is a toy', rows: [] }) } })
    expect((await replayPlan(excused, plan)).replay).toBe('gone')
    const edited = events.with(1, { i: 1, t: 0, p: 'x', type: 'phase', phase: 'heal', note: '' })
    expect(await replayPlan(base.subject, plan, { recorded: edited })).toMatchObject({ replay: 'other-trace', difference: { index: 1 } })
    const elsewhere = { ...plan, expect: { guarantee: 'DUR-1', traceHash: '00000000' } }
    expect((await replayPlan(base.subject, elsewhere)).replay).toBe('other-trace')
  })
})
