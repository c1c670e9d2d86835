/**
 * What was seen on a real RocketMQ is seen on the model: the same plan, the same verdict, the same shape of loss. spec/twins.json pairs
 * each row of the live control table with its simulated twin, and says where the two differ.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { RunResult } from '../src/harness/run-plan.ts'
import type { Fault } from '../src/plan/faults.ts'
import { levelAsked } from '../src/plan/delay-levels.ts'
import { ms, type Us } from '../src/plan/units.ts'
import { read, ROOT } from './repository.ts'
import { count, Ledger, playPlan, stories, storyAt, verdictOf } from './stories.ts'

const Twin = z.strictObject({ scenarios: z.array(z.string()).min(1), test: z.string(), differs: z.string() })
const twins = z.record(z.string(), Twin).parse(JSON.parse(read('spec/twins.json')))
const pathOf = (name: string): string => `scenarios/${name}.scenario`

/** What was seen of storage, flush, ghost offsets, registration, locks, pulling, delays, retries and POP: each must have a twin. */
const ROWS = [
  ...['RML-007', 'RML-020', 'RML-035', 'RML-036', 'RML-037', 'RML-041', 'RML-042'],
  ...['RML-046', 'RML-047', 'RML-048', 'RML-049', 'RML-050', 'RML-051', 'RML-055', 'RML-056', 'RML-057', 'RML-058'],
  ...['RML-059', 'RML-060', 'RML-069'],
  ...['RML-038', 'RML-039', 'RML-040', 'RML-052'],
  ...['RML-043', 'RML-044', 'RML-045', 'RML-053', 'RML-054'],
]

describe('twins', () => {
  it('pair each row that the model must re-enact', () => {
    expect(ROWS.filter((row) => twins[row] === undefined)).toEqual([])
    const facts = read('spec/facts/rocketmq-live.md')
    expect(Object.keys(twins).filter((row) => !facts.includes(`| ${row} |`) && !facts.includes(`**${row}**`))).toEqual([])
  })

  it('name scenarios and tests that exist', () => {
    const own = ['twins', 'replica-twins', 'election-twins'].map((name) => read(`properties/${name}.test.ts`)).join('\n')
    const missing = Object.entries(twins).flatMap(([row, { scenarios, test }]) => [
      ...scenarios.filter((name) => !existsSync(join(ROOT, pathOf(name)))),
      ...(test.startsWith(`${row}: `) && own.includes(`it('${test}'`) ? [] : [test]),
    ])
    expect(missing).toEqual([])
  })

  it('are what the scenarios say they are', () => {
    const said = stories.flatMap(({ path, scenario }) => scenario.twins.map((row) => `${row} ${path}`))
    const listed = Object.entries(twins).flatMap(([row, { scenarios }]) => scenarios.map((name) => `${row} ${pathOf(name)}`))
    expect(said.sort((x, y) => (x < y ? -1 : 1))).toEqual(listed.sort((x, y) => (x < y ? -1 : 1)))
  })
})

/** Runs a twin, with other faults or other parameters where the row has several figures. */
async function play(
  name: string,
  change: (fault: Fault) => Fault = (fault) => fault,
  parameters: Readonly<Record<string, number>> = {},
): Promise<{ result: RunResult; ledger: Ledger }> {
  const { plan } = storyAt(pathOf(name)).scenario
  const config = Object.keys(parameters).length === 0 ? plan.cluster.config : { ...plan.cluster.config, parameters }
  const result = await playPlan({ ...plan, cluster: { ...plan.cluster, config }, faults: plan.faults.map(change) })
  return { result, ledger: new Ledger(result.events) }
}

const faultTime = ({ events }: RunResult, kind: string): Us =>
  events.find((event) => event.type === 'fault' && event.kind === kind)?.t ?? -1

