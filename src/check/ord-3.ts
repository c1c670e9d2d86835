/**
 * ORD-3: orderly consumption of a queue. In an orderly group one listener at a time works on a queue, and a message is first delivered only
 * when all before it that were delivered have been finished. Where listeners are given several messages at once, what a process is given at one
 * moment is one call: its messages may come together, in their order.
 */
import type { Assign, ConsumeFail, ConsumeInvoke, ConsumeOk, Event, GroupPlace, Header } from '../history/event.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { eventAt, withNext } from './edit.ts'
import { CRASHES, PAUSES } from './fault-log.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'
import type { Us } from '../plan/units.ts'
import { orderlyGroups, withoutOrderly } from './orderly-groups.ts'
import { PerGroupQueue, placeFacts, showPlace } from './per-queue.ts'

/** A listener at work. */
interface Open {
  readonly event: ConsumeInvoke
  readonly seq: number
}

interface Line {
  open: Open[]
  /** offset → the message that was last delivered from there. */
  readonly delivered: NumberMap<number>
  /** Delivered and not finished by anybody, by offset. */
  readonly unfinished: Map<number, number>
  /** The delivery that was finished last. */
  done: Open | null
  /** The group was moved, or did not begin at the beginning. */
  moved: boolean
  /** It was moved, and nobody has taken the queue up since. */
  isMoving: boolean
  /** offset → message: finished since the group was moved, whatever it comes back to later. */
  readonly finished: Map<number, number>
}

/** Forgets what a queue held from an offset on. */
function cut({ delivered, unfinished }: Line, from: number): void {
  for (let offset = from; offset <= delivered.top; offset++) delivered.delete(offset)
  delivered.top = from - 1
  for (const offset of [...unfinished.keys()]) if (offset >= from) unfinished.delete(offset)
}

const NOBODY: readonly Open[] = []

/** What was popped is anybody's again after its time, worked on or not (RMQ-112). */
const hasExpired = ({ event }: Open, t: Us): boolean => event.v.hiddenForUs !== undefined && t >= event.t + event.v.hiddenForUs

/** Of one call: given to one process at one moment. */
const areFellows = (one: ConsumeInvoke, other: ConsumeInvoke): boolean => one.t === other.t && one.p === other.p

class Ord3 implements Judge {
  /** A delivery that came after another was finished, and the event of that other. */
  first: { readonly earlier: Open; readonly index: number } | null = null
  private readonly ledger: Ledger
  private readonly groups: ReadonlySet<string>
  /** Those of them whose listeners are given several messages at once. */
  private readonly batching: ReadonlySet<string>
  private chances = 0
  private readonly lines = new PerGroupQueue<Line>(() => ({
    open: [],
    delivered: new NumberMap(),
    unfinished: new Map(),
    done: null,
    moved: false,
    isMoving: false,
    finished: new Map(),
  }))
  private readonly anomalies: Anomaly[] = []

  constructor(header: Header, ledger: Ledger) {
    this.ledger = ledger
    this.groups = orderlyGroups(header)
    this.batching = new Set(header.groups.filter(({ batch }) => batch !== undefined).map(({ name }) => name))
  }

  on(event: Event): void {
    switch (event.type) {
      case 'invoke':
        if (event.f === 'consume' && this.groups.has(event.v.group)) this.delivered(event)
        return
      case 'ok':
      case 'fail':
        if (event.f === 'consume' && this.groups.has(event.v.group)) this.ended(event)
        else if (event.f === 'assign' && this.groups.has(event.v.group)) this.assigned(event)
        else if (event.f === 'sendBack' && event.type === 'ok' && this.groups.has(event.v.group)) this.givenBack(event.v)
        return
      case 'fault':
        if (event.effective && CRASHES.has(event.kind)) this.gone(event.on)
        return
      case 'phase':
        if (event.phase === 'fresh') for (const line of this.lines.values()) line.open = []
        return
      case 'white':
        if (event.f === 'down') this.gone(event.p)
        else if (event.f === 'reset' && this.groups.has(event.v.group))
          this.move(this.lines.of(event.v.group, event.v.topic, event.v.queue))
        return
      default:
        return
    }
  }

  /** Where there is an end to how often it comes again, the queue goes on without it. */
  private givenBack(place: GroupPlace): void {
    this.lines.of(place.group, place.topic, place.queue).unfinished.delete(place.offset)
  }

  /** A process takes its listeners with it. */
  private gone(process: string): void {
    for (const line of this.lines.values()) if (line.open.length > 0) line.open = line.open.filter(({ event }) => event.p !== process)
  }

  private move(line: Line): void {
    line.moved = line.isMoving = true
    line.finished.clear()
  }

  /**
   * A group that goes where a reset sends it, or begins where its policy says, leaves behind what lies before, whatever became of that. From then
   * on it may come back to what it has passed over: when the reset is forgotten, or another one made. What it has finished since stays finished, also where
   * it comes again to somebody else.
   */
  private assigned({ v }: Assign): void {
    const line = this.lines.of(v.group, v.topic, v.queue)
    if (v.from === 'none' && v.offset > 0 && !line.moved) this.move(line)
    if (!line.moved) return
    for (const offset of [...line.unfinished.keys()]) if (offset < v.offset) line.unfinished.delete(offset)
    for (let offset = v.offset; !line.isMoving && offset <= line.delivered.top; offset++) {
      const message = line.delivered.get(offset)
      if (message !== undefined && !line.unfinished.has(offset)) line.finished.set(offset, message)
    }
    line.isMoving = false
    cut(line, v.offset)
  }

