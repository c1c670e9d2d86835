/** The story format as it is read: the specimen, and every mistake with its line. */
import { describe, expect, it } from 'vitest'
import { InputError, PlanRefused } from '../plan/input-error.ts'
import { parseScenario } from './parse.ts'
import { refusedIn } from './refused.ts'
import { defaultSalt } from './salts.ts'
import { toPlan } from './scenario.ts'

const SPECIMEN = `# A group has read offset 1.
# twin: RML-037
# guarantees: ALO-1, ORD-2
cluster preset=rocketmq-5.5 flush=async parameter.segmentBytes=4096
topic T queues=1
group g consumers=c1
----
b1 is up; T has queue 0; c1 of g owns T:0

at 0ms p1 send T "first"
at 8000ms b1 power-loss for=2000ms keep=none
at 8000.5ms cut p1|b1 for=1ms
drain
----
      0.000  p1 → b1   send T "first"

  ALO-1 violated
`

const edited =
  (from: string | RegExp, to: string): (() => unknown) =>
  () => {
    const text = SPECIMEN.replace(from, to)
    expect(text).not.toBe(SPECIMEN)
    return parseScenario(text, 'x.scenario')
  }

describe('parseScenario', () => {
  it('reads the specimen', () => {
    const scenario = parseScenario(SPECIMEN, 'x')
    expect(scenario.story).toEqual(['A group has read offset 1.'])
    expect(scenario.twins).toEqual(['RML-037'])
    expect(scenario.guarantees).toEqual(['ALO-1', 'ORD-2'])
    expect(scenario.setup).toEqual(['b1 is up; T has queue 0; c1 of g owns T:0'])
    expect(scenario.transcript).toHaveLength(3)
    expect(toPlan(scenario)).toEqual({
      format: 'mqproof-plan/1',
      version: 'scenario',
      system: 'rocketmq',
      seed: 0,
      policy: 'calm',
      cluster: {
        nameservers: ['n1'],
        brokers: ['b1'],
        producers: ['p1'],
        topics: [{ name: 'T', queues: 1 }],
        groups: [{ name: 'g', topics: ['T'], consumers: ['c1'] }],
        config: { preset: 'rocketmq-5.5', flushDiskType: 'ASYNC_FLUSH', parameters: { segmentBytes: 4096 } },
      },
      workload: [
        { do: 'send', client: 'p1', atUs: 0, salt: defaultSalt('send', 'p1', 0), topic: 'T', text: 'first', mode: 'sync', bytes: 100 },
      ],
      faults: [
        { kind: 'powerLoss', on: 'b1', atUs: 8_000_000, salt: defaultSalt('power-loss', 'b1', 0), forUs: 2_000_000, keep: 'none' },
        { kind: 'cut', on: 'p1', peer: 'b1', oneWay: false, atUs: 8_000_500, salt: defaultSalt('cut', 'p1|b1', 0), forUs: 1000 },
      ],
    })
  })

  it('reads a story that has not been told yet', () => {
    const scenario = parseScenario(SPECIMEN.replace(/\n----\n +0[^]*$/, '\n'), 'x')
    expect(scenario.transcript).toEqual([])
    expect(toPlan(scenario)).toEqual(toPlan(parseScenario(SPECIMEN, 'x')))
  })

  it('gives equal lines different salts', () => {
    const text = SPECIMEN.replace('at 8000ms', 'at 0ms p1 send T "first"\nat 8000ms')
    const [first, second] = toPlan(parseScenario(text, 'x')).workload
    expect(first?.salt).not.toBe(second?.salt)
  })

  it.each([
    ['b1 power-loss', 'b1 powerloss', 'x.scenario:11: unknown verb powerloss; did you mean "power-loss"?'],
    ['p1 send', 'p1 sned', 'x.scenario:10: unknown verb sned; did you mean "send"?'],
    ['keep=none', '', 'x.scenario:11: power-loss needs keep=none|all|prefix|holes|torn'],
    ['keep=none', 'keep=some', 'x.scenario:11: expected keep=none|all|prefix|holes|torn, found keep=some'],
    ['keep=none', 'keep=none keep=all', 'x.scenario:11: keep= is given twice'],
    ['for=2000ms', 'fro=2000ms', 'x.scenario:11: power-loss has no fro=; did you mean "for"?'],
    ['for=2000ms', 'for=2s', 'x.scenario:11: expected for=2000ms, found for=2s'],
    ['at 8000ms', 'at soon', 'x.scenario:11: expected a time such as 12.5ms after "at", found soon'],
    ['cut p1|b1', 'b1 cut', 'x.scenario:12: write it as: at 8000.5ms cut b1>PEER for=2000ms'],
    ['cut p1|b1 for', 'net-loss p1|b1 permille=1 for', 'x.scenario:12: net-loss acts one way: write p1>b1'],
    ['cut p1|b1', 'cut p1', 'x.scenario:12: expected a link such as p1>b1 or b1>*, found p1'],
    ['cut p1|b1 for', 'net-loss p1>b1 permille=2000 for', 'x.scenario:12: permille is 2000: '],
    ['topic T', 'topci T', 'x.scenario:5: unknown setup topci; did you mean "topic"?'],
    ['topic T queues=1', 'topic T queues=1\ntopic T queues=2', 'x.scenario:6: topic T is there already'],
    ['topic T', 'cluster\ntopic T', 'x.scenario:5: a second cluster line'],
    ['preset=', 'perset=', 'x.scenario:4: cluster has no perset=; did you mean "preset"?'],
    ['flush=async', 'flush=asink', 'x.scenario:4: expected flush=sync or flush=async, found flush=asink; did you mean "async"?'],
    [/cluster.*\n/, '', 'x.scenario:6: expected a cluster line above'],
    ['drain\n', '', 'x.scenario:13: expected "drain" as the last line of the run'],
    ['drain\n', 'drain\nat 9ms p1 send T\n', 'x.scenario:14: "drain" ends the run'],
    ['drain\n', 'drian\n', 'x.scenario:13: expected at, noise or drain, found drian; did you mean "drain"?'],
    ['"first"\nat', '"first\nat', 'x.scenario:10: a quote is not closed'],
    [/drain\n----\n +0[^]*$/, '', 'x.scenario:12: expected "drain" as the last line of the run'],
  ])('refuses %s written as %s', (from, to, message) => {
    expect(edited(from, to)).toThrow(InputError)
    expect(edited(from, to)).toThrow(message)
  })
})

describe('refusedIn', () => {
  it.each([
    ['workload[0].client: no producer "p9"', 'x.scenario:10: no producer "p9"'],
    ['faults[1].peer: no node "b9"', 'x.scenario:12: no node "b9"'],
    ['cluster.groups[0].startAt: leave it out', 'x.scenario:6: startAt: leave it out'],
    ['cluster: two nodes have the same name', 'x.scenario: cluster: two nodes have the same name'],
  ])('places %s', (complaint, message) => {
    expect(refusedIn(SPECIMEN, 'x.scenario', new PlanRefused(complaint)).message).toBe(message)
  })
})
