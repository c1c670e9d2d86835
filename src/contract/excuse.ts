/**
 * Excuses as data. A row says which anomalies a broker of some configuration may show after which faults, and which fact says so. The
 * contract and the generated page read the same rows, so what is excused is what is written down.
 */
import type { Anomaly, GuaranteeId } from '../check/checker.ts'
import type { FaultKind } from '../plan/faults.ts'
import type { Quirk } from '../plan/groups.ts'
import type { Receiver } from '../plan/plan.ts'
import { seconds, type Us } from '../plan/units.ts'
import type { RunFacts } from './contract.ts'

export type Flush = 'SYNC_FLUSH' | 'ASYNC_FLUSH'

/** Anomaly names by guarantee: what a row excuses. */
export type Excused = Readonly<Partial<Record<GuaranteeId, readonly string[]>>>

/** What the rows of every broker have in common. */
export interface BareRow {
  /** A short name that people can quote. */
  readonly id: string
  readonly excuses: Excused
  /** What must have taken effect on one node, in this order; each step is met by any of its kinds. None: it happens without faults. */
  readonly after: readonly (readonly FaultKind[])[]
  /** The faults may have struck clients and links as well: the row is about something that never arrived, not about stored bytes. */
  readonly anywhere?: true
  /** The faults have struck a controller, wherever the anomaly shows. */
  readonly atControllers?: true
  /** A fault that takes bytes may have struck before the message was sent: what it left behind strikes later. */
  readonly before?: true
  /** Facts of the anomaly: `with` must all be so, and none of `without`. */
  readonly with?: Anomaly['facts'] | undefined
  readonly without?: Anomaly['facts']
  /** What somebody did wrong, and his messages show it: nothing that can happen to a run in which nobody did. */
  readonly deed?: true
  readonly reason: string
}

export interface ExcuseRow extends BareRow {
  readonly flush?: Flush
  /** Only where directory entries are not forced with their file. */
  readonly disk?: 'posix'
  /** Only where log files are smaller than as shipped: no run fills a file of 1 GiB, and the first is always scanned from its start. */
  readonly smallFiles?: true
  /** The repair under which it must not happen any more. */
  readonly unless?: string
  /** The repair without which it can't happen. */
  readonly given?: string
  /** Only where the broker has asked as often as its configuration says. */
  readonly afterAllChecks?: true
  /** Only where files, and with them halves, are kept for less time than halves are checked for. */
  readonly briefRetention?: true
  /** Only where registration, expiry or route polls have other intervals than as shipped. */
  readonly otherIntervals?: true
  /** Only where topics have no order configuration. */
  readonly normalOrder?: true
  /** Only where nobody waits for slaves. */
  readonly oneCopy?: true
  /** Only where somebody waits for slaves. */
  readonly severalCopies?: true
  /** Only where brokers have slaves. */
  readonly copied?: true
  /** Only where slaves stand in for their masters. */
  readonly acting?: true
  /** Only where the commit log is a Raft group's. */
  readonly ledger?: true
  /** Only where controllers elect masters; where they wait for nobody; and where somebody from outside of the set may be elected. */
  readonly controlled?: true
  readonly masterAlone?: true
  readonly uncleanElection?: true
  /** Only where masters that are elected wait for their whole set. */
  readonly wholeSet?: true
  /** Only where a master that is alone in its set acknowledges messages. */
  readonly aloneInSet?: true
  /** Only where consumers may read from slaves. */
  readonly slaveReads?: true
  /** Only where consumers may not read from slaves. */
  readonly mastersOnly?: true
  /** Only where the slave of a broker that has lost its disk is started in its place. */
  readonly takenOver?: true
  /** Only where nobody takes that place. */
  readonly standsAlone?: true
  /** Only where the groups share their work in one of these ways. */
  readonly quirks?: readonly Quirk[]
  /** Only where a queue is old, no longer in memory, sooner than a machine's memory is full. */
  readonly oldQueues?: true
  /** Only where selectors over properties are switched off. */
  readonly tagsOnly?: true
  /** Only where nobody traces messages, or no broker keeps traces; and where clients hold fewer lines than as shipped. */
  readonly untraced?: true
  readonly smallTraceQueue?: true
  /** Only where nobody is asked who he is. */
  readonly openToAll?: true
  /** Only for the effects of listeners that do this, or go by that. */
  readonly receiver?: Partial<Receiver>
  /** Only for what the broker had not had the time to force, in so far as nothing kept it from forcing. */
  readonly unflushed?: true
}