/** Every acknowledged message is found, at its acknowledged place, and offsets have no gap. */
function expectNothingLost(ledger: Ledger, acked: number): void {
  expect(ledger.acked.length).toBe(acked)
  expect(ledger.lost).toEqual([])
  for (const { op, queue, offset } of ledger.acked) expect(ledger.found.get(`${queue}@${offset}`)).toBe(op)
  expect(ledger.offsetsOf(0)).toEqual(count(ledger.found.size))
}

/** Of each of four queues the last messages are gone that had been acknowledged before the cut, and no others. */
function expectSuffixesLost({ acked, lost }: Ledger, cut: Us): void {
  const offsetsIn = (list: Ledger['acked'], queue: string): number[] =>
    list
      .filter((one) => one.queue === queue)
      .map(({ offset }) => offset)
      .sort((x, y) => x - y)
  for (const queue of ['0', '1', '2', '3']) {
    const gone = offsetsIn(lost, queue)
    const before = offsetsIn(
      acked.filter(({ t }) => t < cut),
      queue,
    )
    expect(gone.length).toBeGreaterThan(0)
    expect(gone).toEqual(before.slice(-gone.length))
  }
}

describe('a power loss', () => {
  it('RML-035: under load a power loss takes a suffix, younger than one flush interval', async () => {
    const { result, ledger } = await play('dur-1-async-flush-loses-its-last-interval')
    const cut = faultTime(result, 'powerLoss')
    const before = ledger.acked.filter(({ t }) => t < cut)
    expect(before.length).toBe(2296)
    expect(ledger.lost.length).toBe(296)
    expectSuffixesLost(ledger, cut)
    // Nothing is lost that was acknowledged a whole interval before; all that is lost had been consumed.
    expect(Math.min(...ledger.lost.map(({ t }) => t))).toBeGreaterThan(cut - ms(500))
    expect(ledger.lost.filter(({ op }) => !ledger.consumed.has(op))).toEqual([])
    expect(verdictOf(result, 'DUR-1')).toBe('allowed')
    expect(verdictOf(result, 'DUR-2')).toBe('upheld')
  })

  it('RML-036: under four dirty pages everything is lost for ten seconds, and nothing afterwards', async () => {
    const lastSend = ms(1200)
    for (const [waitMs, lost] of [
      [300, 20],
      [3000, 20],
      [12_000, 0],
    ] as const) {
      const name = waitMs > 10_000 ? 'dur-1-async-flush-forces-within-ten-seconds' : 'dur-1-async-flush-loses-what-it-acknowledged'
      const { result, ledger } = await play(name, (fault) => ({ ...fault, atUs: lastSend + ms(waitMs) }))
      const twenty = ledger.acked.filter(({ t }) => t < faultTime(result, 'powerLoss'))
      expect(twenty.length).toBe(20)
      expect(twenty.filter(({ op }) => ledger.consumed.has(op)).length).toBe(20)
      expect(ledger.lost.length).toBe(lost)
      expect(verdictOf(result, 'DUR-1')).toBe(lost === 0 ? 'upheld' : 'allowed')
    }
  })

  it('RML-037: a group that stood at 25 skips 20 of 23 new messages', async () => {
    const { result, ledger } = await play('alo-1-ghost-offsets-skip-twenty-messages')
    const cut = faultTime(result, 'powerLoss')
    const old = ledger.acked.filter(({ t }) => t < cut)
    expect(old.length).toBe(25)
    expect(old.filter(({ op }) => ledger.consumed.has(op)).length).toBe(25)
    expect(ledger.lost.map(({ offset }) => offset)).toEqual(count(20, 5))
    const fresh = ledger.acked.filter(({ t }) => t > cut)
    expect(fresh.map(({ offset }) => offset)).toEqual(count(23, 5))
    const skipped = fresh.filter(({ op }) => !ledger.consumed.has(op))
    expect(skipped.map(({ offset }) => offset)).toEqual(count(20, 5))
    expect(skipped.filter(({ op }) => !ledger.stored.has(op))).toEqual([])
    expect(verdictOf(result, 'ALO-1')).toBe('allowed')
  })

  it('RML-051: a power loss under SYNC_FLUSH loses nothing', async () => {
    const { result, ledger } = await play('dur-1-sync-flush-survives-power-loss')
    expectNothingLost(ledger, 20)
    for (const id of ['DUR-1', 'DUR-2', 'DUR-4', 'ALO-1']) expect(verdictOf(result, id)).toBe('upheld')
  })
})

