/**
 * The proof that the kit can fail a broker: each broken one is convicted, by the guarantee that its defect breaks; the sound ones are
 * never accused; and who breaks the protocol is told so, and nothing else.
 */
import { describe, expect, it } from 'vitest'
import { claimsContract } from '../../contract/claims.ts'
import { judgementOf, runPlan, type RunResult } from '../../harness/run-plan.ts'
import type { Fault } from '../../plan/faults.ts'
import { PLAN_FORMAT, type Item, type Plan } from '../../plan/plan.ts'
import { ms } from '../../plan/units.ts'
import { LiveExecutor } from '../runner/executor.ts'
import { DEADLINES } from './adapter.ts'
import { StdioTarget } from './bridge.ts'
import { DEFECTS } from './broken/defects.ts'
import { MISBEHAVIOURS } from './broken/misbehaviours.ts'
import { openBench } from './testing/bench.ts'
import { openPrograms } from './testing/programs.ts'

const { logTs, queuePy, queueTs, small } = openPrograms()

const kill = (atMs: number): Fault => ({ kind: 'processKill', on: 'b1', atUs: ms(atMs), salt: atMs, forUs: ms(60) })

function load(client: string, messages: number, salt: number): Item {
  const [workers, durationUs] = [4, ms(500)]
  const everyUs = Math.floor((workers * durationUs) / messages)
  return { do: 'load', client, atUs: 0, salt, topic: 'T', bytes: 64, workers, durationUs, everyUs }
}

function transactions(): Item[] {
  return (['commit', 'rollback', 'unknown'] as const).flatMap((outcome, k) =>
    Array.from({ length: 4 }, (_, n): Item => {
      const answer = outcome === 'unknown' ? (n % 2 === 0 ? 'commit' : 'rollback') : outcome
      return { do: 'transaction', client: 'p1', atUs: ms(20 * n), salt: 900 + 10 * k + n, topic: 'T', bytes: 64, outcome, answer }
    }),
  )
}

const delayed = Array.from({ length: 8 }, (_, k): Item => {
  const [atMs, level] = [30 * k, 1 + (k % 2)]
  return { do: 'send', client: 'p2', atUs: ms(atMs), salt: 970 + k, topic: 'T', bytes: 64, mode: 'sync', delay: { level } }
})

/** Some of them are at work in vain when the broker is killed. */
const listenersFail = [50, 200, 230, 260, 290].map((atMs): Item => ({
  do: 'send',
  client: 'p2',
  atUs: ms(atMs),
  salt: 70 + atMs,
  topic: 'T',
  bytes: 64,
  mode: 'sync',
  fails: 1,
}))

function plan(target: StdioTarget, messages: number, faults: Fault[], round: number): Plan {
  const { hello } = target
  const transactional = hello.capabilities.transactions !== 'none'
  return {
    format: PLAN_FORMAT,
    version: '0',
    system: hello.system,
    seed: 0,
    policy: 'calm',
    cluster: {
      nameservers: ['n1'],
      brokers: [...hello.brokers],
      producers: ['p1', 'p2'],
      topics: [{ name: 'T', queues: 2 }],
      groups: [
        { name: 'g', topics: ['T'], consumers: ['c1', 'c2'] },
        { name: 'h', topics: ['T'], consumers: ['c3'] },
      ],
      config: {},
    },
    workload: [
      load('p1', messages, 10 * round),
      load('p2', messages, 10 * round + 1),
      ...(transactional ? transactions() : []),
      ...(hello.capabilities.delayLevels === undefined ? [] : delayed),
      ...(faults.length > 0 ? listenersFail : []),
    ],
    faults,
  }
}

interface Rounds {
  readonly messages: number
  /** What strikes in each round, in turn. */
  readonly faults: readonly (readonly Fault[])[]
  readonly rounds: number
  /** After such a round there need not be another. */
  readonly enough?: (result: RunResult) => boolean
}

