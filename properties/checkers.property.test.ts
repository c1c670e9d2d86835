/** Laws of the checkers over small histories that need not make sense: a checker must get nonsense right too. */
import type { QueueName } from '../src/plan/queues.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkers } from '../src/check/catalogue.ts'
import type { Anomaly, Drain, GuaranteeId } from '../src/check/checker.ts'
import { runChecks } from '../src/check/run-checkers.ts'
import { naiveAlo2, naiveDur1, naiveDur2, naiveIdm1, naiveIdm2, naiveOrd1, naiveOrd2 } from '../src/check/testing/naive.ts'
import { digestOf, DRAINED, HEADER, msgIdOf, SIZE, Story, STUCK } from '../src/check/testing/histories.ts'
import type { Event, Header } from '../src/history/event.ts'
import type { FaultKind } from '../src/plan/faults.ts'

/** Holds a law to many histories. */
function holds(histories: fc.Arbitrary<Event[]>, law: (events: Event[]) => void): void {
  fc.assert(
    fc.property(histories, (events) => {
      law(events)
    }),
    { numRuns: 400 },
  )
}

const message = fc.integer({ min: 1, max: 8 })
const queue = fc.constantFrom('0', '1')
const offset = fc.integer({ min: 0, max: 4 })
const group = fc.constantFrom('g', 'h')
const consumer = fc.constantFrom('c1', 'c2')
const broker = fc.constantFrom('b1', 'b2')
const records = fc.integer({ min: 0, max: 5 })
const brokerOf = (name: QueueName): string => (name === '0' ? 'b1' : 'b2')

type Part = (story: Story) => unknown
const place = { queue, offset }

/** Sends are begun and ended once each; all else comes as it likes. */
class Sends {
  private readonly begun = new Set<number>()
  private readonly ended = new Set<number>()
  begin(op: number): boolean {
    return !this.begun.has(op) && this.begun.add(op).has(op)
  }
  end(op: number): boolean {
    return this.begun.has(op) && !this.ended.has(op) && this.ended.add(op).has(op)
  }
}

type Step = (story: Story, sends: Sends) => unknown