/** What rows look at in a configuration. */
export interface Setting {
  readonly flushDiskType: Flush
  readonly disk: 'ext4' | 'posix'
  readonly repairs: ReadonlySet<string>
  readonly segmentBytes: number
  readonly transactionChecksMax: number
  readonly transactionCheckIntervalUs: Us
  readonly fileReservedUs: Us
  readonly flushIntervalUs: Us
  readonly flushThoroughUs: Us
  /** Registration, expiry and route polls come as often as shipped. */
  readonly shippedIntervals: boolean
  readonly brokerRole: 'ASYNC_MASTER' | 'SYNC_MASTER'
  readonly acting: boolean
  readonly slaveReadEnable: boolean
  /** An operator starts the slave of a broker that has lost its disk in its place (RML-033). */
  readonly slaveTakesOver: boolean
  /** Brokers have slaves. */
  readonly copied: boolean
  /** The commit log is a Raft group's. */
  readonly ledger: boolean
  /** Controllers elect masters; and how: masters wait for their whole set, and who is not in it may be elected. */
  readonly controlled: boolean
  readonly allAck: boolean
  readonly uncleanElection: boolean
  /** A master acknowledges messages when nobody else is in its set. */
  readonly mayBeAlone: boolean
  /** How many nodes have a record before it is acknowledged. */
  readonly copies: number
  /** Strict: the list of a topic's queues is frozen. */
  readonly order: 'normal' | 'strict'
  /** Brokers take no selectors. */
  readonly tagsOnly: boolean
  /** Clients trace messages, and brokers keep that; and how many lines a client holds. */
  readonly traced: boolean
  readonly traceQueueMax: number
  /** Brokers ask nobody who he is. */
  readonly openToAll: boolean
  /** Every queue of a run is in memory from its beginning. */
  readonly youngQueues: boolean
  /** What the listeners of the groups do. */
  readonly receivers: readonly Receiver[]
  /** What is odd about how the groups share their work. */
  readonly quirks: ReadonlySet<Quirk>
}

/** Faults that take bytes away the moment they strike. */
const isCut = (kind: string): boolean => kind === 'powerLoss' || kind === 'diskLoss'

/** Has something of each step taken effect? Where and in which order is looked at once there is an anomaly. */
export const possible = (row: BareRow, effective: ReadonlySet<FaultKind>): boolean =>
  row.after.every((step) => step.some((kind) => effective.has(kind)))

type Strike = RunFacts['faults'][number]

/** The steps, latest first, each at the latest moment that is left: if any choice of moments works, this one does. */
function stepsOn(node: string, steps: readonly (readonly FaultKind[])[], faults: readonly Strike[]): boolean {
  let step = steps.length - 1
  for (let k = faults.length - 1; k >= 0 && step >= 0; k--) {
    const fault = faults[k] as Strike
    if (fault.on === node && steps[step]?.includes(fault.kind) === true) step--
  }
  return step < 0
}

/** May what struck this node be the cause? What is known to concern one process of a broker, its slave's too if that was elected, is excused by what struck that. */
function isConcerned(row: BareRow, { facts: { broker } }: Anomaly, { brokers, controllers }: RunFacts, node: string): boolean {
  if (row.atControllers === true) return controllers?.includes(node) === true
  if (row.anywhere === true) return true
  if (typeof broker === 'string' && broker !== '') return node === broker
  return brokers?.includes(node) ?? true
}

