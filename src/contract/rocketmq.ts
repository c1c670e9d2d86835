/** What RocketMQ promises, from its configuration and the kinds of faults that took effect. The excuses are rows of data beside this. */
import { z } from 'zod'
import type { GuaranteeId } from '../check/checker.ts'
import type { FaultKind } from '../plan/faults.ts'
import { quirksOf } from '../plan/groups.ts'
import { parseWith } from '../plan/input-error.ts'
import { hours, seconds } from '../plan/units.ts'
import { ANOMALIES } from './anomalies.ts'
import type { Contract, Excuse, Grouping, RunFacts, Term } from './contract.ts'
import { byDemands, matters, SHIPPED_TRACE_QUEUE } from './conditions.ts'
import { excusesAnomaly, possible, reasonOf, type ExcuseRow, type Setting } from './excuse.ts'
import { ROCKETMQ_ROWS } from './rocketmq-rows.ts'

/** RMQ-004, RMQ-005, RMQ-012, RMQ-101. */
const SHIPPED = {
  registerIntervalUs: seconds(30),
  brokerExpiryUs: seconds(120),
  expiryScanUs: seconds(5),
  routePollUs: seconds(30),
  memberExpiryUs: seconds(120),
}
/** RMQ-035: more than any run stores. */
const SHIPPED_IN_MEMORY_BYTES = 6_871_947_673
/** RMQ-130, RMQ-051. */
const SHIPPED_CHECK_INTERVAL = seconds(30)
const SHIPPED_RESERVED = hours(72)
const INTERVALS = Object.keys(SHIPPED) as (keyof typeof SHIPPED)[]

/** The part of a RocketMQ configuration that promises depend on; a system's own schema is stricter. */
const Config = z.object({
  flushDiskType: z.enum(['SYNC_FLUSH', 'ASYNC_FLUSH']),
  disk: z.enum(['ext4', 'posix']),
  brokerRole: z.enum(['ASYNC_MASTER', 'SYNC_MASTER']).default('ASYNC_MASTER'),
  slaveReadEnable: z.boolean().default(false),
  enableSlaveActingMaster: z.boolean().default(false),
  slaveTakesOver: z.boolean().default(false),
  enableControllerMode: z.boolean().default(false),
  allAckInSyncStateSet: z.boolean().default(false),
  enableElectUncleanMaster: z.boolean().default(false),
  repairs: z.array(z.string()),
  commitLog: z.enum(['own', 'dledger']).default('own'),
  order: z.enum(['normal', 'strict']).default('normal'),
  enablePropertyFilter: z.boolean().default(false),
  authorizationEnabled: z.boolean().default(false),
  traceTopicEnable: z.boolean().default(false),
  enableMsgTrace: z.boolean().default(false),
  parameters: z.object({
    segmentBytes: z.number(),
    inSyncReplicas: z.number().default(1),
    minInSyncReplicas: z.number().default(1),
    transactionChecksMax: z.number(),
    transactionCheckIntervalUs: z.number().default(SHIPPED_CHECK_INTERVAL),
    fileReservedUs: z.number().default(SHIPPED_RESERVED),
    flushIntervalUs: z.number(),
    flushThoroughUs: z.number(),
    registerIntervalUs: z.number().default(SHIPPED.registerIntervalUs),
    brokerExpiryUs: z.number().default(SHIPPED.brokerExpiryUs),
    expiryScanUs: z.number().default(SHIPPED.expiryScanUs),
    routePollUs: z.number().default(SHIPPED.routePollUs),
    memberExpiryUs: z.number().default(SHIPPED.memberExpiryUs),
    traceQueueMax: z.number().default(SHIPPED_TRACE_QUEUE),
    inMemoryBytes: z.number().default(SHIPPED_IN_MEMORY_BYTES),
  }),
})