describe('a dead disk', () => {
  it('RML-041: on a dead disk SYNC_FLUSH answers FLUSH_DISK_TIMEOUT only, and loses nothing that it acknowledged', async () => {
    const { result, ledger } = await play('dur-4-a-dead-disk-is-reported')
    const dead = faultTime(result, 'forceFails')
    const cut = faultTime(result, 'powerLoss')
    expect(ledger.acked.filter(({ t }) => t < cut).length).toBe(336)
    expect(ledger.acked.filter(({ t }) => t > dead && t < cut)).toEqual([])
    expect(ledger.lost).toEqual([])
    expect(ledger.maybe.map(({ status }) => status)).toEqual(count(16).map(() => 'FLUSH_DISK_TIMEOUT'))
    expect(ledger.maybe.filter(({ op, t }) => t < dead || ledger.stored.has(op))).toEqual([])
    for (const id of ['DUR-1', 'DUR-4']) expect(verdictOf(result, id)).toBe('upheld')
  })

  it('RML-042: ASYNC_FLUSH acknowledges on a dead disk, and all of it is lost', async () => {
    const { result, ledger } = await play('dur-4-async-acknowledges-on-a-dead-disk')
    const dead = faultTime(result, 'forceFails')
    const cut = faultTime(result, 'powerLoss')
    const onDeadDisk = ledger.acked.filter(({ t }) => t > dead && t < cut)
    expect(onDeadDisk.length).toBe(800)
    expect(onDeadDisk.filter(({ op }) => ledger.stored.has(op))).toEqual([])
    // Of the 400 before, the last interval is lost too.
    expect(ledger.lost.length).toBe(1000)
    expectSuffixesLost(ledger, cut)
    expect(ledger.maybe).toEqual([])
    expect(verdictOf(result, 'DUR-1')).toBe('allowed')
    expect(verdictOf(result, 'DUR-2')).toBe('upheld')
  })
})

describe('a process', () => {
  it('RML-048: sends to a paused broker time out, and are stored', async () => {
    const { result, ledger } = await play('pause-a-timed-out-send-is-stored')
    const woken = faultTime(result, 'pause') + ms(5000)
    expect(ledger.maybe.map(({ status }) => status)).toEqual(count(32).map(() => 'TIMEOUT'))
    expect(ledger.maybe.filter(({ op, t }) => t > woken || !ledger.stored.has(op) || !ledger.consumed.has(op))).toEqual([])
    // Whoever sends again has it twice.
    const texts = [...ledger.stored].map((op) => ledger.texts.get(op))
    expect(texts).toEqual(expect.arrayContaining(['order', 'order, sent again']))
    expect(ledger.lost).toEqual([])
  })

  it('RML-050: a process kill under ASYNC_FLUSH loses nothing, and offsets are as acknowledged', async () => {
    const { result, ledger } = await play('dur-2-process-kill-loses-nothing')
    expectNothingLost(ledger, 50)
    expect(ledger.maybe.map(({ status }) => status)).toEqual(['CONNECTION_LOST', 'CONNECTION_LOST'])
    expect(ledger.refused.length).toBe(48)
    for (const id of ['DUR-1', 'DUR-2', 'DUR-3', 'ORD-2', 'ALO-1']) expect(verdictOf(result, id)).toBe('upheld')
  })

  it('RML-055: a restart in good order loses nothing', async () => {
    const { result, ledger } = await play('restart-in-good-order-loses-nothing')
    expectNothingLost(ledger, 16)
    expect(ledger.refused.length).toBe(5)
    for (const id of ['DUR-1', 'DUR-2', 'DUR-3', 'ALO-1']) expect(verdictOf(result, id)).toBe('upheld')
  })
})

