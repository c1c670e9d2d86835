/**
 * RTE-5: fair selection and latency isolation. What a thread of a producer sends in turn, while nothing is tried again, goes to the queues of a list
 * alike; and a client that leaves slow and failing brokers alone (the header's `isolation`) chooses none of them while it knows another.
 */
import type { Attempt, Event, FaultEvent, Header, SendFail, SendInfo, SendOk } from '../history/event.ts'
import { isSameList } from '../plan/lists.ts'
import type { SendMode } from '../plan/plan.ts'
import type { Us } from '../plan/units.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { eventAt, replaced } from './edit.ts'
import { CRASHES } from './fault-log.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import { showQueue } from './per-queue.ts'
import { Isolations, type Ending } from './rte-5-isolation.ts'

/** Statuses with which a broker says where it has stored the message: it has answered. */
const STORED: ReadonlySet<string> = new Set(['SEND_OK', 'FLUSH_DISK_TIMEOUT', 'FLUSH_SLAVE_TIMEOUT', 'SLAVE_NOT_AVAILABLE'])
const CLOCKS = new Set(['clockOffset', 'clockJump', 'clockDrift'] as const)

/** What one thread sent in turn to the queues of one list, with nothing in between that moves its counter. */
class Stretch {
  readonly first: Attempt
  private readonly counts = new Map<string, number>()
  /** Each queue has been chosen so often, and `ahead` of them once more. */
  private level = 0
  private ahead = 0

  constructor(first: Attempt) {
    this.first = first
  }

  isOf({ v }: Attempt): boolean {
    const { brokers, queues } = this.first.v
    return v.queues === queues && isSameList(v.brokers, brokers)
  }

  /** False: another queue has been chosen two times less often. */
  take({ v: { queue, queues } }: Attempt): boolean {
    const count = this.counts.get(queue) ?? 0
    if (count > this.level) return false
    this.counts.set(queue, count + 1)
    if (++this.ahead < queues) return true
    this.level++
    this.ahead = 0
    return true
  }
}

/** Where a thread is in a topic. */
interface Turn {
  readonly topic: string
  stretch: Stretch | null
}

/** A producer's process. */
interface Client {
  readonly threads: Map<number, Turn[]>
  readonly isolations: Isolations | null
}

interface Call {
  readonly mode: SendMode
  last: Attempt | null
}

class Rte5 implements Judge {
  /** An attempt that could have gone where it must not, and where that is. */
  first: { readonly seq: number; readonly wrong: Partial<Attempt['v']> } | null = null
  private readonly header: Header
  private readonly ledger: Ledger
  private readonly consumers: ReadonlySet<string>
  private readonly clients = new Map<string, Client>()
  /** Sends by operation, where brokers are left alone. */
  private readonly calls = new NumberMap<Call>()
  private chances = 0
  private readonly anomalies: Anomaly[] = []

  constructor(header: Header, ledger: Ledger) {
    this.header = header
    this.ledger = ledger
    this.consumers = new Set(header.groups.flatMap(({ consumers }) => consumers))
  }

  on(event: Event): void {
    switch (event.type) {
      case 'fault':
        return this.struck(event)
      case 'phase':
        if (event.phase === 'fresh') this.clients.clear()
        return
      case 'invoke':
        if (event.f === 'send' && this.header.sending?.isolation !== undefined) this.calls.set(event.op, { mode: event.v.mode, last: null })
        return
      case 'ok':
        if (event.f === 'route') this.rerouted(event.p, event.v.topic)
        else if (event.f === 'send') this.ended(event)
        return
      case 'fail':
        if (event.f === 'send') this.ended(event)
        return
      case 'info':
        if (event.f === 'attempt') this.tried(event)
        else if (event.f === 'send') this.ended(event)
        return
      default:
        return
    }
  }

  /** A new process begins anew. */
  private struck({ kind, on, effective }: FaultEvent): void {
    if (effective && CRASHES.has(kind)) this.clients.delete(on)
  }

  private client(name: string): Client {
    const known = this.clients.get(name)
    if (known !== undefined) return known
    const isolation = this.header.sending?.isolation
    const made = { threads: new Map<number, Turn[]>(), isolations: isolation === undefined ? null : new Isolations(isolation) }
    this.clients.set(name, made)
    return made
  }

  /** Another list of queues is begun anew, and so may one be that looks the same. */
  private rerouted(name: string, topic: string): void {
    const client = this.clients.get(name)
    if (client === undefined) return
    for (const turns of client.threads.values()) for (const turn of turns) if (turn.topic === topic) turn.stretch = null
  }

  private tried(event: Attempt): void {
    // A forwarder's process comes and goes with its consumer.
    if (this.consumers.has(event.p)) return
    const client = this.client(event.p)
    const call = this.calls.get(event.op)
    const before = call?.last ?? null
    if (call !== undefined) {
      if (before !== null) this.learn(call, before, event.t, STORED.has(event.v.after) ? 'answered' : 'failed')
      call.last = event
    }
    if (event.v.by !== 'turn') return
    const allAvailable = client.isolations === null || this.chosen(event, client.isolations, before?.v.broker ?? '')
    this.turned(event, client, allAvailable)
  }

