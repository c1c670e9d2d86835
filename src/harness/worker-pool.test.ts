/** A campaign in threads is the campaign without them, whichever thread is quicker; and a thread that dies is missed. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { presetOf } from '../generate/presets.ts'
import { InputError } from '../plan/input-error.ts'
import { runCampaign, type CampaignOptions, type CampaignResult } from './campaign.ts'
import type { Subject } from './executor.ts'
import { inOrder } from './in-order.ts'
import { inlineWorkers } from './testing/inline-worker.ts'
import { toySubject } from './testing/toy.ts'
import { WorkerLost, WorkerPool } from './worker-pool.ts'

let root = ''
let pools: WorkerPool[] = []
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pool-'))
})
afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.close()))
  pools = []
  rmSync(root, { recursive: true, force: true })
})

async function poolOf(start: () => Worker | ReturnType<ReturnType<typeof inlineWorkers>>, size: number, signal?: AbortSignal) {
  const pool = new WorkerPool({ start, size, signal })
  pools.push(pool)
  while (!pool.ready) await new Promise((resolve) => setImmediate(resolve))
  return pool
}

const subject = toySubject()
const base: CampaignOptions = { subject, preset: presetOf('default'), seed: '7', version: '0.1.0', runs: 150 }
const kept = (dir: string): [string, string][] =>
  readdirSync(dir).flatMap((name) =>
    readdirSync(join(dir, name)).map((file): [string, string] => [`${name}/${file}`, readFileSync(join(dir, name, file), 'utf8')]),
  )
const told = ({ document, interrupted }: CampaignResult) => ({ ...document, wallMs: 0, interrupted })

describe('a campaign in threads', () => {
  async function bothWays(options: CampaignOptions, threadsKnow: Subject = options.subject) {
    const keeper = (name: string) => ({ root: join(root, name), toStory: () => 'a story\n' })
    const pool = await poolOf(inlineWorkers(threadsKnow), 3, options.signal)
    const alone = await runCampaign({ ...options, keeper: keeper('kept') })
    const alike = kept(join(root, 'kept'))
    rmSync(join(root, 'kept'), { recursive: true })
    const shared = await runCampaign({ ...options, keeper: keeper('kept'), pool })
    return { alone: told(alone), shared: told(shared), alike, now: kept(join(root, 'kept')) }
  }

  it('counts, finds, shrinks and keeps the same', async () => {
    const { alone, shared, alike, now } = await bothWays(base)
    expect(shared).toEqual(alone)
    expect(now).toEqual(alike)
    expect(shared.failures.length).toBe(1)
    expect(shared.runs).toBe(150)
  })

  it('leaves to threads what need not be looked at twice', async () => {
    let [here, there] = [0, 0]
    const pool = await poolOf(inlineWorkers(toySubject({ onRun: () => there++ })), 2)
    await runCampaign({ ...base, subject: toySubject({ onRun: () => here++ }), only: ['ORD-1'], pool })
    expect([here, there]).toEqual([0, 150])
  })

  it('ends after the same run, whatever the threads have found beyond it', async () => {
    const until = async (pool?: WorkerPool) => {
      const found = new AbortController()
      return told(await runCampaign({ ...base, pool, signal: found.signal, onFailure: () => found.abort() }))
    }
    expect(await until(await poolOf(inlineWorkers(subject), 3))).toEqual(await until())
  })

  it('names the run that can not be run', async () => {
    const run: Subject['executor']['run'] = (plan, sink, options) => {
      if (plan.workload.length > 15) throw new Error('too much')
      return subject.executor.run(plan, sink, options)
    }
    const broken = { ...subject, executor: { ...subject.executor, run } }
    const complaint = (pool?: WorkerPool) => runCampaign({ ...base, subject: broken, pool }).catch((error: Error) => error.message)
    const alone = await complaint()
    expect(alone).toMatch(/^run \d+ of seed 7: too much$/)
    expect(await complaint(await poolOf(inlineWorkers(broken), 3))).toBe(alone)
  })

  it('stops at a signal', async () => {
    const stop = new AbortController()
    const pool = await poolOf(inlineWorkers(subject), 2, stop.signal)
    const { interrupted, document } = await runCampaign({
      ...base,
      only: ['ORD-1'],
      pool,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    })
    expect(interrupted).toBe(true)
    expect(document.runs).toBeGreaterThan(0)
    expect(document.runs).toBeLessThan(150)
  })
})

describe('a thread', () => {
  const program = (code: string) => () => new Worker(`const { parentPort } = require('node:worker_threads')\n${code}`, { eval: true })
  const READY = "parentPort.postMessage({ kind: 'ready' })"
  const drawing = { preset: base.preset, seed: '7', version: '0.1.0' }

  it.each([
    ['leaves', `${READY}\nparentPort.on('message', () => process.exit(7))`, /exit code 7/],
    ['throws', `${READY}\nparentPort.on('message', () => { throw new Error('no memory') })`, /no memory/],
    ['does not even start', 'process.exit(9)', /exit code 9/],
  ])('that %s is missed', async (_, code, why) => {
    const pool = await poolOf(program(code), 2)
    const lost = runCampaign({ ...base, pool })
    await expect(lost).rejects.toThrow(WorkerLost)
    await expect(lost).rejects.toThrow(why)
    await expect(lost).rejects.toThrow('--jobs 1')
  })

  it.each([
    [true, InputError],
    [false, Error],
  ])('passes on whether it was a mistake of the user: %s', async (input, kind) => {
    const answer = `{ kind: 'failed', id, message: 'no', stack: 'where', input: ${input} }`
    const pool = await poolOf(program(`${READY}\nparentPort.on('message', ({ id }) => parentPort.postMessage(${answer}))`), 1)
    const error = await pool
      .give({ do: 'runs', system: 'toy', drawing, only: undefined, from: 1, to: 2 })
      .catch((reason: unknown) => reason)
    expect([error instanceof kind, error instanceof InputError]).toEqual([true, input])
  })
})

describe('what is done in order', () => {
  const wait = (ms: number): Promise<number> => new Promise((resolve) => setTimeout(() => resolve(ms), ms))

  it('is told in order, however long each takes', async () => {
    const heard: number[] = []
    const { signal } = new AbortController()
    const results = await inOrder({ items: [20, 1, 10, 2], width: 2, work: wait, tell: (_, ms) => heard.push(ms), signal })
    expect([results, heard]).toEqual([
      [20, 1, 10, 2],
      [20, 1, 10, 2],
    ])
  })

  it('fails by the first that fails', async () => {
    const work = (ms: number): Promise<number> => (ms > 2 ? wait(ms).then(() => Promise.reject(new Error(`${ms}`))) : wait(ms))
    const heard: number[] = []
    const { signal } = new AbortController()
    await expect(inOrder({ items: [1, 20, 5, 1, 1], width: 3, work, tell: (_, ms) => heard.push(ms), signal })).rejects.toThrow('20')
    expect(heard).toEqual([1])
  })

  it('is not told once somebody has had enough', async () => {
    const stop = new AbortController()
    const results = await inOrder({ items: [1, 2, 3], width: 1, work: wait, tell: () => stop.abort(), signal: stop.signal })
    expect(results).toEqual([1])
  })
})
