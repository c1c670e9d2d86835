/**
 * What the contract says of a cell of the loss matrix. It is asked about a message that nobody has seen: acknowledged at this or that moment
 * between the faults, forced by then or not, copied or not. If it would excuse the loss of one such message, messages may be lost.
 */
import type { Anomaly, GuaranteeId } from '../check/checker.ts'
import { FaultLog } from '../check/fault-log.ts'
import { UNHEARD } from '../contract/controller-rows.ts'
import { UNSEATED } from '../contract/successor-rows.ts'
import type { Contract, Pardon, RunFacts, Term } from '../contract/contract.ts'
import type { FaultEvent, Header } from '../history/event.ts'
import { endsOf, type FaultKind } from '../plan/faults.ts'
import { seconds, type Us } from '../plan/units.ts'
import type { LossFault } from './loss-cells.ts'
import type { Keeper } from './loss-copies.ts'

/** `slave`: its master may have lost it, a slave has it. */
export const FATES = ['kept', 'slave', 'lost'] as const
export type Fate = (typeof FATES)[number]

/** The worst that may become of an acknowledged message, and the contract's reasons: for its loss at the broker, and at the slaves. */
export interface LossPromise {
  readonly fate: Fate
  readonly reasons: readonly Pardon[]
}

const KEPT: LossPromise = { fate: 'kept', reasons: [] }
/** Faults follow each other, and so do the messages between them. */
const APART: Us = seconds(10)
const LOSSES: ReadonlySet<FaultKind> = new Set<FaultKind>(['powerLoss', 'diskLoss'])

type Facts = Anomaly['facts']

/** The faults of a cell as a run would tell them. */
function strikesIn({ strikes }: LossFault, { brokers, slaves: copies = [], controllers = [] }: Header): FaultEvent[] {
  const [broker = ''] = brokers
  const slaves = copies.map(({ name }) => name)
  const nodeOf = { broker, controller: controllers[0] ?? broker, slave: slaves[0] ?? broker }
  const hit = strikes.flatMap(({ kind, role }, step) => {
    const nodes = role === 'slaves' ? slaves : [role === 'broker' || role === 'controller' ? nodeOf[role] : nodeOf.slave]
    return nodes.map((on) => ({ kind, on: kind === 'cut' ? `${broker}|${on}` : on, t: (step + 1) * APART }))
  })
  return hit.map((one, i) => ({ type: 'fault', i, p: 'plan', effective: true, ...one }))
}

/** One message, from the contract's point of view. */
class Witness {
  private readonly terms: ReadonlyMap<GuaranteeId, Term>
  private readonly run: RunFacts
  private readonly log: FaultLog
  private readonly broker: string
  private readonly slaves: readonly string[]
  private readonly controllers: readonly string[]
  private readonly strikes: readonly FaultEvent[]
  private readonly ackedAt: Us

  constructor(contract: Contract<unknown>, header: Header, strikes: readonly FaultEvent[], ackedAt: Us) {
    const effective = new Set(strikes.map(({ kind }) => kind))
    this.broker = header.brokers[0] ?? ''
    this.slaves = (header.slaves ?? []).map(({ name }) => name)
    this.controllers = header.controllers ?? []
    this.strikes = strikes
    this.terms = contract(header.config, effective, header.groups, this.slaves.length > 0)
    this.run = { effective, faults: strikes, brokers: header.brokers, controllers: header.controllers }
    this.ackedAt = ackedAt
    this.log = new FaultLog()
    for (const strike of strikes) this.log.note(strike, strike.t)
  }

  private excuse(guarantee: GuaranteeId, name: string, t: Us, more: Facts): Pardon | null {
    const term = this.terms.get(guarantee) ?? 'required'
    if (term === 'required') return null
    if ('notApplicable' in term) return { reason: term.notApplicable, rows: [] }
    const facts = { message: 0, broker: this.broker, sentAtUs: this.ackedAt, ackedAtUs: this.ackedAt, ...more }
    return term.excuses({ guarantee, name, summary: '', t, facts, events: [] }, this.run)
  }

