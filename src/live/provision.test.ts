/** A recipe is followed step by step, says where it stopped, and is not followed twice. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { brokersDir } from './machine/places.ts'
import { isProvisioned, provision, ProvisionFailed, shownStep } from './provision.ts'
import type { Recipe, Step } from './recipe.ts'
import { recipes } from './recipes.ts'
import { rabbitmqRecipe } from './rabbitmq/recipe.ts'
import { rocketmqLib, rocketmqRecipe } from './rocketmq/recipe.ts'

const base = mkdtempSync(join(tmpdir(), 'mqproof-recipe-'))
afterAll(() => rmSync(base, { recursive: true }))
let home: string
beforeEach(() => {
  home = mkdtempSync(join(base, 'home-'))
})

const step = (title: string, script: string): Step => ({ title, command: 'sh', args: ['-c', script], cwd: home })
const recipeOf = (...steps: readonly Step[]): Recipe => ({
  id: 'toy',
  title: 'a toy',
  needs: [{ program: 'sh', install: 'apt-get install -y dash' }],
  files: [{ path: join(home, 'in', 'list'), text: 'one\ntwo\n' }],
  steps,
  stamp: { path: join(home, 'stamp'), text: '1\n' },
  present: [join(home, 'stamp')],
})

async function follow(recipe: Recipe, signal = new AbortController().signal): Promise<string> {
  const said: string[] = []
  await provision(recipe, { output: (text) => said.push(text), signal })
  return said.join('')
}

describe('a recipe', () => {
  it('is followed in order, with what the steps print', async () => {
    const recipe = recipeOf(step('copy', 'cp in/list out'), step('tell', 'cat out; echo well >&2'))
    expect(isProvisioned(recipe)).toBe(false)
    const said = await follow(recipe)
    expect(said).toMatch(/^step 1 of 2: copy\nstep 2 of 2: tell\n/)
    expect(said).toContain('one\ntwo\n')
    expect(said).toContain('well\n')
    expect(isProvisioned(recipe)).toBe(true)
  })

  it('stops at the first step that fails, and names it with its command', async () => {
    const recipe = recipeOf(step('break', 'exit 3'), step('never', 'touch never'))
    await expect(follow(recipe)).rejects.toThrow(ProvisionFailed)
    await expect(follow(recipe)).rejects.toThrow(/step 1, "break", failed: it ended with 3; its command was: cd .* && sh -c 'exit 3'/)
    expect(existsSync(join(home, 'never'))).toBe(false)
    expect(isProvisioned(recipe)).toBe(false)
  })

  it('that needs what is not here says so before it begins', async () => {
    const recipe = { ...recipeOf(), needs: [{ program: 'no-such-program', install: 'apt-get install -y it' }] }
    await expect(follow(recipe)).rejects.toThrow('toy needs no-such-program, which is not here: apt-get install -y it')
    expect(existsSync(join(home, 'in'))).toBe(false)
  })

  it('ends with its step when it is interrupted', async () => {
    const interrupt = new AbortController()
    setTimeout(() => interrupt.abort(), 50)
    await expect(follow(recipeOf(step('wait', 'exec sleep 100')), interrupt.signal)).rejects.toThrow(/step 1, "wait", failed/)
  })
})

describe('the recipe of RabbitMQ', () => {
  it('takes back what forbids services, also when it is interrupted', async () => {
    const policy = join(home, 'policy')
    const script = rabbitmqRecipe().steps.at(-1)?.args.at(-1) ?? ''
    const harmless = script.replaceAll('/usr/sbin/policy-rc.d', policy).replace(/apt-get install.*/, 'cat "$0"; sleep 100')
    const interrupt = new AbortController()
    const said: string[] = []
    const output = (text: string): void => {
      said.push(text)
      if (text.includes('exit 101')) interrupt.abort()
    }
    const install: Step = { title: 'install', command: 'sh', args: ['-c', harmless, policy], cwd: home }
    await expect(provision(recipeOf(install), { output, signal: interrupt.signal })).rejects.toThrow('"install", failed')
    expect(said.join('')).toContain('exit 101')
    expect(existsSync(policy)).toBe(false)
  })
})

describe('every recipe', () => {
  it('has a name of its own, steps, and something to know it by', () => {
    const all = recipes()
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    for (const { steps, present } of all) {
      expect(steps.length).toBeGreaterThan(0)
      expect(present.length).toBeGreaterThan(0)
    }
  })

  it('shows its steps as one would type them', () => {
    expect(shownStep({ title: '', command: 'echo', args: ["it's", 'a-b=c'], cwd: '/x' })).toBe("cd /x && echo 'it'\\''s' a-b=c")
  })

  it('of RocketMQ writes its pom and keeps its jars where the target looks for them', async () => {
    const recipe = rocketmqRecipe(home)
    const [fetch] = recipe.steps
    expect(fetch?.args).toContain(`-DoutputDirectory=${rocketmqLib(home)}`)
    await follow({ ...recipe, needs: [], steps: [], stamp: null })
    expect(
      readFileSync(join(home, 'rocketmq-5.5.0', 'pom.xml'), 'utf8').match(/<artifactId>rocketmq-\w+<.*<version>5\.5\.0</g),
    ).toHaveLength(5)
  })
})

describe('brokers', () => {
  it('are kept below MQPROOF_HOME, or in the cache of the user', () => {
    expect(brokersDir({ MQPROOF_HOME: '/srv/mq' })).toBe('/srv/mq/brokers')
    expect(brokersDir({ MQPROOF_HOME: '' })).toMatch(/\/\.cache\/mqproof\/brokers$/)
  })
})