const producerOf = (op: number): string => (op % 2 === 0 ? 'p1' : 'p2')
const invoke = fc.record({ op: message, queue, half: fc.boolean() }).map(
  ({ op, ...v }): Step =>
    (story, sends) =>
      sends.begin(op) && story.invoke(op, { ...v, p: producerOf(op) }),
)
const ack = fc.record({ op: message, ...place, nth: records }).map(
  ({ op, offset: to, ...v }): Step =>
    (story, sends) =>
      sends.end(op) && story.ack(op, to, { ...v, broker: brokerOf(v.queue), p: producerOf(op) }),
)
const send = fc.record({ op: message, ...place, nth: records }).map(({ op, offset: to, ...v }): Step => (story, sends) => {
  if (sends.begin(op) && sends.end(op)) {
    story.invoke(op, { queue: v.queue, p: producerOf(op) }).ack(op, to, { ...v, broker: brokerOf(v.queue), p: producerOf(op) })
  }
})
/** A send as a broker sees it: stored, perhaps forced, acknowledged. */
const written = { op: message, ...place, nth: records, force: fc.boolean() }
const write = fc.record(written).map(({ op, offset: to, force: forced, ...v }): Step => (story, sends) => {
  if (!sends.begin(op) || !sends.end(op)) return
  const at = { ...v, p: brokerOf(v.queue) }
  story.invoke(op, { queue: v.queue, p: producerOf(op) }).append(op, to, at)
  if (forced) story.force(v.nth + 1, at.p)
  story.ack(op, to, { ...v, broker: at.p, p: producerOf(op) })
})
/** The auditor finds what was acknowledged in a queue, except one message. */
const look = fc.record({ queue, missing: message }).map(({ queue: name, missing }): Step => (story) => {
  for (const event of [...story.events]) {
    if (event.type === 'ok' && event.f === 'send' && event.v.queue === name && event.op !== missing) {
      story.pull(event.op, event.v.offset, { queue: name })
    }
  }
  story.audited(0, 5, { queue: name })
})
const reading = { m: message, ...place, group, p: consumer }
const pull = fc.record({ m: message, ...place, wrong: fc.integer({ min: 0, max: 9 }) }).map(
  ({ m, offset: at, wrong, ...v }): Part =>
    (story) =>
      story.pull(m, at, { ...v, digest: digestOf(m) + (wrong === 0 ? 1 : 0) }),
)
const audit = fc.record({ queue, min: fc.integer({ min: 0, max: 1 }), size: offset }).map(
  ({ min, size, ...v }): Part =>
    (story) =>
      story.audited(min, min + size, v),
)
const deliver = fc.record(reading).map(
  ({ m, offset: at, ...v }): Part =>
    (story) =>
      story.deliver(m, at, v),
)
const consumed = fc.record(reading).map(
  ({ m, offset: at, ...v }): Part =>
    (story) =>
      story.consumed(m, at, v),
)
const finishLate = fc.record(reading).map(
  ({ m, offset: at, ...v }): Part =>
    (story) =>
      wasDelivered(story, m, at, v) && story.finish(m, at, v),
)
const key = fc.constantFrom('', 'k1', 'k2')
const keyed = fc.record({ op: message, queue, key }).map(
  ({ op, ...v }): Step =>
    (story, sends) =>
      sends.begin(op) && story.invoke(op, { ...v, p: producerOf(op) }),
)
const effect = fc.record({ m: message, key, group }).map(
  ({ m, key: of, group: by }): Part =>
    (story) =>
      story.effect(m, of, { group: by }),
)
const msgId = fc.constantFrom(...[1, 2, 3, 4].map(msgIdOf))
const sight = fc.record({ m: fc.integer({ min: 1, max: 4 }), ...place, msgId, p: consumer, broker, nth: records }).map(
  ({ m, offset: at, ...v }): Part =>
    (story) =>
      story.deliver(m, at, v),
)
const commit = fc.record({ ...place, group, p: consumer }).map(
  ({ offset: at, ...v }): Part =>
    (story) =>
      story.commit(at, v),
)
const from = fc.constantFrom('stored' as const, 'none' as const, 'corrected' as const)
const assign = fc.record({ ...place, group, p: consumer, from }).map(
  ({ offset: at, ...v }): Part =>
    (story) =>
      story.assign(at, v),
)
const kinds: readonly FaultKind[] = ['processKill', 'powerLoss', 'diskLoss', 'gracefulRestart', 'bitCorruption', 'netLoss']
const fault = fc.record({ kind: fc.constantFrom(...kinds), on: broker, effective: fc.boolean() }).map(
  ({ kind, on, effective }): Part =>
    (story) =>
      story.fault(kind, on, effective),
)
const outcome = fc.constantFrom('commit' as const, 'rollback' as const, 'unknown' as const)
const endTxn = fc.record({ op: message, outcome, fromCheck: fc.boolean() }).map(
  ({ op, outcome: told, fromCheck }): Part =>
    (story) =>
      story.endTxn(op, told, fromCheck),
)
const local = fc.record({ op: message, outcome }).map(
  ({ op, outcome: decided }): Part =>
    (story) =>
      story.local(op, decided),
)

const holder = fc.constantFrom('c1#0', 'c2#0', 'c2#7')
const act = fc.constantFrom('granted' as const, 'granted' as const, 'renewed' as const, 'released' as const, 'expired' as const)
const table = fc.record({ act, client: holder, queue, group, wait: fc.integer({ min: 0, max: 80_000 }) }).map(
  ({ act: did, client, wait, ...v }): Part =>
    (story) =>
      story.wait(wait).table(did, client, v),
)
const lock = fc.record({ queue, group, p: consumer, refused: fc.boolean() }).map(
  (v): Part =>
    (story) =>
      story.lock(v),
)
const unlock = fc.record({ queue, group, p: consumer }).map(
  (v): Part =>
    (story) =>
      story.unlock(v),
)

const append = fc.record({ m: message, ...place, nth: records, half: fc.boolean() }).map(
  ({ m, offset: at, ...v }): Part =>
    (story) =>
      story.append(m, at, { ...v, p: brokerOf(v.queue) }),
)
const force = fc.record({ n: records, p: broker }).map(
  ({ n, p }): Part =>
    (story) =>
      story.force(n, p),
)
const dispatch = fc.record({ ...place, nth: records }).map(
  ({ offset: at, ...v }): Part =>
    (story) =>
      story.dispatch(at, { ...v, p: brokerOf(v.queue) }),
)
const recovered = fc.record({ n: records, inside: fc.boolean(), max: offset }).map(
  ({ n, inside, max }): Part =>
    (story) =>
      story.recovered(n * SIZE + (inside ? 1 : 0), max),
)
const stored = fc.record({ offset, durable: fc.boolean() }).map(
  ({ offset: at, durable }): Part =>
    (story) =>
      story.stored(at, durable),
)
const change = fc.constantFrom('up' as const, 'down' as const)
const life = fc.record({ f: change, p: fc.oneof(broker, consumer) }).map(
  ({ f, p }): Part =>
    (story) =>
      story.life(f, p),
)

