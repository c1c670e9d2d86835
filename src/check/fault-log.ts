/**
 * The faults that took effect, and what a checker asks about them: did anything come between two events that could explain what was
 * seen? Explaining is all that happens here; whether the explanation is an excuse is the contract's business.
 */
import type { FaultEvent, WhiteEvent } from '../history/event.ts'
import { endsOf, type FaultKind } from '../plan/faults.ts'
import type { Us } from '../plan/units.ts'

export interface Strike {
  readonly kind: FaultKind
  readonly on: string
  readonly seq: number
  readonly t: Us
}

/** A process that was up is gone. */
export const CRASHES: ReadonlySet<FaultKind> = new Set<FaultKind>(['processKill', 'powerLoss', 'diskLoss', 'gracefulRestart', 'promotion'])
/** A process stands still, and does not know it. */
export const PAUSES: ReadonlySet<FaultKind> = new Set<FaultKind>(['pause'])
/** The log loses its unforced end, or everything. */
export const CUTS: ReadonlySet<FaultKind> = new Set<FaultKind>(['powerLoss', 'diskLoss'])
/** Its bytes are no longer what was stored. */
const SPOILS: ReadonlySet<FaultKind> = new Set<FaultKind>([...CUTS, 'bitCorruption'])

/** It has struck one of these, or a link of theirs. */
const reaches = ({ on }: Strike, nodes: readonly string[]): boolean => endsOf(on).some((end) => end === '*' || nodes.includes(end))

/** Wherever a node is asked for, "" stands for one that is not known: any node then. */
export class FaultLog {
  private readonly strikes: Strike[] = []
  /** Since which event. */
  private readonly corrupted = new Map<string, number>()
  /** The last crash and the last loss of each node, and of any, by which most questions are answered. */
  private readonly crashed = new Map<string, Strike>()
  private readonly lossy = new Map<string, Strike>()

  note(event: FaultEvent, seq: number): void {
    if (!event.effective) return
    const strike = { kind: event.kind, on: event.on, seq, t: event.t }
    this.strikes.push(strike)
    if (CRASHES.has(event.kind)) remember(this.crashed, strike)
    if (CUTS.has(event.kind)) remember(this.lossy, strike)
    else if (event.kind === 'bitCorruption') this.corrupted.set(event.on, seq)
    else if (CRASHES.has(event.kind) && this.corrupted.has(event.on)) remember(this.lossy, { ...strike, kind: 'bitCorruption' })
  }

  /** A process starts, and goes by what it finds: bytes may have gone bad after the fault that ended it, while it was stopping or down. */
  started({ p, t }: WhiteEvent, seq: number): void {
    const since = this.corrupted.get(p)
    if (since !== undefined && this.lastLoss(p, since) === null) remember(this.lossy, { kind: 'bitCorruption', on: p, seq, t })
  }

  /** Which of these nodes faults have struck after that time: themselves, or a link from one of them to another. */
  struckAmong(nodes: readonly string[], since: Us): ReadonlySet<string> {
    const ends = this.strikes.filter(({ t }) => t > since).map(({ on }) => endsOf(on))
    const within = ends.filter((some) => some.every((end) => end === '*' || nodes.includes(end)))
    return new Set(within.flat().filter((end) => end !== '*'))
  }

  /** Has a fault ever struck one of these, or a link of theirs? */
  hasReached(nodes: readonly string[]): boolean {
    return this.strikes.some((strike) => reaches(strike, nodes))
  }

  /** The first fault after event `seq` that struck one of these, or a link of theirs. */
  firstReaching(nodes: readonly string[], after: number): Strike | undefined {
    return this.strikes.find((strike) => strike.seq > after && reaches(strike, nodes))
  }

  get effective(): number {
    return this.strikes.length
  }

  /** Has any process crashed? */
  get anyCrash(): boolean {
    return this.crashed.size > 0
  }

  isCorrupted(on: string): boolean {
    return on === '' ? this.corrupted.size > 0 : this.corrupted.has(on)
  }

  /** Has a fault of one of these kinds struck `on`, after event `seq`? */
  hasStruck(kinds: ReadonlySet<FaultKind>, on: string, seq = -1): boolean {
    return this.strikes.length > 0 && last(this.strikes, on, seq, kinds) !== null
  }

  /**
   * The last loss that struck `on` after event `seq`. Records may have gone with each cut, and with each crash of a node with a corrupted disk,
   * since recovery stops at a bad record.
   */
  lastLoss(on: string, seq: number): Strike | null {
    return this.lossy.size === 0 ? null : after(this.lossy.get(on), seq)
  }

  /** Had `on` lost bytes of its log before event `seq`, or had some that were no longer what it had stored? */
  hadLost(on: string, seq: number): boolean {
    return this.strikes.some((strike) => strike.seq < seq && isOn(strike, on) && SPOILS.has(strike.kind))
  }

  /** The last crash of `on` after event `seq`. */
  lastCrash(on: string, seq: number): Strike | null {
    return this.crashed.size === 0 ? null : after(this.crashed.get(on), seq)
  }

  /** The first power or disk loss of `on` after event `seq`. */
  firstCut(on: string, seq: number): Strike | null {
    return this.firstOf(CUTS, on, seq)
  }

  /** The first crash of `on` after event `seq`. */
  firstCrash(on: string, seq: number): Strike | null {
    return this.firstOf(CRASHES, on, seq)
  }

  private firstOf(kinds: ReadonlySet<FaultKind>, on: string, seq: number): Strike | null {
    for (const strike of this.strikes) if (strike.seq > seq && isOn(strike, on) && kinds.has(strike.kind)) return strike
    return null
  }

  /** The power and disk losses of `on`, in order. */
  cuts(on: string): Strike[] {
    return this.strikes.filter((strike) => isOn(strike, on) && CUTS.has(strike.kind))
  }

  /** The kind of the last loss that struck `on` after event `seq`, or "none". */
  lossSince(on: string, seq: number): FaultKind | 'none' {
    return this.lastLoss(on, seq)?.kind ?? 'none'
  }

  /**
   * What most likely took a message that was sent at event `seq`: a crash that takes records rather than one that does not. Counted
   * from the send, not from its acknowledgement, which may still be on the wire when the broker dies.
   */
  culprit(on: string, seq: number): Strike | null {
    return this.lastLoss(on, seq) ?? this.lastCrash(on, seq)
  }
}

const isOn = (strike: Strike, on: string): boolean => strike.on === on || on === ''

const after = (strike: Strike | undefined, seq: number): Strike | null => (strike !== undefined && strike.seq > seq ? strike : null)

function remember(strikes: Map<string, Strike>, strike: Strike): void {
  strikes.set(strike.on, strike).set('', strike)
}

function last(strikes: readonly Strike[], on: string, seq: number, kinds: ReadonlySet<FaultKind>): Strike | null {
  for (let k = strikes.length - 1; k >= 0; k--) {
    const strike = strikes[k] as Strike
    if (strike.seq <= seq) return null
    if (isOn(strike, on) && kinds.has(strike.kind)) return strike
  }
  return null
}
