/** Controls on brokers in memory: each expectation, met and not met, and which broker serves which round. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { LiveControl } from '../control.ts'
import { NO_HOOKS } from '../hooks.ts'
import type { FakeOptions } from '../testing/fake-target.ts'
import { fault, livePlan, load } from '../testing/live-plan.ts'
import { groupsOf, runLiveControls, type LiveControlsResult } from './controls.ts'
import { manifestOf } from './manifest.ts'
import { HISTORY_ENDING, VERDICTS_ENDING } from './recording.ts'
import { fakeFactory, openFake, type Opened } from './testing/fake.ts'

const root = mkdtempSync(join(tmpdir(), 'controls-'))
afterAll(() => {
  rmSync(root, { recursive: true, force: true })
})

const control = (row: string, changed: Partial<LiveControl>): LiveControl => ({
  row,
  title: `what ${row} is about`,
  guarantee: 'ALO-1',
  expect: 'holds',
  config: {},
  plan: () => livePlan({ workload: [load(100)] }),
  rounds: 2,
  sheet: 'lost 2 of 100',
  ...changed,
})

const killed = livePlan({ workload: [load(100)], faults: [fault('processKill', 'b1', 500, 100)] })

interface Setup {
  readonly fake?: FakeOptions
  readonly opened?: Opened
  readonly starts?: number
  readonly record?: string
  readonly signal?: AbortSignal
  readonly sideBySide?: number
}

function run(
  controls: readonly LiveControl[],
  { fake = {}, opened, starts, record, signal, sideBySide }: Setup = {},
): Promise<LiveControlsResult> {
  const factory = fakeFactory(fake, opened, starts)
  return runLiveControls(
    { controls, pending: [{ row: 'P-1', title: 'two brokers', reason: 'one at a time' }] },
    {
      open: (_, faults) => openFake(factory, { faults, signal }),
      manifest: (target, configuration) => manifestOf(target, { target: 'fake', configuration, hooks: NO_HOOKS, version: '0' }),
      keeper: { root },
      record,
      sideBySide,
      signal,
    },
  )
}

const losing: FakeOptions = { quirks: { losesEvery: 50 } }

describe.concurrent('a control', () => {
  it('that must hold does, in every round', async () => {
    const { controls, pending } = await run([control('A', {})])
    expect(controls).toMatchObject([{ row: 'A', ok: true, rounds: 2, seen: 'nothing of 200', dir: '', sheet: 'lost 2 of 100' }])
    expect(pending).toEqual([{ row: 'P-1', title: 'two brokers', reason: 'one at a time' }])
  })

  it('that must hold, and does not, is kept', async () => {
    const { controls } = await run([control('A', {})], { fake: losing })
    expect(controls).toMatchObject([{ ok: false, rounds: 1, seen: expect.stringContaining('not delivered 2 of') as string }])
    expect(existsSync(join(controls[0]?.dir ?? '', 'manifest.json'))).toBe(true)
  })

  it('that must break is over once it does', async () => {
    const { controls } = await run([control('A', { expect: 'breaks', anomaly: 'not delivered' })], { fake: losing })
    expect(controls).toMatchObject([{ ok: true, rounds: 1 }])
  })

  it('that must break in a way in which it does not is not so', async () => {
    const { controls } = await run([control('A', { expect: 'breaks', anomaly: 'needs restart' })], { fake: losing })
    expect(controls).toMatchObject([{ ok: false, rounds: 2, reason: expect.stringContaining('found nothing') as string }])
  })

  it('that nothing could have broken proves nothing', async () => {
    const { controls } = await run([control('A', { guarantee: 'TXN-1', rounds: 1 })])
    expect(controls).toMatchObject([{ ok: false, reason: expect.stringContaining('could have broken it') as string }])
  })

  it('may be that the broker does not start again', async () => {
    const must = control('A', { expect: 'does-not-start', plan: () => killed })
    expect((await run([must], { fake: { staysDown: true } })).controls).toMatchObject([{ ok: true, rounds: 1 }])
    expect((await run([{ ...must, rounds: 1 }])).controls).toMatchObject([{ ok: false, reason: 'it started every time, in 1 round' }])
    expect((await run([control('B', { plan: () => killed })], { fake: { staysDown: true } })).controls).toMatchObject([{ ok: false }])
  })

  it('fails with a target that misbehaves', async () => {
    const { controls } = await run([control('A', { expect: 'breaks' })], { fake: { ...losing, breaksAt: 10 } })
    expect(controls).toMatchObject([{ ok: false }])
  })

  it('whose faults this machine can not do is listed with the reason', async () => {
    const plan = livePlan({ faults: [{ kind: 'powerLoss', on: 'b1', atUs: 1, salt: 1, forUs: 1, keep: 'none' }] })
    const { controls, pending } = await run([control('A', { plan: () => plan })])
    expect(controls).toEqual([])
    expect(pending).toMatchObject([{ row: 'P-1' }, { row: 'A', reason: 'powerLoss: a memory has no power to lose' }])
  })
})

describe.concurrent('brokers', () => {
  it('are shared by the controls of one configuration, and new where a control wants it so', async () => {
    const shared: Opened = { targets: [], closed: 0 }
    await run([control('A', { rounds: 1 }), control('B', { rounds: 1 })], { opened: shared })
    expect(shared).toMatchObject({ closed: 1, targets: [{}] })
    const fresh: Opened = { targets: [], closed: 0 }
    await run([control('A', { rounds: 2, fresh: true }), control('B', { rounds: 1 })], { opened: fresh })
    expect(fresh.targets).toHaveLength(2)
    expect(fresh.closed).toBe(2)
  })

  it('that showed a target to be broken serve nothing else: each control is tried once more on a new one', async () => {
    const opened: Opened = { targets: [], closed: 0 }
    await run([control('A', { rounds: 1 }), control('B', { rounds: 1 })], { fake: { breaksAt: 10 }, opened })
    expect(opened.targets).toHaveLength(4)
    expect(opened.closed).toBe(4)
  })

  it('of one configuration are not mixed with those of another', () => {
    const groups = groupsOf([control('A', {}), control('B', { config: { x: 1 } }), control('C', {})])
    expect(groups.map((group) => group.map(({ row }) => row))).toEqual([['A', 'C'], ['B']])
  })

  it('stand side by side, as many as are wanted, and are told of in the order of the sheet', async () => {
    const opened: Opened = { targets: [], closed: 0 }
    const wanting = (row: string, x: number): LiveControl => control(row, { rounds: 1, config: { x } })
    const { controls } = await run([wanting('A', 1), wanting('B', 2), wanting('C', 3), wanting('D', 2)], { opened, sideBySide: 2 })
    expect(controls.map(({ row }) => row)).toEqual(['A', 'B', 'C', 'D'])
    expect(opened).toMatchObject({ closed: 3, most: 2 })
  })

  it('of a long series of one configuration are several', () => {
    const series = Array.from({ length: 8 }, (_, k) => control(`A${k}`, {}))
    expect(groupsOf(series).map((group) => group.length)).toEqual([6, 2])
  })

  it('that never start make every control fail but the one that demands it', async () => {
    const { controls } = await run([control('A', {}), control('B', { expect: 'does-not-start', fresh: true })], { starts: 0 })
    expect(controls).toMatchObject([
      { row: 'A', ok: false, rounds: 0 },
      { row: 'B', ok: true },
    ])
  })
})

it('a recording has a history and what was judged of it', async () => {
  const record = join(root, 'recordings')
  await run([control('A', { rounds: 1 })], { record })
  expect(readdirSync(record).sort()).toEqual([`A${HISTORY_ENDING}`, `A${VERDICTS_ENDING}`])
})

it('an interrupted series tells of none that was not finished', async () => {
  const interrupt = new AbortController()
  setTimeout(() => interrupt.abort(), 300)
  const opened: Opened = { targets: [], closed: 0 }
  expect((await run([control('A', {})], { signal: interrupt.signal, opened })).controls).toEqual([])
  expect(opened.closed).toBe(1)
})