function wasDelivered({ events }: Story, m: number, at: number, v: { queue: QueueName; group: string; p: string }): boolean {
  return events.some((event) => {
    if (event.type !== 'invoke' || event.f !== 'consume' || event.p !== v.p) return false
    return event.v.group === v.group && event.v.message === m && event.v.queue === v.queue && event.v.offset === at
  })
}

const told = (...parts: readonly fc.Arbitrary<Step>[]): fc.Arbitrary<Event[]> =>
  fc.array(fc.oneof(...parts), { maxLength: 40, size: 'max' }).map((steps) => {
    const story = new Story()
    const sends = new Sends()
    for (const step of steps) step(story, sends)
    // Some events share their time, as they do in a simulation.
    return story.events.map((event) => ({ ...event, t: Math.floor(event.i / 2) }))
  })

const clientSteps = [
  invoke,
  invoke,
  ack,
  ack,
  ack,
  send,
  pull,
  audit,
  look,
  deliver,
  consumed,
  consumed,
  finishLate,
  commit,
  assign,
  lock,
  unlock,
  fault,
  endTxn,
  keyed,
  effect,
  effect,
  sight,
]
const clientHistory = told(...clientSteps)
const history = told(...clientSteps, local, write, write, append, append, force, dispatch, recovered, stored, life, table, table)

const header: Header = {
  ...HEADER,
  groups: [
    { name: 'g', topics: ['T'], consumers: ['c1', 'c2'], receiver: { recipe: 'transaction', by: 'key' } },
    { name: 'h', topics: ['T'], consumers: ['c1', 'c2'], listener: 'orderly' },
  ],
  brokers: ['b1', 'b2'],
}

const anomaliesOf = (id: GuaranteeId, events: readonly Event[]) => runChecks(header, events, DRAINED, [id]).get(id)?.anomalies ?? []
const sorted = (texts: readonly string[]): string[] => [...texts].sort((x, y) => (x < y ? -1 : x > y ? 1 : 0))

describe('a fast checker agrees with its naive twin', () => {
  it('ORD-1', () => {
    const fast = (events: readonly Event[]) =>
      sorted(
        anomaliesOf('ORD-1', events).map(({ facts }) => `${facts['message']} ${facts['loss'] === 'none' ? 'unexplained' : 'after a loss'}`),
      )
    holds(told(invoke, invoke, ack, ack, send, fault), (events) => expect(fast(events)).toEqual(naiveOrd1(events)))
  })

  it('ORD-2', () => {
    const show = ({ name, facts }: Anomaly): string => {
      const { queue: where, offset: at, from: first, message: held } = facts
      return name === 'gap' ? `gap ${where}@${first}` : `${name} ${where}@${at} ${held}`
    }
    const fast = (events: readonly Event[]) => sorted(anomaliesOf('ORD-2', events).map(show))
    holds(told(invoke, ack, send, pull, pull, pull, audit, look, deliver, fault), (events) =>
      expect(fast(events)).toEqual(naiveOrd2(events)),
    )
  })

  it('ALO-2', () => {
    const fast = (events: readonly Event[]) =>
      sorted(
        anomaliesOf('ALO-2', events).map(
          ({ facts, events: shown }) => `${facts['consumer']} ${facts['queue']}@${facts['offset']} ${shown[0]}`,
        ),
      )
    holds(told(consumed, consumed, consumed, deliver, finishLate, commit, commit, assign), (events) =>
      expect(fast(events)).toEqual(naiveAlo2(events)),
    )
  })

  it('IDM-1', () => {
    const show = ({ name, facts }: Anomaly): string => {
      const { group: of, key: known, message: m } = facts
      const about = `${of} ${known === '' ? `m${m}` : `key ${known}`}`
      return name === 'repeated effect' ? `repeated ${about}` : `lost ${about} m${m}`
    }
    const fast = (events: readonly Event[]) => sorted(anomaliesOf('IDM-1', events).map(show))
    holds(told(invoke, keyed, keyed, consumed, consumed, effect, effect, effect), (events) =>
      expect(fast(events)).toEqual(naiveIdm1(events, ['g'])),
    )
  })

  it('IDM-2', () => {
    const fast = (events: readonly Event[]) => sorted(anomaliesOf('IDM-2', events).map(({ name, facts }) => `${name} ${facts['message']}`))
    holds(told(invoke, ack, ack, send, sight, sight, sight), (events) => expect(fast(events)).toEqual(naiveIdm2(events)))
  })

  it('DUR-1', () => {
    const fast = (events: readonly Event[]) => sorted(anomaliesOf('DUR-1', events).map(({ facts }) => `${facts['message']}`))
    holds(clientHistory, (events) => expect(fast(events)).toEqual(naiveDur1(events)))
  })

  it('DUR-2', () => {
    const fast = (events: readonly Event[]) => sorted(anomaliesOf('DUR-2', events).map(({ name, facts }) => `${name} ${facts['message']}`))
    holds(told(invoke, ack, send, send, send, pull, look, look, fault), (events) => expect(fast(events)).toEqual(naiveDur2(events)))
  })
})

