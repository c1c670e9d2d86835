/** The page that shows the contract: what each kind of fault excuses, under each flush mode, as shipped and hardened. */
import type { GuaranteeId } from '../check/checker.ts'
import { FAULT_KINDS, type FaultKind } from '../plan/faults.ts'
import { ANOMALIES } from './anomalies.ts'
import type { ExcuseRow, Flush, Setting } from './excuse.ts'
import { rowsFor, termOf } from './rocketmq.ts'
import { ROCKETMQ_ROWS } from './rocketmq-rows.ts'

const GUARANTEES = [...ANOMALIES.keys()]

/** Small files, so that the page shows every row: with files as shipped fewer matter. */
const setting = (flushDiskType: Flush, repairs: ReadonlySet<string>): Setting => ({
  flushDiskType,
  disk: 'ext4',
  brokerRole: 'SYNC_MASTER',
  slaveReadEnable: false,
  copied: false,
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
  youngQueues: true,
  receivers: [],
  quirks: new Set(),
})

/** Single faults, and the sequences that some row asks for. */
function situations(): (readonly FaultKind[])[] {
  const chains = ROCKETMQ_ROWS.filter((row) => row.after.length > 1).map((row) => row.after.flatMap((step) => step.slice(0, 1)))
  const known = new Map(chains.map((chain) => [chain.join(' '), chain]))
  return [[], ...FAULT_KINDS.map((kind) => [kind]), ...known.values()]
}

const number = (row: ExcuseRow): number => ROCKETMQ_ROWS.indexOf(row) + 1

function cell(id: GuaranteeId, where: Setting, faults: readonly FaultKind[]): string {
  const term = termOf(id, where, new Set(faults))
  if (term === 'required') return '●'
  if ('notApplicable' in term) return '–'
  return rowsFor(id, where, new Set(faults)).map(number).join(' ')
}

function table(title: string, where: Setting): string[] {
  const head = ['what took effect', ...GUARANTEES]
  const name = (faults: readonly FaultKind[]): string => (faults.length === 0 ? 'nothing' : faults.join(' → '))
  const lines = situations().map((faults) => [name(faults), ...GUARANTEES.map((id) => cell(id, where, faults))])
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [`## ${title}`, '', line(head), line(head.map(() => '---')), ...lines.map(line), '']
}

const factsText = (facts: ExcuseRow['with']): string[] => Object.entries(facts ?? {}).map(([name, value]) => `${name} = ${String(value)}`)

/** When a row applies, as one phrase. */
function conditions(row: ExcuseRow): string {
  const parts = [
    ...(row.flush === undefined ? [] : [row.flush]),
    ...(row.disk === undefined ? [] : [`disk=${row.disk}`]),
    ...(row.smallFiles === undefined ? [] : ['log files below 1 GiB']),
    ...(row.given === undefined ? [] : [`with ${row.given}`]),
    ...(row.unless === undefined ? [] : [`without ${row.unless}`]),
    ...(row.otherIntervals === undefined ? [] : ['other intervals of registration, expiry or route polls']),
    ...(row.normalOrder === undefined ? [] : ['order=normal']),
    ...(row.copied === undefined ? [] : ['brokers with slaves']),
    ...(row.oneCopy === undefined ? [] : ['inSyncReplicas=1']),
    ...(row.severalCopies === undefined ? [] : ['SYNC_MASTER, inSyncReplicas ≥ 2']),
    ...(row.slaveReads === undefined ? [] : ['with slaveReadEnable']),
    ...(row.mastersOnly === undefined ? [] : ['without slaveReadEnable']),
    ...(row.unflushed === undefined ? [] : ['no older than the periodic flush']),
    ...(row.afterAllChecks === undefined ? [] : ['checks ≥ transactionChecksMax']),
    ...(row.quirks === undefined ? [] : [`groups with ${row.quirks.join(' or ')}`]),
    ...factsText(row.receiver),
    ...factsText(row.with),
    ...factsText(row.without).map((fact) => `not ${fact}`),
  ]
  return parts.length === 0 ? 'every configuration' : parts.join(', ')
}

const stepText = (step: readonly FaultKind[]): string => (step.length === FAULT_KINDS.length ? 'any fault' : step.join(' or '))

function describeRow(row: ExcuseRow): string[] {
  const what = Object.entries(row.excuses).map(([id, names]) => `${id} ${(names ?? []).map((name) => `"${name}"`).join(', ')}`)
  return [
    `${number(row)}. **${row.id}**: ${row.reason}.`,
    `    - after: ${row.after.length === 0 ? 'nothing' : row.after.map(stepText).join(', then ')}`,
    `    - where: ${conditions(row)}`,
    `    - excuses: ${what.join('; ')}`,
  ]
}

const PREFACE = [
  '# What RocketMQ does not promise',
  '',
  'This page is generated from the rows of `src/contract/rocketmq-rows.ts`; a test keeps it so (`UPDATE=1 npx vitest run src/contract` writes it).',
  '',
  '● is a promise: every anomaly is a violation. – means that the guarantee is not made there. A number is a row below: it excuses the anomalies that it',
  'names, when its conditions hold, and nothing else. All other anomalies stay violations. A row never excuses a run as a whole.',
  '',
  'The faults of a row must have taken effect on one broker, in the order given, before the anomaly showed. The tables are for a plain disk',
  '(`disk=ext4`) and log files below 1 GiB; with files as shipped the rows that ask for small files do not apply.',
  'Applications do what is right there: rows that speak of a `recipe`, or of what duplicates are known by, are about others.',
  'The tables are for brokers without slaves, and a SYNC_MASTER that waits for nobody, as shipped: rows for `brokers with slaves` are in the list alone.',
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
    ...ROCKETMQ_ROWS.flatMap(describeRow),
    '',
  ].join('\n')
}