describe('a transaction', () => {
  it('RML-046: without any fault a committed message is stored and delivered twice', async () => {
    const { result, ledger } = await play('alo-5-a-commit-is-delivered-twice-without-any-fault')
    expect(result.plan.faults).toEqual([])
    expect([...ledger.found]).toEqual([
      ['0@0', 1],
      ['0@2', 1],
    ])
    for (const id of ['ALO-5', 'TXN-2']) expect(verdictOf(result, id)).toBe('allowed')
  })

  it('RML-056: halves whose producer has lost its connection are asked about once each, and end as it decided', async () => {
    const { result, ledger } = await play('txn-3-a-connection-dies-with-open-halves')
    const asked = result.events.flatMap((event) => (event.type === 'invoke' && event.f === 'check' ? [event.op] : []))
    expect(asked.sort((x, y) => x - y)).toEqual([1, 2, 3, 4, 5, 6])
    expect([...ledger.found]).toEqual([
      ['0@1', 1],
      ['0@2', 4],
    ])
    for (const id of ['TXN-1', 'TXN-2', 'TXN-3']) expect(verdictOf(result, id)).toBe('upheld')
  })
})

describe('a broker that starts', () => {
  it('RML-007: registers ten seconds late when its NameServers were not found in time', async () => {
    const { result, ledger } = await play('rte-1-a-first-registration-that-never-leaves')
    const times = (f: string): Us[] => result.events.flatMap((event) => (event.type === 'white' && event.f === f ? [event.t] : []))
    const ups = result.events.flatMap((event) => (event.type === 'white' && event.f === 'up' && event.p === 'b1' ? [event.t] : []))
    expect(ups.length).toBe(2)
    for (const up of ups) {
      const first = times('registered').find((t) => t >= up) ?? 0
      expect(first - up).toBeGreaterThan(ms(10_000))
      expect(first - up).toBeLessThan(ms(10_100))
    }
    // Of the topics that were created meanwhile none was taken; whoever asked before the ten seconds were over had no route.
    const told = result.events.find((event) => event.type === 'white' && event.f === 'registered')
    expect(told?.type === 'white' && told.f === 'registered' ? told.v.topics : []).toEqual(['T', 'V', 'W'])
    expect(ledger.refused.length).toBe(1)
    expect(ledger.acked.length).toBe(1)
  })
})

describe('a lock', () => {
  it('RML-020: a lock of a dead owner stays until it expires', async () => {
    for (const [lockLifeUs, lifeMs] of [
      [ms(60_000), 60_000],
      [ms(3000), 3000],
    ] as const) {
      const { result } = await play('rbl-3-a-dead-owner-keeps-its-lock', undefined, { lockLifeUs })
      const dead = faultTime(result, 'processKill')
      const table = result.events.flatMap((event) => (event.type === 'white' && event.f === 'lock' ? [event] : []))
      const last = table.findLast(({ t, v }) => t <= dead && v.client.startsWith('c1'))?.t ?? 0
      const granted = table.find(({ t, v }) => t > dead && v.act === 'granted')
      expect(result.events.filter((event) => event.type === 'fail' && event.f === 'lock' && event.p === 'c2').length).toBeGreaterThan(0)
      expect(granted?.v.client.startsWith('c2')).toBe(true)
      // c2 asks again each second.
      expect((granted?.t ?? 0) - last).toBeGreaterThan(ms(lifeMs))
      expect((granted?.t ?? 0) - last).toBeLessThan(ms(lifeMs + 1000))
    }
  })
})

/** level → each of its messages: how often it was stored in its own queue, and how late it was delivered first. */
function delayedIn({ events }: RunResult, levelsUs: readonly Us[]): { copies: number; lateUs: Us; level: number }[] {
  return events.flatMap((sent) => {
    if (sent.type !== 'invoke' || sent.f !== 'send' || sent.v.delay === undefined) return []
    const level = levelAsked(sent.v.delay)
    const pulls = events.filter((event) => event.type === 'ok' && event.f === 'pull' && event.v.message === sent.op)
    const first = events.find((event) => event.type === 'white' && event.f === 'released' && event.v.message === sent.op)
    const stored = events.find((event) => event.type === 'white' && event.f === 'append' && event.v.message === sent.op)
    return [{ level, copies: pulls.length, lateUs: (first?.t ?? 0) - (stored?.t ?? 0) - (levelsUs[level - 1] ?? 0) }]
  })
}

