/**
 * RTE-4: the send contract by mode. How often a send may be tried, after what and for how long is what its client says of itself (the
 * header's `sending`); that the client keeps to that is seen from its attempts. Each send ends once, unless its process dies before.
 */
import type { Attempt, Event, Header, SendFail, SendInfo, SendInvoke, SendOk } from '../history/event.ts'
import type { Sending } from '../history/sending.ts'
import type { SendMode } from '../plan/plan.ts'
import { ms, seconds, showMs, type Us } from '../plan/units.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { eventAt, withNext } from './edit.ts'
import { checker, evidence } from './judge.ts'
import type { Ledger } from './ledger.ts'
import { NumberMap } from './number-map.ts'

type Outcome = SendOk | SendInfo | SendFail

/** A client that must be done by a time may need a moment to say so. */
const SLACK: Us = ms(500)
/** RMQ-055: by what a broker says that it has too much to do, and how long it may say so when nothing is wrong with it any more. */
const BUSY = 'SYSTEM_BUSY'
const CALM: Us = seconds(20)

/** One send from its beginning on. */
interface Call {
  readonly op: number
  readonly p: string
  readonly seq: number
  readonly i: number
  readonly t: Us
  readonly mode: SendMode
  attempts: number
  last: Attempt | null
  ended: boolean
}

const endingOf = (event: Outcome): string => (event.type === 'fail' ? event.v.reason : event.v.status)

/** RMQ-081, RMQ-083: one-way sends have one attempt, and so has a sync send to a queue that its caller chose. */
function mostOf({ mode, last }: Call, { attempts }: Sending): number {
  if (mode === 'async') return attempts.async
  return mode === 'oneway' || last?.v.by === 'caller' ? 1 : attempts.sync
}

const isRetried = ({ mode }: Call, ending: string, { retried }: Sending): boolean => mode !== 'oneway' && retried[mode].includes(ending)

class Rte4 implements Judge {
  /** The first send that was tried and did not simply succeed: its outcome's place in the history. */
  first = -1
  private readonly ledger: Ledger
  private readonly sending: Sending | undefined
  private chances = 0
  private now: Us = 0
  private readonly calls = new NumberMap<Call>()
  /** In the order of their beginnings. */
  private begun: Call[] = []
  /** Clients whose process or clock was held up. */
  private readonly slowed = new Set<string>()
  private readonly anomalies: Anomaly[] = []
  /** From when on nothing keeps a broker busy but itself. Where there are slaves, a broker may refuse since it is one. */
  private calmFrom: Us = Infinity
  private readonly slaves: boolean

  constructor({ sending, slaves = [] }: Header, ledger: Ledger) {
    this.ledger = ledger
    this.sending = sending
    this.slaves = slaves.length > 0
  }

  on(event: Event): void {
    if (this.sending === undefined) return
    this.now = event.t
    switch (event.type) {
      case 'invoke':
        if (event.f === 'send') this.began(event)
        return
      case 'ok':
      case 'fail':
        if (event.f === 'send') this.over(event, this.sending)
        return
      case 'info':
        if (event.f === 'attempt') this.tried(event, this.sending)
        else if (event.f === 'send') this.over(event, this.sending)
        return
      case 'fault':
        if (event.effective && (event.kind === 'pause' || event.kind === 'clockDrift')) this.slowed.add(event.on)
        return
      case 'phase':
        // Every client's process is started anew: what was open in the old ones stays open.
        if (event.phase === 'fresh') this.begun = []
        else if (event.phase === 'heal' && !this.slaves) this.calmFrom = event.t + CALM
        return
      default:
        return
    }
  }

  private began({ op, p, i, t, v: { mode } }: SendInvoke): void {
    const call: Call = { op, p, seq: this.ledger.seq, i, t, mode, attempts: 0, last: null, ended: false }
    this.calls.set(op, call)
    this.begun.push(call)
  }