/** What a verdict rests on: which anomalies, and whether there is evidence or doubt. */
function verdicts(of: Header, events: readonly Event[]): string[] {
  return [...runChecks(of, events, DRAINED)].map(([id, { anomalies, evidence, unknown }]) => {
    const names = sorted(anomalies.map((anomaly) => anomaly.name))
    return `${id}: ${names.join(', ')}; ${evidence?.chances ?? 'no'} chances; ${unknown === undefined ? 'known' : 'unknown'}`
  })
}

/** The same value with every text renamed that is a name. */
function renamed<T>(value: T, names: ReadonlyMap<string, string>): T {
  return JSON.parse(JSON.stringify(value), (_, inner: unknown) => (typeof inner === 'string' ? (names.get(inner) ?? inner) : inner)) as T
}

const NAMES: ReadonlyMap<string, string> = new Map([
  ['T', 'zebra'],
  ['g', 'a group'],
  ['h', 'another'],
  ['c1', 'x9'],
  ['c2', 'x1'],
  ['b1', 'north'],
  ['b2', 'south'],
  ['p1', 'q'],
  ['p2', 'a'],
])

/** Two neighbours whose order nobody could have observed: sends that begin, or operations that end, at different processes. */
function mayCommute(x: Event, y: Event): boolean {
  if (x.p === y.p || x.type !== y.type) return false
  if (x.type === 'invoke' && y.type === 'invoke') return x.f === 'send' && y.f === 'send'
  if (x.type === 'ok' && y.type === 'ok') return (x.f === 'send' || x.f === 'consume') && (y.f === 'send' || y.f === 'consume')
  return false
}

describe('verdicts depend on what happened alone', () => {
  it('not on the names of topics, groups and processes', () => {
    holds(history, (events) => expect(verdicts(renamed(header, NAMES), renamed(events, NAMES))).toEqual(verdicts(header, events)))
  })

  it('not on the order of neighbours that nobody could have observed', () => {
    const swapped = (events: readonly Event[], at: number): Event[] => [
      ...events.slice(0, at),
      ...events.slice(at, at + 2).reverse(),
      ...events.slice(at + 2),
    ]
    holds(clientHistory, (events) => {
      const first = verdicts(header, events)
      for (let at = 0; at + 1 < events.length; at++) {
        if (mayCommute(events[at] as Event, events[at + 1] as Event)) expect(verdicts(header, swapped(events, at))).toEqual(first)
      }
    })
  })
})

describe('a run exercises a guarantee exactly when it can be sabotaged', () => {
  for (const { id, sabotage } of checkers) {
    it(`${id}: and the sabotage is found`, () => {
      holds(history, (events) => {
        const edited = sabotage(events, header)
        expect(edited !== null).toBe(runChecks(header, events, DRAINED, [id]).get(id)?.evidence !== null)
        if (edited !== null) expect(anomaliesOf(id, edited)).not.toEqual([])
      })
    })
  }

  it('whether it drained or not', () => {
    const exercised = (events: readonly Event[], drain: Drain) => [...runChecks(header, events, drain)].map(([, { evidence }]) => evidence)
    holds(history, (events) => expect(exercised(events, STUCK)).toEqual(exercised(events, DRAINED)))
  })
})
