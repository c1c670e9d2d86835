/** Campaigns on brokers in memory: what is counted, what is kept, what is known, and how each of them can end. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { FaultKind } from '../../plan/faults.ts'
import type { Plan } from '../../plan/plan.ts'
import { NO_HOOKS } from '../hooks.ts'
import type { FakeOptions } from '../testing/fake-target.ts'
import { fault, livePlan, load, send } from '../testing/live-plan.ts'
import { runConform, type ConformOptions } from './campaign.ts'
import { contradictedBy } from './claims.ts'
import type { ConformDocument } from './document.ts'
import { KnownFailures } from './known.ts'
import { manifestOf } from './manifest.ts'
import { fakeFactory, noMachine, openFake, type Opened } from './testing/fake.ts'

const roots = mkdtempSync(join(tmpdir(), 'conform-'))
afterAll(() => {
  rmSync(roots, { recursive: true, force: true })
})

const plain = livePlan({ workload: [load(100)] })
const killed = livePlan({ workload: [load(100), load(50, 700)], faults: [fault('processKill', 'b1', 400, 100)] })

interface Campaign extends Partial<ConformOptions> {
  readonly plan?: Plan
  readonly opened?: Opened
  readonly starts?: number
}

function conform(fake: FakeOptions, { plan = plain, opened, starts, ...changed }: Campaign = {}): Promise<ConformDocument> {
  const factory = fakeFactory(fake, opened, starts)
  const root = mkdtempSync(join(roots, 'one-'))
  return runConform({
    target: 'fake',
    open: () => openFake(factory, { signal: changed.signal }),
    plans: () => () => plan,
    manifest: (target) => manifestOf(target, { target: 'fake', configuration: {}, hooks: NO_HOOKS, version: '0' }),
    version: '0',
    seed: '1',
    runs: 2,
    known: new KnownFailures([]),
    keeper: { root, toStory: () => 'a story\n' },
    ...changed,
  })
}

const verdictOf = (document: ConformDocument, id: string): string | undefined => document.guarantees.find((one) => one.id === id)?.verdict

describe.concurrent('a campaign', () => {
  it('counts what happened to messages, and says what nothing lost is worth', async () => {
    const opened: Opened = { targets: [], closed: 0 }
    const both = { ...killed, faults: [...killed.faults, fault('pause', 'c1', 100, 50)] }
    const document = await conform({}, { plan: both, opened })
    expect(opened).toMatchObject({ targets: [{}], closed: 1 })
    expect(document).toMatchObject({ runs: 2, broken: '', downs: [], failures: [], interrupted: false, command: 'conform' })
    expect(document.counts).toMatchObject({ lost: 0, reordered: 0, rounds: 2 })
    expect(document.counts.acked + document.counts.indeterminate).toBeLessThanOrEqual(300)
    expect(document.faults).toEqual({ processKill: { injected: 2, effective: 2 } })
    expect(document.clientFaults).toEqual({ pause: { injected: 2, effective: 2 } })
    const dur1 = document.guarantees.find((one) => one.id === 'DUR-1')
    expect(dur1).toMatchObject({ verdict: 'upheld', known: false, counts: { rounds: 2, acked: document.counts.acked } })
    expect(dur1?.lossRateMax).toBeCloseTo(3 / document.counts.looked)
    expect(document.manifest).toMatchObject({ broker: 'fake', unavailable: { powerLoss: 'a memory has no power to lose' } })
  })

  it('opens another target where the one before is spent', async () => {
    const opened: Opened = { targets: [], closed: 0 }
    expect((await conform({ spent: true }, { opened })).runs).toBe(2)
    expect(opened).toMatchObject({ targets: [{}, {}], closed: 2 })
  })

  it('has a failure on disk before it is told of, once for each sort, with what the broker left behind', async () => {
    const told: string[] = []
    const document = await conform(
      { quirks: { losesEvery: 50 } },
      { onFailure: ({ guarantee, anomaly, dir }) => told.push(`${guarantee} ${anomaly} ${existsSync(join(dir, 'manifest.json'))}`) },
    )
    expect(told).toContain('ALO-1 not delivered true')
    expect(new Set(told).size).toBe(told.length)
    expect(document.counts.lost).toBeGreaterThanOrEqual(2)
    const dur1 = document.guarantees.find((one) => one.id === 'DUR-1')
    expect(dur1).toMatchObject({ verdict: 'violated', lossRateMax: null, anomalies: { lost: document.counts.lost } })
    const [dir = ''] = document.failures.map((one) => one.dir)
    expect(readdirSync(dir).sort()).toEqual([
      'evidence',
      'history.jsonl',
      'manifest.json',
      'original.json',
      'plan.json',
      'story.scenario',
      'verdict.json',
    ])
  })

  it('counts as reordered what ORD-1 finds, and what was overtaken beside it', async () => {
    const apart = Array.from({ length: 60 }, (_, k) => send(5 * k, { queue: 0 }))
    const document = await conform({ quirks: { swapsEvery: 20 } }, { runs: 1, plan: livePlan({ workload: apart }) })
    const ord1 = document.guarantees.find((one) => one.id === 'ORD-1')
    expect(document.counts.reordered).toBeGreaterThanOrEqual(2)
    expect(ord1?.anomalies).toEqual({ reordered: document.counts.reordered })
  })

  it('that judges some guarantees tells of no others', async () => {
    const document = await conform({ quirks: { losesEvery: 50 } }, { only: ['ALO-3'], runs: 1 })
    expect(document.guarantees.map((one) => one.id)).toEqual(['ALO-3'])
    expect(document.failures).toEqual([])
  })

  it('that bails out ends with the round that breaks something new', async () => {
    const losing = { quirks: { losesEvery: 50 } }
    const bailed = await conform(losing, { bail: true, runs: 3 })
    expect(bailed.runs).toBe(1)
    const known = new KnownFailures(bailed.failures.map(({ guarantee }) => ({ guarantee, reason: 'see the ticket' })))
    expect((await conform(losing, { bail: true, known })).runs).toBe(2)
  })

  it('ends in time', async () => {
    const document = await conform({}, { runs: undefined, timeMs: 1 })
    expect(document.runs).toBe(1)
  })

  it('can repeat one round', async () => {
    const rounds: number[] = []
    await conform({}, { firstRun: 17, runs: 1, plans: () => (round) => (rounds.push(round), plain) })
    expect(rounds).toEqual([17])
  })
})

describe.concurrent('known failures', () => {
  const losing: FakeOptions = { quirks: { losesEvery: 50 } }

  it('are shown, and leave only what is new', async () => {
    const known = new KnownFailures([
      { guarantee: 'ALO-1', anomaly: 'not delivered', reason: 'see the ticket' },
      { guarantee: 'TXN-1', reason: 'was mended' },
    ])
    const document = await conform(losing, { known, runs: 1 })
    const alo1 = document.guarantees.find((one) => one.id === 'ALO-1')
    expect(alo1).toMatchObject({ verdict: 'violated', known: true })
    expect(document.guarantees.find((one) => one.id === 'DUR-1')).toMatchObject({ verdict: 'violated', known: false })
    expect(document.failures.find((one) => one.guarantee === 'ALO-1')?.known).toBe('see the ticket')
    expect(document.known).toMatchObject({ seen: [{ guarantee: 'ALO-1' }], gone: [{ guarantee: 'TXN-1' }] })
  })

  it('of another anomaly cover nothing', () => {
    const known = new KnownFailures([{ guarantee: 'ALO-1', anomaly: 'needs restart', reason: 'x' }])
    expect(known.note('ALO-1', 'not delivered')).toBeNull()
    expect(known.covers('ALO-1')).toBe(false)
    expect(known.gone).toHaveLength(1)
  })
})

describe.concurrent('a target that', () => {
  it('misbehaves proves nothing, and ends the campaign', async () => {
    const opened: Opened = { targets: [], closed: 0 }
    const document = await conform({ breaksAt: 20, quirks: { losesEvery: 5 } }, { opened, runs: 5 })
    expect(document.broken).not.toBe('')
    expect(document.runs).toBe(1)
    expect(document.guarantees.map((one) => one.verdict)).not.toContain('violated')
    const alo1 = document.guarantees.find((one) => one.id === 'ALO-1')
    expect(alo1).toMatchObject({ verdict: 'unknown', reason: 'the target misbehaved' })
    expect(document.failures).toEqual([])
    expect(opened.closed).toBe(1)
  })

  it('can not be closed costs nobody the report', async () => {
    const closed: string[] = []
    const factory = fakeFactory({})
    const open = async (...given: Parameters<typeof factory.open>): ReturnType<typeof factory.open> => {
      const target = await factory.open(...given)
      target.close = () => Promise.reject(new Error('the device is busy'))
      return target
    }
    const machine = { ...noMachine, close: () => Promise.resolve(void closed.push('machine')) }
    const session = await openFake({ ...factory, open }, { openMachine: () => Promise.resolve(machine) })
    await session.close()
    expect(closed).toEqual(['machine'])
  })

  it('never starts ends the campaign with that', async () => {
    const document = await conform({}, { starts: 0 })
    expect(document).toMatchObject({ runs: 0, downs: [{ run: 1, dir: '' }], guarantees: [], manifest: null, broken: '' })
  })

  it('does not come up again is replaced, and what it left behind is kept', async () => {
    const opened: Opened = { targets: [], closed: 0 }
    const document = await conform({ staysDown: true }, { plan: killed, opened })
    expect(opened.targets).toHaveLength(2)
    expect(opened.closed).toBe(2)
    expect(document.downs).toMatchObject([
      { run: 1, message: 'its log says: no such luck' },
      { run: 2, message: 'its log says: no such luck' },
    ])
    expect(document.downs.every(({ dir }) => existsSync(join(dir, 'plan.json')))).toBe(true)
    expect(verdictOf(document, 'ALO-1')).toBe('unknown')
  })

  it('can not be replaced ends the campaign with what was found', async () => {
    const document = await conform({ staysDown: true }, { plan: killed, starts: 1, runs: 5 })
    expect(document.runs).toBe(1)
    expect(document.downs.map((one) => one.message)).toEqual(['its log says: no such luck', expect.stringContaining('does not start')])
  })
})

describe.concurrent('an interrupted campaign', () => {
  it('tells what it has found, and closes what it opened', async () => {
    const interrupt = new AbortController()
    const opened: Opened = { targets: [], closed: 0 }
    const document = await conform(
      { quirks: { losesEvery: 50 } },
      { opened, runs: 50, signal: interrupt.signal, onProgress: () => interrupt.abort() },
    )
    expect(document).toMatchObject({ interrupted: true, runs: 1 })
    expect(document.failures.length).toBeGreaterThan(0)
    expect(opened.closed).toBe(1)
  })

  it('does not wait for the round that is under way', async () => {
    const interrupt = new AbortController()
    const long = livePlan({ workload: [load(100), load(100, 20_000)] })
    const startMs = performance.now()
    setTimeout(() => interrupt.abort(), 300)
    const document = await conform({}, { plan: long, signal: interrupt.signal })
    expect(performance.now() - startMs).toBeLessThan(8_000)
    expect(document).toMatchObject({ interrupted: true, runs: 0 })
  })
})

describe.concurrent('claims', () => {
  it('are held against what was seen', async () => {
    const claim = { guarantee: 'DUR-1' as const, except: [], source: 'its manual' }
    const factory = fakeFactory({ quirks: { losesEvery: 50 } })
    const open = async (promised: boolean): Promise<ConformDocument> =>
      conform(
        {},
        {
          runs: 1,
          open: async () => {
            const session = await openFake(factory)
            return {
              ...session,
              down: null,
              close: () => session.close(),
              target: { ...session.target, hello: { ...session.target.hello, claims: [{ ...claim, promised }] } },
            }
          },
        },
      )
    expect((await open(true)).claims).toMatchObject([
      { stands: 'contradicted', source: 'its manual', seen: expect.stringMatching(/^lost 2/) as string },
    ])
    expect((await open(false)).claims).toMatchObject([{ stands: 'as claimed' }])
  })

  it('are contradicted by what a contract excuses, unless they except the faults that were there', () => {
    const claim = { guarantee: 'DUR-1' as const, promised: true, except: ['processKill' as const], source: 'its manual' }
    const lost = { guarantee: 'DUR-1' as const, name: 'lost', summary: 'gone', t: -1, facts: {}, events: [] }
    const excused = [{ anomaly: lost, reason: 'only page cache', rows: [] as string[] }]
    const judgement = { id: 'DUR-1' as const, promise: 'with-excuses' as const, exercised: true, violations: [], reason: '' }
    const under = (kind: FaultKind, found: typeof excused) =>
      contradictedBy([claim], {
        facts: { effective: new Set([kind]), faults: [] },
        judgements: [{ ...judgement, verdict: 'allowed', excused: found }],
      })
    expect(under('powerLoss', excused)).toEqual(['DUR-1'])
    expect(under('powerLoss', [])).toEqual([])
    expect(under('processKill', excused)).toEqual([])
  })
})

it.concurrent('a manifest says who ran what where', async () => {
  const document = await conform({}, { runs: 1 })
  expect(document.manifest).toMatchObject({ mqproof: '0', node: process.versions.node, brokers: ['b1'], hooks: {}, client: 'none' })
})
