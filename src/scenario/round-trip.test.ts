/** No plan and no golden line is lost by being written as a story, and every story of this repository is in its printed form. */
import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FAULT_KINDS, Keep, type Fault } from '../plan/faults.ts'
import {
  Plan,
  PLAN_FORMAT,
  Policy,
  Receiver,
  Recipe,
  SendMode,
  Strategy,
  TxnOutcome,
  type Cluster,
  type Group,
  type Item,
  type Noise,
} from '../plan/plan.ts'
import { describeSetup } from './describe.ts'
import { fromPlan } from './from-plan.ts'
import { parseScenario } from './parse.ts'
import { printScenario } from './print.ts'
import { defaultSalt } from './salts.ts'
import { toPlan } from './scenario.ts'

const name = fc.oneof(
  fc.constantFrom('p1', 'b1', 'c1', 'T', 'U', 'g', 'at', 'none', 'cut', 'drain', 'send', 'pause', '0', 'a.b-c_d'),
  fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,8}$/),
)
const us = fc.oneof(fc.nat(20_000_000), fc.constantFrom(0, 1, 999, 1000, 10_000, 8_000_000, 2 ** 52))
const span = fc.integer({ min: 1, max: 60_000_000 })
const salt = fc.oneof(fc.nat(), fc.constantFrom(0, 0xffffffff, 2 ** 53 - 1), fc.constant(defaultSalt('send', 'p1', 0)))
const text = fc.oneof(
  fc.string({ maxLength: 10, unit: 'binary' }),
  fc.constantFrom('first', '', ' ', '"', '\\', 'a b=c', '----', '# x', '\n', '\u2028', 'drain'),
)
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined })

/** Removes absent fields, as a parsed plan has none. */
const clean = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T