export function settingOf(config: unknown, groups: readonly Grouping[] = [], copied = false): Setting {
  const parsed = parseWith(Config, config, 'the RocketMQ configuration')
  const { flushDiskType, disk, repairs, order, enablePropertyFilter, parameters, brokerRole, slaveReadEnable, slaveTakesOver, commitLog } =
    parsed
  // RMQ-071: brokers that say each second that they are there are missed after ten.
  const acting = parsed.enableSlaveActingMaster
  const shippedIntervals = !acting && INTERVALS.every((name) => parameters[name] === SHIPPED[name])
  const copies = brokerRole === 'SYNC_MASTER' ? parameters.inSyncReplicas : 1
  const youngQueues = parameters.inMemoryBytes >= SHIPPED_IN_MEMORY_BYTES
  return {
    flushDiskType,
    disk,
    brokerRole,
    slaveReadEnable,
    slaveTakesOver,
    copied,
    acting,
    ledger: commitLog === 'dledger',
    controlled: parsed.enableControllerMode,
    allAck: parsed.allAckInSyncStateSet,
    uncleanElection: parsed.enableElectUncleanMaster,
    mayBeAlone: parameters.minInSyncReplicas < 2 && copies < 2,
    copies,
    repairs: new Set(repairs),
    ...parameters,
    shippedIntervals,
    youngQueues,
    order,
    tagsOnly: !enablePropertyFilter,
    openToAll: !parsed.authorizationEnabled,
    traced: parsed.traceTopicEnable && parsed.enableMsgTrace && commitLog === 'own',
    receivers: groups.flatMap(({ receiver }) => receiver ?? []),
    quirks: quirksOf(groups),
  }
}

const NO_STATUS: Term = { notApplicable: 'ASYNC_FLUSH acknowledges what is in page cache, and says so (RMQ-038)' }
const NO_COPY: Term = { notApplicable: 'ASYNC_MASTER acknowledges what no slave has yet, and says so (RMQ-065)' }
const NO_SLAVES: Term = { notApplicable: 'no broker has slaves' }
const NO_SINGLE_DELIVERY: Term = {
  notApplicable: 'a fault took effect: delivery is at least once, and brokers never remove duplicates (RMQ-104, RMQ-158)',
}

const OF_ONE_BROKER: Term = {
  notApplicable: "the commit log is a DLedger group's, whatever flushDiskType and brokerRole say: what it keeps is DUR-7 (RMQ-079)",
}
/** What is said of one broker's own log, or of slaves that stay slaves. */
const ONE_BROKER: readonly GuaranteeId[] = ['DUR-1', 'DUR-2', 'DUR-3', 'DUR-4', 'DUR-5', 'DUR-6', 'HA-1', 'HA-3']
const ONE_NAME: Term = { notApplicable: 'whoever leads a DLedger group is registered, under one name for all of them (RMQ-079)' }
const NO_GROUP: Term = { notApplicable: "the commit log is each broker's own, not a group's" }

const ELECTED = {
  notApplicable: 'what a replica holds after a fall is settled with its master (RMQ-075): HA-2 says what outlives that',
} satisfies Term
const NO_FIXED_ROLES: Term = { notApplicable: 'masters are elected: HA-2 says what becomes of what they have acknowledged' }
const NO_FIXED_SLAVES: Term = {
  notApplicable: 'who was a slave may be master, and correct its readers as masters do: HA-2 says what becomes of what they read',
}
const ELECTED_ROUTES: Term = { notApplicable: 'who is registered as a master is elected first: HA-2 says within which time' }
/** Promises of a broker that is what it is for good. */
const OF_FIXED_ROLES: ReadonlyMap<GuaranteeId, Term> = new Map<GuaranteeId, Term>([
  ['DUR-2', ELECTED],
  ['DUR-3', ELECTED],
  ['DUR-5', NO_FIXED_ROLES],
  ['DUR-6', NO_FIXED_ROLES],
  ['HA-1', NO_FIXED_ROLES],
  ['HA-3', NO_FIXED_SLAVES],
  ['RTE-1', ELECTED_ROUTES],
  ['RTE-2', ELECTED_ROUTES],
  ['RTE-3', ELECTED_ROUTES],
])

const NO_LASTING_ROLES: Term = { notApplicable: 'an administrator has promoted a slave (RMQ-070): HA-2 says what outlives that' }

/** Guarantees that a configuration, or a run with faults, does not make at all. */
function notMade(id: GuaranteeId, setting: Setting, effective: ReadonlySet<FaultKind>): Term | null {
  const elected = setting.controlled ? OF_FIXED_ROLES.get(id) : undefined
  if (elected !== undefined) return elected
  if (effective.has('promotion') && OF_FIXED_ROLES.has(id)) return NO_LASTING_ROLES
  if (setting.ledger && ONE_BROKER.includes(id)) return OF_ONE_BROKER
  if (setting.ledger && id === 'RTE-1') return ONE_NAME
  if (id === 'DUR-7' && !setting.ledger) return NO_GROUP
  if (id === 'DUR-4' && setting.flushDiskType === 'ASYNC_FLUSH') return NO_STATUS
  if (id === 'DUR-5' && setting.brokerRole === 'ASYNC_MASTER') return setting.copied ? NO_COPY : NO_SLAVES
  return id === 'ALO-5' && effective.size > 0 ? NO_SINGLE_DELIVERY : null
}