describe('a delayed message', () => {
  const levelsUs = [ms(1000), ms(5000), ms(10_000)]

  it('RML-047: a kill repeats what was delivered within ten seconds, and loses nothing', async () => {
    const { result } = await play('dly-4-a-kill-repeats-what-was-delivered')
    const messages = delayedIn(result, levelsUs)
    expect(messages.map(({ level, copies }) => `${level}: ${copies}`).sort()).toEqual(
      [
        [1, 2],
        [2, 2],
        [3, 1],
      ].flatMap(([level, copies]) => count(2).map(() => `${level}: ${copies}`)),
    )
    for (const id of ['DLY-1', 'DLY-2', 'DLY-4', 'ALO-1']) expect(verdictOf(result, id)).toBe('upheld')
  })

  it('RML-057: without faults, and over a restart in good order, all come once, none early', async () => {
    const name = 'dly-4-a-stop-in-good-order-repeats-nothing'
    const { result } = await play(name)
    expect(delayedIn(result, levelsUs).filter(({ copies }) => copies !== 1)).toEqual([])
    expect(delayedIn(result, levelsUs).filter(({ lateUs }) => lateUs < 0)).toEqual([])
    const quiet = await playPlan({ ...storyAt(pathOf(name)).scenario.plan, faults: [] })
    const late = delayedIn(quiet, levelsUs).map(({ lateUs }) => lateUs)
    expect(late.length).toBe(9)
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...late)).toBeLessThan(ms(127))
    for (const one of [result, quiet]) for (const id of ['DLY-1', 'DLY-2']) expect(verdictOf(one, id)).toBe('upheld')
  })
})

describe('a timer', () => {
  it('RML-058: timers outlive a kill: none is lost, none comes twice, and what is overdue comes at once', async () => {
    const { result } = await play('dly-2-timers-outlive-a-kill')
    const up = result.events.findLast((event) => event.type === 'white' && event.f === 'up' && event.p === 'b1')?.t ?? 0
    const came = deliveriesOf(result)
    expect(came.map(({ message }) => message).sort((x, y) => x - y)).toEqual(count(10).map((k) => k + 1))
    // Those of 16, 18, 20, 22 and 24 s: the broker is back at 24.8 s.
    const overdue = result.events.flatMap((event) =>
      event.type === 'white' && event.f === 'released' && event.t >= up && event.t < up + ms(1000) ? [event.v.message] : [],
    )
    expect(overdue).toEqual([2, 3, 4, 5, 6])
    for (const id of ['DLY-1', 'DLY-2', 'DLY-4']) expect(verdictOf(result, id)).toBe('upheld')
  })
})

describe('what is sent back', () => {
  it('RML-069: two retries, each a second after the failure, and then a dead letter', async () => {
    const { result } = await play('rty-2-two-retries-a-second-apart')
    const given = result.events.filter((event) => event.type === 'invoke' && event.f === 'consume' && event.v.message === 1)
    const waits = given.slice(1).map((event, k) => event.t - (given[k]?.t ?? 0))
    expect(waits).toHaveLength(2)
    for (const wait of waits) {
      expect(wait).toBeGreaterThanOrEqual(ms(1000))
      expect(wait).toBeLessThan(ms(1150))
    }
    const dead = result.events.filter((event) => event.type === 'ok' && event.f === 'pull' && event.v.topic === '%DLQ%g')
    expect(dead.map((event) => (event.type === 'ok' && event.f === 'pull' ? event.v.message : -1))).toEqual([1])
    for (const id of ['RTY-1', 'RTY-2', 'ALO-1']) expect(verdictOf(result, id)).toBe('upheld')
  })
})