const moment = { atUs: us, salt }
const message = {
  client: name,
  ...moment,
  topic: name,
  bytes: fc.integer({ min: 1, max: 4 << 20 }),
  fails: optional(fc.nat(20)),
  tag: optional(fc.stringMatching(/^[A-Za-z="#]{1,6}$/)),
  text: optional(text),
}
const key = optional(fc.stringMatching(/^[a-z:_"\\=-]{1,8}$/))
const outcome = fc.constantFrom(...TxnOutcome.options)
const item = fc
  .oneof(
    fc.record({ do: fc.constant('send'), ...message, key, queue: optional(fc.nat(70)), mode: fc.constantFrom(...SendMode.options) }),
    fc.record({ do: fc.constant('transaction'), ...message, key, outcome, answer: outcome }),
    fc.record({ do: fc.constant('wipeWritePerm'), client: name, ...moment, topic: name, broker: name }),
    fc.record({ do: fc.constant('createTopic'), client: name, ...moment, topic: name, queues: fc.integer({ min: 1, max: 64 }) }),
    fc.record({ do: fc.constantFrom('start', 'stop'), client: name, ...moment }),
    fc.record({ do: fc.constant('load'), ...message, workers: fc.integer({ min: 1, max: 256 }), durationUs: span, everyUs: span }),
  )
  .map((one) => clean(one) as Item)

const node = fc.oneof(name, fc.constant('*'))
const extras = {
  powerLoss: { forUs: span, keep: fc.constantFrom(...Keep.options) },
  bitCorruption: {},
  clockOffset: { byUs: fc.integer({ min: -60_000_000, max: 60_000_000 }) },
  clockJump: { byUs: fc.integer() },
  clockDrift: { forUs: span, ppm: fc.integer({ min: -200_000, max: 200_000 }) },
  cut: { peer: node, forUs: span, oneWay: fc.boolean() },
} as const
const link = { peer: node, forUs: span, permille: fc.integer({ min: 1, max: 1000 }) }
const fieldsOf = (kind: Fault['kind']): Record<string, fc.Arbitrary<unknown>> => {
  if (kind in extras) return extras[kind as keyof typeof extras]
  return kind.startsWith('net') ? link : { forUs: span }
}
const fault = fc
  .oneof(...FAULT_KINDS.map((kind) => fc.record({ kind: fc.constant(kind), on: node, ...moment, ...fieldsOf(kind) })))
  .map((one) => one as Fault)

const word = fc.oneof(
  name,
  text.filter((one) => one !== ''),
)
const json = fc
  .jsonValue({ maxDepth: 2 })
  .filter((value) => !JSON.stringify(value).includes('__proto__'))
  .map((value) => JSON.parse(JSON.stringify(value)) as null)
const config = fc
  .record({
    preset: optional(fc.oneof(fc.constantFrom('rocketmq-5.5', 'hardened'), json)),
    flushDiskType: optional(fc.oneof(fc.constantFrom('SYNC_FLUSH', 'ASYNC_FLUSH'), json)),
    repairs: optional(fc.oneof(fc.array(name, { maxLength: 3 }), json)),
    disk: optional(fc.constantFrom('ext4', 'posix')),
    parameters: optional(fc.oneof(fc.dictionary(name, fc.integer(), { maxKeys: 3 }), json)),
    acks: optional(json),
    'two words': optional(json),
  })
  .map((one) => clean(one) as Cluster['config'])

const names = (minLength: number): fc.Arbitrary<string[]> => fc.array(name, { minLength, maxLength: 3 })
const usually = (one: string, min: number): fc.Arbitrary<string[]> => fc.oneof(fc.constant<string[]>([one]), names(min))
const receiver = optional(fc.record({ recipe: fc.constantFrom(...Recipe.options), by: fc.constantFrom(...Receiver.shape.by.options) }))
const allocate = optional(fc.constantFrom(...Strategy.options))
const tags = optional(fc.constantFrom('*', 'a', 'a || b', 'Aa||=x'))
const group = fc.record({ name, topics: names(1), consumers: names(1), receiver, allocate, tags }).map((one) => clean(one) as Group)
const cluster: fc.Arbitrary<Cluster> = fc.record({
  nameservers: usually('n1', 1),
  brokers: usually('b1', 1),
  producers: usually('p1', 0),
  topics: fc.uniqueArray(fc.record({ name, queues: fc.integer({ min: 1, max: 64 }) }), { maxLength: 3, selector: (one) => one.name }),
  groups: fc.array(group, { maxLength: 2 }),
  config,
})

const noise: fc.Arbitrary<Noise> = fc.record({
  label: fc.oneof(word, fc.constant('')),
  key: fc.maxSafeNat(),
  nth: fc.nat(9),
  value: fc.nat(9),
})
const plan: fc.Arbitrary<Plan> = fc
  .record({
    format: fc.constant(PLAN_FORMAT),
    version: fc.constantFrom('scenario', '0.1.0', '1.0.0-rc.1 x'),
    system: fc.oneof(fc.constant('rocketmq'), word),
    mutant: optional(word),
    seed: fc.integer({ min: 0, max: 0xffffffff }),
    policy: fc.constantFrom(...Policy.options),
    cluster,
    workload: fc.array(item, { maxLength: 6 }),
    faults: fc.array(fault, { maxLength: 4 }),
    noise: optional(fc.array(noise, { maxLength: 3 })),
    expect: optional(fc.record({ guarantee: word, traceHash: word })),
  })
  .map((one) => clean(one) as Plan)
const line = fc.string({ maxLength: 20 }).map((one) => one.trimEnd())
const transcript = fc.array(line, { maxLength: 4 }).map((lines) => (lines.length > 0 ? [...lines, 'end'] : []))

describe('the story format', () => {
  it('keeps every plan', () => {
    fc.assert(
      fc.property(plan, (one) => {
        expect(Plan.parse(one)).toEqual(one)
        expect(toPlan(parseScenario(fromPlan(one, 'A story.', []), 'x'))).toEqual(one)
      }),
      { numRuns: 500 },
    )
  })

  it('reads what it prints, and prints what it read', () => {
    const story = fc.array(
      line.filter((one) => !/^(twins?|guarantees?):/.test(one)),
      { maxLength: 3 },
    )
    const ids = fc.array(fc.constantFrom('RML-037', 'ALO-1', 'ORD-2'), { maxLength: 2 })
    fc.assert(
      fc.property(plan, story, ids, ids, transcript, (one, comment, twins, guarantees, golden) => {
        const scenario = { story: comment, twins, guarantees, plan: one, setup: describeSetup(one), transcript: golden }
        const text = printScenario(scenario)
        expect(parseScenario(text, 'x')).toEqual(scenario)
        expect(printScenario(parseScenario(text, 'x'))).toBe(text)
      }),
      { numRuns: 300 },
    )
  })
})

describe('the scenarios of this repository', () => {
  const folder = new URL('../../scenarios/', import.meta.url)
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.scenario'))
    .sort((x, y) => (x < y ? -1 : 1))

  it.each(files)('%s is written as it would be printed, and says what it is about', (file) => {
    const text = readFileSync(new URL(file, folder), 'utf8')
    const scenario = parseScenario(text, file)
    expect(printScenario({ ...scenario, setup: describeSetup(scenario.plan) })).toBe(text)
    expect(scenario.guarantees).not.toEqual([])
    expect(scenario.story.join(' ')).toMatch(/\b(RMQ|RML)-\d{3}\b/)
  })

  it('are at least twenty stories', () => {
    expect(files.length).toBeGreaterThanOrEqual(20)
  })
})