async function run(command: readonly string[], { messages, faults, rounds, enough }: Rounds, answerMs = 3000): Promise<RunResult[]> {
  const machine = openBench()
  const target = await StdioTarget.open({ machine, command, deadlines: { ...DEADLINES, answerMs } })
  try {
    const executor = new LiveExecutor(target, { version: '0', token: 'test', drainLimitMs: 1500 })
    const subject = { system: target.hello.system, executor, contract: claimsContract }
    const results: RunResult[] = []
    for (let round = 0; round < rounds; round++) {
      const result = await runPlan(subject, plan(target, messages, [...(faults[round % faults.length] ?? [])], round))
      results.push(result)
      if (enough?.(result) === true) break
    }
    return results
  } finally {
    await target.close()
    await machine.close()
  }
}

const verdicts = (results: readonly RunResult[], verdict: string): string[] =>
  results.flatMap(({ judgements }) => judgements.filter((one) => one.verdict === verdict).map(({ id, reason }) => `${id}: ${reason}`))

/** What these need to show: a restart, a restart with work left to do. All others are wrong from the start. */
const NEEDS: Readonly<Record<string, readonly Fault[]>> = {
  'writes-behind': [kill(300)],
  'reuses-offsets': [kill(300)],
  'goes-deaf': [kill(300)],
  'forgets-unfinished': [kill(300)],
  'skips-backlog': [{ kind: 'processKill', on: 'c3', atUs: ms(100), salt: 1, forUs: ms(600) }, kill(300)],
}

/** On a machine with much else to do, a round may be too slow to hold what the defect needs. */
const ROUNDS_MAX = 6

describe.concurrent('a broken broker', () => {
  it.each(DEFECTS)('that $title is convicted by $convicts', async ({ id, convicts }) => {
    const results = await run(small(id), {
      messages: id === 'loses' ? 1500 : 600,
      faults: [NEEDS[id] ?? []],
      rounds: ROUNDS_MAX,
      enough: (result) => judgementOf(result, convicts)?.verdict === 'violated',
    })
    expect(verdicts(results, 'violated').map((text) => text.split(':')[0])).toContain(convicts)
  })
})

describe.concurrent('a sound broker', () => {
  const FAULTS: readonly (readonly Fault[])[] = [
    [],
    [kill(150), kill(400)],
    [{ kind: 'pause', on: 'b1', atUs: ms(200), salt: 1, forUs: ms(200) }],
    [{ kind: 'processKill', on: 'c1', atUs: ms(200), salt: 2, forUs: ms(100) }],
    [{ kind: 'gracefulRestart', on: 'b1', atUs: ms(250), salt: 3, forUs: ms(100) }],
  ]

  it.each([
    ['the small one', small('sound'), 400],
    ['log.ts', logTs, 60],
    ['queue.py', queuePy, 400],
    ['queue.ts', queueTs, 400],
  ])('is not accused: %s', async (_name, command, messages) => {
    const results = await run(command, { messages, faults: FAULTS, rounds: FAULTS.length })
    expect(verdicts(results, 'violated')).toEqual([])
    expect(verdicts(results, 'unknown')).toEqual([])
    const upheld = new Set(verdicts(results, 'upheld').map((text) => text.split(':')[0]))
    for (const id of ['ORD-1', 'ORD-2', 'ALO-1', 'ALO-4', 'ALO-5', 'DUR-4']) expect(upheld).toContain(id)
  })
})

describe.concurrent('an adapter that misbehaves', () => {
  it.each(MISBEHAVIOURS)('$title: every verdict is unknown, and says why', async ({ id, says }) => {
    const [result] = await run(small(id), { messages: 100, faults: [[]], rounds: 1 }, 800)
    expect(result?.outcome.drain.broken).toContain(says)
    expect(verdicts(result === undefined ? [] : [result], 'violated')).toEqual([])
    expect(result?.judgements.find((one) => one.id === 'ALO-1')?.verdict).toBe('unknown')
  })
})