describe('a pull consumer', () => {
  it('RML-049: killed twice, it begins again where it had committed, in order and with nothing missing', async () => {
    const redelivered: number[] = []
    for (let later = 0; later <= 100; later += 20) {
      const { result } = await play('alo-3-a-pull-consumer-is-killed-twice', (fault) =>
        fault.atUs === 0 ? fault : { ...fault, atUs: fault.atUs + ms(later - 40) },
      )
      const done = result.events.flatMap((event) =>
        event.type === 'ok' && event.f === 'consume' && event.v.message <= 400 ? [event.v] : [],
      )
      const [queue0, queue1] = ['0', '1'].map((queue) => done.filter((one) => one.queue === queue).map(({ offset }) => offset))
      const back = [queue0 ?? [], queue1 ?? []].map((offsets) => offsets.filter((offset, k) => offset < (offsets[k - 1] ?? 0)).length)
      expect(new Set(done.map(({ message }) => message)).size).toBe(400)
      expect([3, 4]).toContain((back[0] ?? 0) + (back[1] ?? 0))
      redelivered.push(done.length - 400)
      for (const id of ['ALO-1', 'ALO-2', 'ALO-3']) expect(verdictOf(result, id)).toBe('upheld')
    }
    // Of each queue fewer than twice twenty, each time.
    expect(Math.max(...redelivered)).toBeLessThan(4 * 40)
    expect(redelivered.filter((n) => n >= 36 && n <= 64).length).toBeGreaterThan(0)
  })
})

describe('a popped message', () => {
  it('RML-059: of 64 popped messages exactly the 32 that were not acknowledged come again, once each', async () => {
    const { result } = await play('alo-3-a-popped-message-comes-again-unless-acknowledged')
    const times = deliveriesOf(result)
    expect(times.length).toBe(96)
    const taken = times.slice(0, 64)
    expect(new Set(taken.map(({ message }) => message)).size).toBe(64)
    const again = times.slice(64)
    const failed = result.events.flatMap((event) => (event.type === 'fail' && event.f === 'consume' ? [event.v.message] : []))
    expect(again.map(({ message }) => message).sort((x, y) => x - y)).toEqual(failed.sort((x, y) => x - y))
    expect(failed.length).toBe(32)
    for (const { message, t } of again) {
      const waited = t - (taken.find((one) => one.message === message)?.t ?? 0)
      expect(waited).toBeGreaterThanOrEqual(ms(5000) - ms(1))
      expect(waited).toBeLessThanOrEqual(ms(6000) + ms(1))
    }
    for (const id of ['ALO-1', 'ALO-2', 'ALO-3']) expect(verdictOf(result, id)).toBe('upheld')
  })

  it('RML-060: nothing is delivered while popped messages wait, then the three come again in order, and the next', async () => {
    const { result, ledger } = await play('ord-3-an-orderly-pop-blocks-its-queue')
    const told = deliveriesOf(result).map(({ message, t }) => ({ text: ledger.texts.get(message), t }))
    expect(told.map(({ text }) => text)).toEqual(['f0', 'f1', 'f2', 'f3', 'f4', 'f5', 'f5', 'f6', 'f7', 'f8'])
    const waited = (told[6]?.t ?? 0) - (told[4]?.t ?? 0)
    expect(waited).toBeGreaterThanOrEqual(ms(3000) - ms(1))
    expect(waited).toBeLessThanOrEqual(ms(3060))
    for (const id of ['ORD-3', 'ALO-1', 'ALO-3']) expect(verdictOf(result, id)).toBe('upheld')
  })
})

/** Every delivery of the plan's own messages, in order. */
function deliveriesOf({ events }: RunResult): { message: number; t: Us }[] {
  const own = new Ledger(events).texts
  return events.flatMap((event) =>
    event.type === 'invoke' && event.f === 'consume' && own.has(event.v.message) ? [{ message: event.v.message, t: event.t }] : [],
  )
}