const ROWS_OF: ReadonlyMap<GuaranteeId, readonly ExcuseRow[]> = new Map(
  [...ANOMALIES.keys()].map((id) => [id, ROCKETMQ_ROWS.filter((row) => row.excuses[id] !== undefined)]),
)

/** Where a failed force ends its process (`stopOnForceError`) that is a kill, but for rows that say themselves what a failed force does. */
const isEnd = (row: ExcuseRow, setting: Setting): boolean =>
  setting.repairs.has('stopOnForceError') && !row.after.some((step) => step.includes('forceFails'))

const KILL: FaultKind = 'processKill'
const withEnds = (run: RunFacts): RunFacts => ({
  ...run,
  faults: run.faults.flatMap((fault) => (fault.kind === 'forceFails' ? [fault, { ...fault, kind: KILL }] : [fault])),
})

/** The rows that can excuse something of a guarantee in a run with these faults. */
export function rowsFor(id: GuaranteeId, setting: Setting, effective: ReadonlySet<FaultKind>): ExcuseRow[] {
  const ended = effective.has('forceFails') ? new Set([...effective, KILL]) : effective
  return (ROWS_OF.get(id) ?? []).filter((row) => possible(row, isEnd(row, setting) ? ended : effective) && matters(row, setting))
}

const excuseBy =
  (rows: readonly ExcuseRow[], setting: Setting): Excuse =>
  (anomaly, run) => {
    const ended = run.effective.has('forceFails') ? withEnds(run) : run
    const causes = rows.filter((one) => excusesAnomaly(one, anomaly, isEnd(one, setting) ? ended : run, setting)).sort(byDemands)
    const [row, ...others] = causes.map(({ id }) => id)
    if (causes[0] === undefined || row === undefined) return null
    // Which of several causes it was can't be told from the outside.
    const or = others.length === 0 ? '' : ` (or ${others.join(', ')}: see spec/excuses.md)`
    return { reason: `${reasonOf(causes[0])}${or}`, rows: [row, ...others], repair: causes[0].unless }
  }

export function termOf(id: GuaranteeId, setting: Setting, effective: ReadonlySet<FaultKind>): Term {
  const none = notMade(id, setting, effective)
  if (none !== null) return none
  const rows = rowsFor(id, setting, effective)
  if (rows.length === 0) return 'required'
  return { excuses: excuseBy(rows, setting), inFull: rows.every(({ deed }) => deed === true) }
}

type Terms = ReadonlyMap<GuaranteeId, Term>

function termsOf(config: unknown, effective: ReadonlySet<FaultKind>, groups: readonly Grouping[], copied: boolean): Terms {
  const setting = settingOf(config, groups, copied)
  return new Map([...ANOMALIES.keys()].map((id) => [id, termOf(id, setting, effective)]))
}

/**
 * The terms of a configuration by the faults that took effect, and what listeners do, in no order: the runs of a campaign have few sorts of each. Where
 * there come to be many, they are forgotten, so that a campaign of hours needs no more memory than one of minutes.
 */
const known = new WeakMap<object, Map<string, Terms>>()
const SORTS_MAX = 64

const inOrder = (words: Iterable<string>): string => [...new Set(words)].sort((x, y) => (x < y ? -1 : 1)).join()

/** @throws InputError when the configuration is not one of RocketMQ's. */
export const rocketmqContract: Contract<unknown> = (config, effective, groups = [], copied = false) => {
  if (typeof config !== 'object' || config === null) return termsOf(config, effective, groups, copied)
  let terms = known.get(config)
  if (terms === undefined) known.set(config, (terms = new Map<string, Terms>()))
  const receivers = groups.flatMap(({ receiver }) => (receiver === undefined ? [] : [`${receiver.recipe} by ${receiver.by}`]))
  const sort = `${copied ? 'copied' : ''};${inOrder(effective)};${inOrder(receivers)};${inOrder(quirksOf(groups))}`
  const found = terms.get(sort)
  if (found !== undefined) return found
  if (terms.size >= SORTS_MAX) terms.clear()
  const made = termsOf(config, effective, groups, copied)
  terms.set(sort, made)
  return made
}