  private ended(event: SendOk | SendFail | SendInfo): void {
    const call = this.calls.get(event.op)
    if (call === undefined || call.last === null) return
    const { last } = call
    call.last = null
    this.learn(call, last, event.t, endingOf(event, last))
  }

  /** RMQ-085: whoever is sent somewhere by its caller learns of async sends alone, and nobody of one-way sends. */
  private learn({ mode }: Call, { p, t, v }: Attempt, endedAt: Us, ending: Ending): void {
    if (mode === 'oneway' || (mode === 'sync' && v.by === 'caller')) return
    this.clients.get(p)?.isolations?.attempted(v.broker, t, endedAt, ending)
  }

  /** True when all brokers of the list are available. `last`: where the send was tried before. */
  private chosen(event: Attempt, isolations: Isolations, last: string): boolean {
    const { t, v } = event
    const available = v.brokers.filter((broker) => isolations.isAvailable(broker, t))
    if (available.length === v.brokers.length) return true
    const others = available.filter((broker) => broker !== last)
    const isolated = v.brokers.filter((broker) => broker !== last && isolations.isIsolated(broker, t))
    const [wrong] = isolated
    if (others.length === 0 || wrong === undefined) return false
    this.chances++
    this.first ??= { seq: this.ledger.seq, wrong: { broker: wrong } }
    if (!isolated.includes(v.broker)) return false
    const free = `${others.join(', ')} ${others.length === 1 ? 'was' : 'were'} available`
    this.report(
      'isolated broker chosen',
      event,
      event,
      `was sent to ${v.broker}, which ${event.p} had found slow or failing, while ${free}`,
    )
    return false
  }

  private turned(event: Attempt, client: Client, allAvailable: boolean): void {
    const turn = turnOf(client, event.v)
    // A retry passes over queues, and so does who leaves a broker alone.
    if (event.v.attempt > 1 || !allAvailable) {
      turn.stretch = null
      return
    }
    if (turn.stretch?.isOf(event) !== true) turn.stretch = new Stretch(event)
    else if (event.v.queues > 1) {
      this.chances++
      this.first ??= { seq: this.ledger.seq, wrong: { queue: turn.stretch.first.v.queue, broker: turn.stretch.first.v.broker } }
    }
    if (turn.stretch.take(event)) return
    const { topic, queue, queues } = event.v
    this.report(
      'uneven',
      turn.stretch.first,
      event,
      `went to ${showQueue(topic, queue)} again before each of the ${queues} queues had its turn`,
    )
    turn.stretch = null
  }

  private report(name: string, begin: Attempt, event: Attempt, what: string): void {
    const { p, op, v, t } = event
    this.anomalies.push({
      guarantee: 'RTE-5',
      name,
      summary: `${this.ledger.names.of(op)} ${what}`,
      t,
      facts: {
        message: op,
        producer: p,
        topic: v.topic,
        queue: v.queue,
        chosen: v.broker,
        clockMoved: this.ledger.faults.hasStruck(CLOCKS, p),
        effectiveFaults: this.ledger.faults.effective,
      },
      events: begin === event ? [event.i] : [begin.i, event.i],
    })
  }

  end(): Findings {
    return { anomalies: this.anomalies, evidence: evidence(this.chances, () => 'a producer chose one of several queues in turn') }
  }
}

/** Where a send was in doubt before its last attempt, its status may be that of an earlier one. */
function endingOf(event: SendOk | SendFail | SendInfo, { v }: Attempt): Ending {
  if (event.type === 'ok') return 'answered'
  if (event.type === 'fail' || !STORED.has(event.v.status)) return 'failed'
  return v.attempt > 1 ? 'either' : 'answered'
}

function turnOf({ threads }: Client, { thread, topic }: Attempt['v']): Turn {
  const turns = threads.get(thread)
  const known = turns?.find((one) => one.topic === topic)
  if (known !== undefined) return known
  const made: Turn = { topic, stretch: null }
  if (turns === undefined) threads.set(thread, [made])
  else turns.push(made)
  return made
}

const isAttempt = (event: Event): event is Attempt => event.type === 'info' && event.f === 'attempt'

export const rte5: Checker = checker(
  'RTE-5',
  ['send', 'attempt'],
  ['invoke send', 'ok send', 'fail send', 'info send', 'info attempt', 'ok route', 'fault', 'phase'],
  (header, ledger) => new Rte5(header, ledger),
  // The history in which an attempt went to the queue that the thread had just used, or to a broker that was to be left alone.
  ({ first }, events) => {
    if (first === null) throw new Error('evidence without a chance')
    const attempt = eventAt(events, first.seq, isAttempt)
    return replaced(events, first.seq, { ...attempt, v: { ...attempt.v, ...first.wrong } })
  },
)