  private tried(event: Attempt, sending: Sending): void {
    const call = this.calls.get(event.op)
    if (call === undefined) return
    const { last } = call
    call.last = event
    call.attempts++
    const most = mostOf(call, sending)
    if (call.attempts > most) this.report('too many attempts', call, event, `was tried ${call.attempts} times, and may be ${most} times`)
    if (last === null) return
    const { broker, by, brokers, after } = event.v
    const others = brokers.filter((one) => one !== broker)
    if (by === 'turn' && broker === last.v.broker && others.length > 0)
      this.report('same broker again', call, event, `was tried again at ${broker}, although ${others.join(', ')} had the topic, too`)
    if (!isRetried(call, after, sending)) this.report('retried needlessly', call, event, `was tried again after ${after}`)
  }

  private over(event: Outcome, sending: Sending): void {
    const call = this.calls.get(event.op)
    if (call === undefined) return
    if (call.ended) return this.report('two outcomes', call, event, `ended again, with ${endingOf(event)}`)
    call.ended = true
    if (call.attempts === 0) return
    const elapsed = event.t - call.t
    const isLate = elapsed > sending.timeoutUs + SLACK
    if (event.type === 'ok' && call.attempts === 1 && !isLate) return
    this.chances++
    if (this.first < 0) this.first = this.ledger.seq
    if (event.type === 'fail' && event.v.reason === BUSY && call.t > this.calmFrom) this.stillBusy(call, event)
    if (isLate) this.report('late', call, event, `ended after ${showMs(elapsed)} ms, and has ${showMs(sending.timeoutUs)} ms`)
    else if (event.type !== 'ok') this.mayEnd(call, event, elapsed, sending)
  }

  /** Once is enough: whoever is refused for ever tries again and again. */
  private stillBusy(call: Call, event: SendFail): void {
    this.report('busy without end', call, event, 'was refused by a busy broker, long after the faults were over')
    this.calmFrom = Infinity
  }

  /** A clock may run fast: only who has a good part of the time left gives up early. */
  private mayEnd(call: Call, event: SendInfo | SendFail, elapsed: Us, sending: Sending): void {
    const timeLeft = 4 * elapsed < 3 * sending.timeoutUs
    if (!timeLeft || call.attempts >= mostOf(call, sending) || !isRetried(call, endingOf(event), sending)) return
    this.report('gave up early', call, event, `ended with ${endingOf(event)} at attempt ${call.attempts} of ${mostOf(call, sending)}`)
  }

  private report(name: string, call: Call, { t, i }: { readonly t: Us; readonly i: number }, what: string): void {
    this.anomalies.push({
      guarantee: 'RTE-4',
      name,
      summary: `${this.ledger.names.of(call.op)} ${what}`,
      t,
      facts: {
        message: call.op,
        producer: call.p,
        mode: call.mode,
        attempts: call.attempts,
        slowed: this.slowed.has(call.p),
        effectiveFaults: this.ledger.faults.effective,
      },
      events: i === call.i ? [i] : [call.i, i],
    })
  }

  /** Sends whose time is up, and whose process has lived on without saying what became of them. */
  private unended({ timeoutUs }: Sending): void {
    for (const call of this.begun) {
      if (call.ended || this.now - call.t <= timeoutUs + SLACK || this.ledger.faults.lastCrash(call.p, call.seq) !== null) continue
      this.report('no outcome', call, call, 'never ended, and its process lived on')
    }
  }

  end(): Findings {
    if (this.sending === undefined) return { anomalies: [], evidence: null, notExercised: 'the history does not say how its client sends' }
    this.unended(this.sending)
    return { anomalies: this.anomalies, evidence: evidence(this.chances, () => 'a send was tried, and did not simply succeed') }
  }
}

const isOutcome = (event: Event): event is Outcome => event.type !== 'invoke' && 'f' in event && event.f === 'send'

export const rte4: Checker = checker(
  'RTE-4',
  ['send', 'attempt'],
  ['invoke send', 'ok send', 'fail send', 'info send', 'info attempt', 'fault', 'phase'],
  (header, ledger) => new Rte4(header, ledger),
  // The history in which a send is told to have ended twice.
  ({ first }, events) => withNext(events, first, eventAt(events, first, isOutcome)),
)