  private delivered(event: ConsumeInvoke): void {
    const { v } = event
    const line = this.lines.of(v.group, v.topic, v.queue)
    const fellows = this.batching.has(v.group) ? line.open.filter((open) => areFellows(open.event, event)) : NOBODY
    const working = line.open.find((open) => !fellows.includes(open))
    if (working !== undefined) {
      if (!hasExpired(working, event.t)) this.overlap(event, working)
    } else if (fellows.length === 0 && line.done !== null) {
      this.chances++
      this.first ??= { earlier: line.done, index: this.ledger.seq }
    }
    line.open.push({ event, seq: this.ledger.seq })
    this.inTurn(event, line, fellows)
  }

  /** Is a message that comes for the first time the next one? */
  private inTurn(event: ConsumeInvoke, line: Line, fellows: readonly Open[]): void {
    const { delivered, unfinished } = line
    const { offset, message } = event.v
    const before = delivered.get(offset)
    if (before === message) return
    // The end of the queue was lost, and its offsets were given away again: this is another queue from here on.
    if (before !== undefined) cut(line, offset)
    if (delivered.top > offset) {
      this.overtaken(event, `was delivered after offset ${delivered.top} of its queue`, delivered.top)
    } else {
      const isGivenToo = (one: number): boolean => fellows.some((open) => open.event.v.offset === one)
      const earliest = [...unfinished.keys()].reduce((first, one) => (isGivenToo(one) ? first : Math.min(first, one)), offset)
      if (earliest < offset) {
        const name = this.ledger.names.of(unfinished.get(earliest) ?? -1)
        this.overtaken(event, `was delivered before ${name} at offset ${earliest} was finished`, earliest)
      }
    }
    delivered.set(offset, message)
    if (line.finished.get(offset) !== message) unfinished.set(offset, message)
  }

  private ended(event: ConsumeOk | ConsumeFail): void {
    const { v } = event
    const line = this.lines.of(v.group, v.topic, v.queue)
    const at = line.open.findIndex(
      (open) => open.event.p === event.p && open.event.v.offset === v.offset && open.event.v.message === v.message,
    )
    const [open] = at < 0 ? [] : line.open.splice(at, 1)
    if (open !== undefined) line.done = open
    if (event.type === 'ok' && line.unfinished.get(v.offset) === v.message) line.unfinished.delete(v.offset)
  }

  private overlap(event: ConsumeInvoke, working: Open): void {
    const { p, t, v } = event
    const [before, after] = [working.event, event].map((one) => this.ledger.names.of(one.v.message))
    const who = working.event.p === p ? 'the same consumer' : working.event.p
    this.report(
      event,
      'overlap',
      `${after ?? ''} (${showPlace(v)}) was delivered to ${p} while ${who} worked on ${before ?? ''} of that queue`,
      {
        other: working.event.p,
        workedUs: t - working.event.t,
        paused: this.ledger.faults.hasStruck(PAUSES, p) || this.ledger.faults.hasStruck(PAUSES, working.event.p),
      },
    )
  }

  private overtaken(event: ConsumeInvoke, what: string, other: number): void {
    const { message } = event.v
    this.report(event, 'overtaken', `${this.ledger.names.of(message)} (${showPlace(event.v)}) ${what}`, {
      otherOffset: other,
      paused: this.ledger.faults.hasStruck(PAUSES, event.p),
      loss: this.ledger.faults.lossSince('', -1),
    })
  }

  private report(event: ConsumeInvoke, name: string, summary: string, facts: Anomaly['facts']): void {
    const { group, message } = event.v
    this.anomalies.push({
      guarantee: 'ORD-3',
      name,
      summary,
      t: event.t,
      facts: { group, message, ...placeFacts(event.v), consumer: event.p, pop: event.v.hiddenForUs !== undefined, ...facts },
      events: [event.i],
    })
  }

  end(): Findings {
    return {
      anomalies: this.anomalies,
      evidence: evidence(
        this.chances,
        () => `a message followed ${showPlace((this.first?.earlier.event as ConsumeInvoke).v)} in an orderly group`,
      ),
    }
  }
}

const isDelivery = (event: Event): event is ConsumeInvoke => event.type === 'invoke' && event.f === 'consume'

export const ord3: Checker = checker(
  'ORD-3',
  ['consume'],
  ['invoke consume', 'ok consume', 'ok assign', 'ok sendBack', 'fail consume', 'fault', 'phase', 'white down', 'white reset'],
  (header, ledger) => new Ord3(header, ledger),
  (judge, events) => {
    const { first } = judge
    if (first === null) throw new Error('evidence without a chance')
    return withNext(events, first.earlier.seq, eventAt(events, first.index, isDelivery))
  },
  withoutOrderly,
)
