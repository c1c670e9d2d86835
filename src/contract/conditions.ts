/**
 * What a row asks of a configuration: whether a broker's setting meets it, and how that is said to people. Both stand in one table, of which the
 * compiler demands a line for each condition that there is, so that the page can't leave out what the contract goes by.
 */
import type { Anomaly } from '../check/checker.ts'
import { FAULT_KINDS } from '../plan/faults.ts'
import { factsFit, type BareRow, type ExcuseRow, type Setting } from './excuse.ts'

type Asked = Omit<ExcuseRow, keyof BareRow>
type Name = keyof Asked
type Value<K extends Name> = NonNullable<ExcuseRow[K]>

interface Condition<V> {
  readonly fits: (value: V, setting: Setting) => boolean
  readonly words: (value: V) => string
}

/** Asked of the setting alone. */
const when = (words: string, fits: (setting: Setting) => boolean): Condition<unknown> => ({
  fits: (_, setting) => fits(setting),
  words: () => words,
})
/** Asked of each anomaly, when there is one: any setting may meet it. */
const ofAnomalies = (words: string): Condition<unknown> => when(words, () => true)

const SHIPPED_SEGMENT_BYTES = 1 << 30
export const SHIPPED_TRACE_QUEUE = 2048
/** Files go before the last of so many checks is due. */
const isBrief = ({ fileReservedUs, transactionChecksMax, transactionCheckIntervalUs }: Setting): boolean =>
  fileReservedUs <= (transactionChecksMax + 1) * transactionCheckIntervalUs

const factWords = (facts: Anomaly['facts'] = {}): string[] => Object.entries(facts).map(([name, value]) => `${name} = ${String(value)}`)

/** In the order in which they are said. */
const CONDITIONS: { readonly [K in Name]-?: Condition<Value<K>> } = {
  flush: { fits: (flush, { flushDiskType }) => flush === flushDiskType, words: (flush) => flush },
  disk: { fits: (disk, setting) => disk === setting.disk, words: (disk) => `disk=${disk}` },
  smallFiles: when('log files below 1 GiB', ({ segmentBytes }) => segmentBytes < SHIPPED_SEGMENT_BYTES),
  oldQueues: when('queues that are read from disk', ({ youngQueues }) => !youngQueues),
  openToAll: when('without authorizationEnabled', ({ openToAll }) => openToAll),
  untraced: when('without enableMsgTrace or traceTopicEnable', ({ traced }) => !traced),
  smallTraceQueue: when(
    `clients that hold fewer than ${SHIPPED_TRACE_QUEUE} lines`,
    ({ traceQueueMax }) => traceQueueMax < SHIPPED_TRACE_QUEUE,
  ),
  tagsOnly: when('without enablePropertyFilter', ({ tagsOnly }) => tagsOnly),
  given: { fits: (repair, { repairs }) => repairs.has(repair), words: (repair) => `with ${repair}` },
  unless: { fits: (repair, { repairs }) => !repairs.has(repair), words: (repair) => `without ${repair}` },
  otherIntervals: when('other intervals of registration, expiry or route polls', ({ shippedIntervals }) => !shippedIntervals),
  normalOrder: when('order=normal', ({ order }) => order === 'normal'),
  copied: when('brokers with slaves', ({ copied }) => copied),
  acting: when('with enableSlaveActingMaster', ({ acting }) => acting),
  ledger: when('commitLog=dledger', ({ ledger }) => ledger),
  controlled: when('with enableControllerMode', ({ controlled }) => controlled),
  masterAlone: when('without allAckInSyncStateSet', ({ allAck }) => !allAck),
  wholeSet: when('with allAckInSyncStateSet', ({ controlled, allAck }) => controlled && allAck),
  aloneInSet: when('minInSyncReplicas=1 and inSyncReplicas=1', ({ mayBeAlone }) => mayBeAlone),
  uncleanElection: when('with enableElectUncleanMaster', ({ uncleanElection }) => uncleanElection),
  oneCopy: when('inSyncReplicas=1', ({ copies }) => copies <= 1),
  severalCopies: when('SYNC_MASTER, inSyncReplicas ≥ 2', ({ copies }) => copies >= 2),
  slaveReads: when('with slaveReadEnable', ({ slaveReadEnable }) => slaveReadEnable),
  mastersOnly: when('without slaveReadEnable', ({ slaveReadEnable }) => !slaveReadEnable),
  takenOver: when('where a slave takes the place of a lost master', ({ slaveTakesOver }) => slaveTakesOver),
  standsAlone: when('where no slave takes its place', ({ slaveTakesOver, controlled }) => !slaveTakesOver && !controlled),
  unflushed: ofAnomalies('no older than the periodic flush'),
  afterAllChecks: ofAnomalies('checks ≥ transactionChecksMax'),
  briefRetention: when('files that are kept for less time than halves are checked for', isBrief),
  quirks: {
    fits: (quirks, setting) => quirks.some((quirk) => setting.quirks.has(quirk)),
    words: (quirks) => `groups with ${quirks.join(' or ')}`,
  },
  receiver: {
    fits: (receiver, { receivers }) => receivers.some(({ recipe, by }) => factsFit({ with: receiver }, { recipe, by })),
    words: (receiver) => factWords(receiver).join(', '),
  },
}
const NAMES = Object.keys(CONDITIONS) as Name[]

const meets = <K extends Name>(name: K, value: ExcuseRow[K], setting: Setting): boolean =>
  value === undefined || (CONDITIONS[name] as Condition<unknown>).fits(value, setting)

const said = <K extends Name>(name: K, value: ExcuseRow[K]): string[] =>
  value === undefined ? [] : [(CONDITIONS[name] as Condition<unknown>).words(value)]

/** What a row asks: mostly one thing or two of all that there are. Rows are constants, so each is looked through once. */
const asked = new WeakMap<ExcuseRow, readonly Name[]>()

function askedBy(row: ExcuseRow): readonly Name[] {
  const known = asked.get(row)
  if (known !== undefined) return known
  const names = NAMES.filter((name) => row[name] !== undefined)
  asked.set(row, names)
  return names
}

/** Can the row matter to a broker of this configuration at all? */
export const matters = (row: ExcuseRow, setting: Setting): boolean => askedBy(row).every((name) => meets(name, row[name], setting))

/** What a row asks of the anomaly, of the faults before it, of which few kinds are more than many, and of the configuration. */
const demands = (row: ExcuseRow): readonly number[] => [
  factWords(row.with).length,
  row.after.reduce((sum, step) => sum + FAULT_KINDS.length - step.length, 0),
  factWords(row.without).length + NAMES.filter((name) => row[name] !== undefined).length,
]

/** Of several rows that fit, the one that asks for more comes first: it says more of the cause. */
export function byDemands(one: ExcuseRow, other: ExcuseRow): number {
  const theirs = demands(other)
  return (
    demands(one)
      .map((asked, k) => (theirs[k] ?? 0) - asked)
      .find((more) => more !== 0) ?? 0
  )
}

/** When a row applies, as one phrase. */
export function conditions(row: ExcuseRow): string {
  const parts = [
    ...NAMES.flatMap((name) => said(name, row[name])),
    ...factWords(row.with),
    ...factWords(row.without).map((fact) => `not ${fact}`),
  ]
  return parts.length === 0 ? 'every configuration' : parts.join(', ')
}
