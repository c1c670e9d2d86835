/** Every scenario tells what really happens, in each of the three ways in which a step is run, and every guarantee is told both ways. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkers } from '../src/check/catalogue.ts'
import { rulesOf } from '../src/cli/registry.ts'
import { storyVerdicts } from '../src/harness/failure.ts'
import type { RunResult } from '../src/harness/run-plan.ts'
import type { Plan } from '../src/plan/plan.ts'
import { compareScenario } from '../src/scenario/scenario-file.ts'
import { simulate, type Drive } from '../src/sim/run.ts'
import { byFork, byImmer } from '../src/sim/three-ways.ts'
import { rocketmq } from '../src/systems/rocketmq/system.ts'
import { pages, ROOT } from './repository.ts'
import { playPlan, stories, verdictOf, type Story } from './stories.ts'

const runs = new Map<string, Promise<RunResult>>()
/** Each story is run once for all tests. */
function played(story: Story): Promise<RunResult> {
  const run = runs.get(story.path) ?? playPlan(story.scenario.plan)
  runs.set(story.path, run)
  return run
}

/** Forks and drafts cost a hundred times as much as changes: the few longest stories are left to the others. */
const STEPS_MAX = 10_000

describe.each(stories)('$path', (story) => {
  const { text, scenario } = story

  it('sees what it says', async () => {
    const { events, judgements } = await played(story)
    const seen = compareScenario(text, scenario, { events, verdictLines: storyVerdicts(judgements, scenario.guarantees) })
    expect(seen.actual).toBe(seen.expected)
    expect(seen.ok).toBe(true)
  })

  it('leaves the same trace whether steps change the world, fork it or draft it', async () => {
    const { outcome } = await played(story)
    const { plan } = scenario
    if (outcome.steps > STEPS_MAX) return
    const hashBy = (drive: Drive): string => simulate(rocketmq, plan, () => undefined, { rules: rulesOf(plan), drive }).traceHash
    expect(hashBy(byFork)).toBe(outcome.traceHash)
    expect(hashBy(byImmer())).toBe(outcome.traceHash)
  })

  it('drains, names guarantees that are judged, and is short enough to be read', async () => {
    const { outcome, judgements } = await played(story)
    expect(outcome.drain).toEqual({ drained: true, fresh: false, reason: '' })
    expect(scenario.guarantees.length).toBeGreaterThan(0)
    const judged = judgements.map(({ id }): string => id)
    expect(scenario.guarantees.filter((id) => !judged.includes(id))).toEqual([])
    expect(scenario.transcript.length).toBeLessThanOrEqual(100)
  })
})

describe('each guarantee', () => {
  it.each(checkers.map(({ id }) => id))('%s is upheld in one story and broken in another', async (id) => {
    const about = stories.filter(({ scenario }) => scenario.guarantees.includes(id))
    const verdicts = await Promise.all(about.map(async (story) => verdictOf(await played(story), id)))
    expect(verdicts).toContain('upheld')
    expect(verdicts.some((verdict) => verdict === 'violated' || verdict === 'allowed')).toBe(true)
  })

  it('is explained by stories that exist', () => {
    const named = pages.flatMap(({ text }) => [...text.matchAll(/[a-z0-9-]+\.scenario/g)].map(([name]) => name))
    expect(named.length).toBeGreaterThanOrEqual(2 * pages.length)
    expect(named.filter((name) => !existsSync(join(ROOT, 'scenarios', name)))).toEqual([])
  })
})

/** The plan with one more repair. */
function repaired(plan: Plan, repair: string): Plan {
  const { repairs } = plan.cluster.config
  const config = { ...plan.cluster.config, repairs: [...(Array.isArray(repairs) ? repairs : []), repair] }
  return { ...plan, cluster: { ...plan.cluster, config } }
}

const isBroken = (result: RunResult, id: string): boolean => ['violated', 'allowed'].includes(verdictOf(result, id))

describe('what a story blames', () => {
  const blaming = stories.flatMap((story) => {
    const [, repair] = /The repair (\w+)/.exec(story.scenario.story.join(' ')) ?? []
    return repair === undefined ? [] : [{ path: story.path, story, repair }]
  })

  it('is most of the deviations that have a repair', () => {
    expect(new Set(blaming.map(({ repair }) => repair)).size).toBeGreaterThanOrEqual(7)
  })

  it.each(blaming)('is repaired by $repair in $path', async ({ story, repair }) => {
    const before = await played(story)
    const broken = story.scenario.guarantees.filter((id) => isBroken(before, id))
    expect(broken).not.toEqual([])
    const after = await playPlan(repaired(story.scenario.plan, repair))
    expect(broken.filter((id) => isBroken(after, id))).toEqual([])
  })

  const planted = stories.filter(({ scenario }) => scenario.plan.mutant !== undefined)

  it.each(planted)('is the planted bug alone in $path', async (story) => {
    const before = await played(story)
    const { mutant, ...plan } = story.scenario.plan
    expect(
      story.scenario.guarantees.filter((id) => verdictOf(before, id) === 'violated'),
      mutant,
    ).toEqual(story.scenario.guarantees)
    // Without it nothing is violated; what the configuration excuses anyway, as that files of the log are deleted, is not what the story is about.
    const after = await playPlan(plan)
    expect(after.judgements.filter(({ verdict }) => verdict === 'violated').map(({ id }) => id)).toEqual([])
    expect(story.scenario.guarantees.filter((id) => isBroken(after, id))).toEqual([])
  })
})

describe('the stories', () => {
  it('are at least 24', () => {
    expect(stories.length).toBeGreaterThanOrEqual(24)
  })

  it('are run in all three ways, all but a few', async () => {
    const results = await Promise.all(stories.map(played))
    expect(results.filter(({ outcome }) => outcome.steps > STEPS_MAX).length).toBeLessThan(10)
  })

  it('break a promise only where a bug was planted', async () => {
    const results = await Promise.all(stories.map(async (story) => ({ story, result: await played(story) })))
    const surprising = results.filter(
      ({ story, result }) => result.judgements.some(({ verdict }) => verdict === 'violated') !== (story.scenario.plan.mutant !== undefined),
    )
    expect(surprising.map(({ story }) => story.path)).toEqual([])
  })
})