  /** Why it may be gone at the broker that acknowledged it. */
  atMaster(): Pardon | null {
    const lastCrash = this.log.culprit(this.broker, this.ackedAt)?.kind ?? 'none'
    for (const forced of [false, true]) {
      const reason = this.excuse('DUR-1', 'lost', -1, { lastCrash, ageUs: 0, forced })
      if (reason !== null) return reason
    }
    return null
  }

  /** Why no slave may have it either. What is acknowledged without a copy is so by the contract's leave, too. */
  atSlaves(): Pardon | null {
    const uncopied = this.excuse('DUR-5', 'acknowledged without copy', this.ackedAt, {}) !== null
    const struck = this.slaves.map((slave) => this.log.lastLoss(slave, this.ackedAt)).filter((strike) => strike !== null)
    const afterLoss = this.log.hadLost(this.broker, this.ackedAt)
    const slaveLoss = struck[0]?.kind ?? 'none'
    for (const copied of uncopied ? [true, false] : [true]) {
      const reason = this.excuse('DUR-5', 'lost with the master', -1, { copied, afterLoss, slaveLoss, slaveStruck: struck.length > 0 })
      if (reason !== null) return reason
    }
    return null
  }

  /** Which of the faults reach the master itself, its tie to the controllers, and its slaves or the tie to them. */
  private get reaches(): { readonly master: FaultEvent[]; readonly controllers: FaultEvent[]; readonly slaves: FaultEvent[] } {
    const between = (names: readonly string[]): FaultEvent[] =>
      this.strikes.filter(({ on }) => endsOf(on).some((end) => names.includes(end)))
    return {
      master: this.strikes.filter(({ on }) => on === this.broker),
      controllers: between(this.controllers),
      slaves: between(this.slaves),
    }
  }

  /** Why it may be gone where the master of the broker's name is asked, whoever that is by then. */
  private underSuccessor(): Pardon | null {
    const { master, controllers, slaves } = this.reaches
    const unseats = [...master.filter(({ kind }) => UNSEATED.includes(kind)), ...controllers]
    const facts = {
      lastCrash: this.log.culprit(this.broker, this.ackedAt)?.kind ?? 'none',
      ageUs: 0,
      reign: unseats.some(({ t }) => t > this.ackedAt) ? 'ended' : 'same',
      // Only who lives on unheard can acknowledge anything after that.
      acknowledged: unseats.some(({ kind }) => UNHEARD.includes(kind)) ? 'deposed' : 'in office',
      others: slaves.some(({ kind }) => LOSSES.has(kind)) ? 'struck' : 'intact',
      behind: slaves.length > 0 ? 'somebody' : 'nobody',
    }
    return this.excuse('DUR-1', 'lost', -1, { ...facts, forced: false }) ?? this.excuse('DUR-1', 'lost', -1, { ...facts, forced: true })
  }

  /** Why a group may have lost what a majority of it had. */
  private inGroup(): Pardon | null {
    const members = [this.broker, ...this.slaves]
    const struck = this.log.struckAmong(members, this.ackedAt)
    return this.excuse('DUR-7', 'lost', -1, { group: this.broker, majorityStruck: struck.size > members.length / 2 })
  }

  fate(keeper: Keeper): LossPromise {
    if (keeper !== 'broker') {
      const reason = keeper === 'group' ? this.inGroup() : this.underSuccessor()
      return reason === null ? KEPT : { fate: 'lost', reasons: [reason] }
    }
    const atMaster = this.atMaster()
    if (atMaster === null) return KEPT
    if (this.slaves.length === 0) return { fate: 'lost', reasons: [atMaster] }
    const atSlaves = this.atSlaves()
    return atSlaves === null ? { fate: 'slave', reasons: [atMaster] } : { fate: 'lost', reasons: [atMaster, atSlaves] }
  }
}

/** The header is that of any run of the cell's configuration. */
export function lossPromise(contract: Contract<unknown>, header: Header, fault: LossFault, keeper: Keeper): LossPromise {
  const strikes = strikesIn(fault, header)
  const fates = fault.strikes.map((_, step) => new Witness(contract, header, strikes, (step + 1) * APART - seconds(1)).fate(keeper))
  return fates.reduce((worst, one) => (FATES.indexOf(one.fate) > FATES.indexOf(worst.fate) ? one : worst), KEPT)
}