/** Did the faults of a row strike one broker, in order, before the anomaly showed, and none that takes bytes too early for the message? */
function struck(row: BareRow, anomaly: Anomaly, run: RunFacts): boolean {
  if (row.after.length === 0) return true
  const { sentAtUs } = anomaly.facts
  const since = typeof sentAtUs === 'number' && row.before !== true ? sentAtUs : 0
  const inTime = run.faults.filter((fault) => (anomaly.t < 0 || fault.t <= anomaly.t) && (fault.t >= since || !isCut(fault.kind)))
  const nodes = new Set(inTime.map((fault) => fault.on).filter((node) => isConcerned(row, anomaly, run, node)))
  return [...nodes].some((node) => stepsOn(node, row.after, inTime))
}

/**
 * A checker that knows what struck between the message and what became of it says so. A fault that takes bytes at once must be among
 * that; other faults may have come long before, and show only when the broker starts again.
 */
function causeFits(row: BareRow, { facts }: Anomaly): boolean {
  const last = row.after[row.after.length - 1] ?? []
  if (row.atControllers === true) return true
  const cause = facts['lastCrash'] ?? facts['loss']
  // A message that is still there was skipped, which a cut before its time can explain.
  if (typeof cause !== 'string' || facts['inAudit'] === true) return true
  return last.length === 0 || !last.every(isCut) || isCut(cause)
}

/** `with` are all so, and none of `without` is. */
export function factsFit({ with: needed, without: barred }: Pick<BareRow, 'with' | 'without'>, facts: Anomaly['facts']): boolean {
  if (needed !== undefined && !Object.entries(needed).every(([name, value]) => facts[name] === value)) return false
  return barred === undefined || !Object.entries(barred).some(([name, value]) => facts[name] === value)
}

/** Faults that keep a broker from forcing in time, or that make it believe it has. */
const DELAYS: readonly FaultKind[] = [
  'forceFails',
  'forceLies',
  'diskStall',
  'diskSlow',
  'pause',
  'clockJump',
  'clockOffset',
  'clockDrift',
  'processKill',
  'gracefulRestart',
]
/** A force takes its time, too. */
const FORCE_SLACK: Us = seconds(1)

/** Was the message young enough, when it was lost, that the periodic flush may not have reached it (RMQ-038)? */
function youngEnough(row: ExcuseRow, { facts }: Anomaly, run: RunFacts, setting: Setting): boolean {
  const { ageUs, broker } = facts
  if (row.unflushed === undefined || typeof ageUs !== 'number') return true
  if (ageUs <= setting.flushThoroughUs + 2 * setting.flushIntervalUs + FORCE_SLACK) return true
  return run.faults.some((fault) => fault.on === broker && DELAYS.includes(fault.kind))
}

const names = (row: BareRow, { guarantee, name }: Anomaly): boolean => row.excuses[guarantee]?.includes(name) ?? false

const checksFit = (row: ExcuseRow, { checks }: Anomaly['facts'], setting: Setting): boolean =>
  row.afterAllChecks !== true || typeof checks !== 'number' || checks >= setting.transactionChecksMax

/** Is this the row's anomaly, after the row's faults? */
export const explains = (row: BareRow, anomaly: Anomaly, run: RunFacts): boolean =>
  names(row, anomaly) && factsFit(row, anomaly.facts) && causeFits(row, anomaly) && struck(row, anomaly, run)

export const excusesAnomaly = (row: ExcuseRow, anomaly: Anomaly, run: RunFacts, setting: Setting): boolean =>
  explains(row, anomaly, run) &&
  factsFit({ with: row.receiver }, anomaly.facts) &&
  checksFit(row, anomaly.facts, setting) &&
  youngEnough(row, anomaly, run, setting)

/** The reason as verdicts give it: with the switch that repairs it. */
export const reasonOf = (row: ExcuseRow): string => (row.unless === undefined ? row.reason : `${row.reason}; ${row.unless} repairs it`)
