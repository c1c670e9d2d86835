/**
 * What RabbitMQ promises through confirms and manual acknowledgements, from the type of the queue, the version and the delivery mode. What
 * a confirm means differs between queue types more than the documentation says (RAB-007, RAB-008), and the excuses follow what was seen.
 */
import { z } from 'zod'
import type { GuaranteeId } from '../check/checker.ts'
import type { FaultKind } from '../plan/faults.ts'
import { parseWith } from '../plan/input-error.ts'
import { ANOMALIES } from './anomalies.ts'
import type { Contract, Excuse, Term } from './contract.ts'
import { explains, possible, type BareRow, type Excused } from './excuse.ts'

const QUEUE_TYPES = ['classic-v1', 'classic-v2', 'quorum', 'stream'] as const

/** The part of a configuration that promises depend on; the live target's own schema is stricter. */
const Config = z.object({
  /** As the server's handshake says it. */
  version: z.string().regex(/^\d+\.\d+/, 'a version such as "3.10.8"'),
  queueType: z.enum(QUEUE_TYPES),
  persistent: z.boolean(),
})
export type RabbitmqSetting = z.infer<typeof Config>

interface Row extends BareRow {
  readonly when: (setting: RabbitmqSetting) => boolean
}

/** What follows when stored messages are gone. */
const LOST: Excused = { 'ALO-1': ['not delivered'], 'DUR-1': ['lost'] }
/** A stream also gives its offsets out again, and its pages need not have reached the disk in order. */
const LOG_CUT: Excused = { ...LOST, 'DUR-2': ['hole'], 'ORD-2': ['offset reused', 'gap', 'changed'] }

const isClassic = ({ queueType }: RabbitmqSetting): boolean => queueType === 'classic-v1' || queueType === 'classic-v2'

/** Since 3.13 the message store no longer forces, and 4.0 has no other index than v2 (RAB-008, RAB-009). */
function forcesClassicV1({ version, queueType }: RabbitmqSetting): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return queueType === 'classic-v1' && (major < 3 || (major === 3 && minor < 13))
}

export const RABBITMQ_ROWS: readonly Row[] = [
  {
    id: 'transient',
    when: (setting) => isClassic(setting) && !setting.persistent,
    excuses: { ...LOST, 'DUR-2': ['hole', 'lost without power loss'] },
    after: [['processKill', 'gracefulRestart', 'powerLoss', 'diskLoss']],
    reason: 'a confirm of a transient message promises nothing across a restart (RAB-006, RAB-013)',
  },
  {
    id: 'page-cache',
    when: (setting) => isClassic(setting) && setting.persistent && !forcesClassicV1(setting),
    excuses: { ...LOST, 'DUR-2': ['hole'] },
    after: [['powerLoss']],
    reason: 'this classic queue confirms what is in page cache, although the documentation says "persisted to disk" (RAB-007, RAB-008)',
  },
  {
    id: 'stream-page-cache',
    when: ({ queueType }) => queueType === 'stream',
    excuses: LOG_CUT,
    after: [['powerLoss']],
    reason: 'a stream never forces: its confirm means replicated in page cache, and this one has a single replica (RAB-010, RAB-012)',
  },
  {
    id: 'disk-loss',
    when: () => true,
    excuses: LOG_CUT,
    after: [['diskLoss']],
    reason: 'a node alone that loses its disk loses everything on it',
  },
]

const none = (why: string): Term => ({ notApplicable: why })
const NO_COMMITS = none('consumers acknowledge message by message: there is no progress that could be told (RAB-021)')
const NO_TRANSACTIONS = none('the driver has no transactions, and the broker never asks back for an outcome (RAB-060, RAB-120)')
const NO_INSIDE = none('the log of a foreign broker is not seen')
const NO_ORDERLY = none('its consumers have no orderly listeners, and its queues no locks')
const NO_DELAYS = none('its messages are sent without a delay: there are no levels')
const NOT_MADE: ReadonlyMap<GuaranteeId, Term> = new Map<GuaranteeId, Term>([
  ['ORD-3', NO_ORDERLY],
  ['ALO-2', NO_COMMITS],
  ['ALO-3', NO_COMMITS],
  ['DUR-3', NO_INSIDE],
  ['RBL-3', NO_ORDERLY],
  ['DLY-1', NO_DELAYS],
  ['DLY-2', NO_DELAYS],
  ['DLY-3', NO_DELAYS],
  ['DLY-4', NO_DELAYS],
  ['TXN-1', NO_TRANSACTIONS],
  ['TXN-2', NO_TRANSACTIONS],
])
const NO_OFFSETS = none('its queues show no offsets; a stream would')
const NO_SINGLE_DELIVERY = none('a fault took effect: delivery is at least once, and duplicates are always allowed (RAB-055, RAB-057)')

function notMade(id: GuaranteeId, { queueType }: RabbitmqSetting, effective: ReadonlySet<FaultKind>): Term | undefined {
  if (id === 'ORD-2' && queueType !== 'stream') return NO_OFFSETS
  if (id === 'ALO-5' && effective.size > 0) return NO_SINGLE_DELIVERY
  return NOT_MADE.get(id)
}

const excuseBy =
  (rows: readonly Row[]): Excuse =>
  (anomaly, run) => {
    const row = rows.find((one) => explains(one, anomaly, run))
    return row === undefined ? null : { reason: row.reason, rows: [row.id] }
  }

function termOf(id: GuaranteeId, setting: RabbitmqSetting, effective: ReadonlySet<FaultKind>): Term {
  const term = notMade(id, setting, effective)
  if (term !== undefined) return term
  const rows = RABBITMQ_ROWS.filter((row) => row.excuses[id] !== undefined && row.when(setting) && possible(row, effective))
  return rows.length === 0 ? 'required' : { excuses: excuseBy(rows) }
}

/** @throws InputError when the configuration is not one of a live RabbitMQ's. */
export const rabbitmqContract: Contract<unknown> = (config, effective) => {
  const setting = parseWith(Config, config, 'the RabbitMQ configuration')
  return new Map([...ANOMALIES.keys()].map((id) => [id, termOf(id, setting, effective)]))
}
