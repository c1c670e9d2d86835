/** The page that shows the contract: what each kind of fault excuses, under each flush mode, as shipped and hardened; and one row of it. */
import type { GuaranteeId } from '../check/checker.ts'
import { FAULT_KINDS, type FaultKind } from '../plan/faults.ts'
import { ANOMALIES } from './anomalies.ts'
import { conditions } from './conditions.ts'
import type { BareRow, Flush, Setting } from './excuse.ts'
import { RABBITMQ_ROWS } from './rabbitmq.ts'
import { rowsFor, termOf } from './rocketmq.ts'
import { ROCKETMQ_ROWS } from './rocketmq-rows.ts'

const GUARANTEES = [...ANOMALIES.keys()]

/** Small files, so that the page shows every row: with files as shipped fewer matter. */
const setting = (flushDiskType: Flush, repairs: ReadonlySet<string>): Setting => ({
  flushDiskType,
  disk: 'ext4',
  brokerRole: 'SYNC_MASTER',
  acting: false,
  slaveReadEnable: false,
  slaveTakesOver: false,
  copied: false,
  ledger: false,
  controlled: false,
  allAck: false,
  uncleanElection: false,
  mayBeAlone: true,
  copies: 1,
  repairs,
  segmentBytes: 4096,
  transactionChecksMax: 15,
  transactionCheckIntervalUs: 30_000_000,
  fileReservedUs: 60_000_000,
  flushIntervalUs: 500_000,
  flushThoroughUs: 10_000_000,
  shippedIntervals: true,
  order: 'normal',
  tagsOnly: true,
  openToAll: true,
  traced: false,
  traceQueueMax: 100,
  youngQueues: true,
  receivers: [],
  quirks: new Set(),
})

const ALL: ReadonlySet<FaultKind> = new Set(FAULT_KINDS)

const stepText = (step: readonly FaultKind[]): string => (step.length === FAULT_KINDS.length ? 'any fault' : step.join(' or '))
const afterText = ({ after }: BareRow): string => (after.length === 0 ? 'in any run' : `after ${after.map(stepText).join(', then ')}`)

const link = (row: BareRow): string => `[${row.id}](#${row.id})`

/** The rows that can excuse something of a guarantee, each once, with those that ask for the same faults. */
function byFaults(id: GuaranteeId, where: Setting): string {
  const alike = new Map<string, string[]>()
  for (const row of rowsFor(id, where, ALL)) alike.set(afterText(row), [...(alike.get(afterText(row)) ?? []), link(row)])
  return [...alike].map(([after, rows]) => `${after}: ${rows.join(' ')}`).join('<br>')
}

/** A guarantee that is not made at all in runs with faults is said to be so. */
function line(id: GuaranteeId, where: Setting): string {
  const term = termOf(id, where, new Set())
  if (term !== 'required' && 'notApplicable' in term) return `| ${id} | not made: ${term.notApplicable} |`
  const faulty = termOf(id, where, new Set<FaultKind>(['pause']))
  if (faulty !== 'required' && 'notApplicable' in faulty) return `| ${id} | only without faults |`
  const rows = byFaults(id, where)
  return `| ${id} | ${rows === '' ? 'nothing is excused' : rows} |`
}

const table = (title: string, where: Setting): string[] => [
  `## ${title}`,
  '',
  '| guarantee | after which faults which rows excuse |',
  '| --- | --- |',
  ...GUARANTEES.map((id) => line(id, where)),
  '',
]

const about = (row: BareRow, where: string): string[] => [
  `### ${row.id}`,
  '',
  `${row.reason[0]?.toUpperCase() ?? ''}${row.reason.slice(1)}.`,
  '',
  `- ${afterText(row)}`,
  ...(where === '' ? [] : [`- where: ${where}`]),
  ...Object.entries(row.excuses).map(([id, names]) => `- excuses ${id}: ${(names ?? []).map((name) => `"${name}"`).join(', ')}`),
  '',
]

/** What is written of one row, in Markdown. Null: no contract has a row of that name. */
export function describeRow(name: string): string | null {
  const row = ROCKETMQ_ROWS.find(({ id }) => id === name)
  if (row !== undefined) return about(row, conditions(row)).join('\n')
  const other = RABBITMQ_ROWS.find(({ id }) => id === name)
  return other === undefined ? null : about(other, 'RabbitMQ, where its contract says so').join('\n')
}

export const ROW_NAMES: readonly string[] = [...ROCKETMQ_ROWS, ...RABBITMQ_ROWS].map(({ id }) => id)

const PREFACE = [
  '# What RocketMQ does not promise',
  '',
  'This page is generated from the rows of `src/contract/rocketmq-rows.ts`; a test keeps it so (`UPDATE=1 npx vitest run src/contract` writes it).',
  '',
  'A guarantee without rows is a promise: every anomaly is a violation. A row excuses the anomalies that it names, when its conditions hold, and nothing',
  'else; it never excuses a run as a whole. `mqproof explain async-tail` shows one of them.',
  '',
  'The faults of a row must have taken effect on one broker, in the order given, before the anomaly showed. The tables are for a plain disk',
  '(`disk=ext4`) and log files below 1 GiB; with files as shipped the rows that ask for small files do not apply.',
  'Applications do what is right there: rows that speak of a `recipe`, or of what duplicates are known by, are about others.',
  'The tables are for brokers without slaves, and a SYNC_MASTER that waits for nobody, as shipped: rows for `brokers with slaves`, and',
  'those `where a slave takes the place of a lost master`, are in the list alone.',
  'With the repair `stopOnForceError` a failed force ends its process: forceFails is a processKill there, too.',
  '"As shipped" is the preset `rocketmq-5.5`; "hardened" has every repair.',
  '',
]

export function describeContract(repairs: readonly string[]): string {
  const none: ReadonlySet<string> = new Set()
  const all: ReadonlySet<string> = new Set(repairs)
  return [
    ...PREFACE,
    ...table('SYNC_FLUSH, as shipped', setting('SYNC_FLUSH', none)),
    ...table('SYNC_FLUSH, hardened', setting('SYNC_FLUSH', all)),
    ...table('ASYNC_FLUSH, as shipped', setting('ASYNC_FLUSH', none)),
    ...table('ASYNC_FLUSH, hardened', setting('ASYNC_FLUSH', all)),
    '## Rows',
    '',
    ...ROCKETMQ_ROWS.flatMap((row) => about(row, conditions(row))),
  ].join('\n')
}
