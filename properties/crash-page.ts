/**
 * The page of a transaction's crash points: each place where its broker or its producer can die, and what becomes of the message then. Places that
 * follow each other and come to the same are one row.
 */
import { registry } from '../src/cli/registry.ts'
import { crashPoints, type Crash } from '../src/harness/crash-points.ts'
import type { RunResult } from '../src/harness/run-plan.ts'
import type { Verdict } from '../src/contract/contract.ts'
import { PLAN_FORMAT, type Plan, type TxnOutcome } from '../src/plan/plan.ts'
import { seconds } from '../src/plan/units.ts'
import { VERSION } from '../src/version.ts'

/** How the application ends its transaction: of its own accord, or when it is asked, half a minute later. */
interface Ending {
  readonly title: string
  readonly outcome: TxnOutcome
  readonly answer: TxnOutcome
  /** From when on effects are counted: what comes before is the same as in an ending that is told at once. */
  readonly from: number
}
export const ENDINGS: readonly Ending[] = [
  { title: 'A commit that is told at once', outcome: 'commit', answer: 'commit', from: seconds(1) },
  { title: 'A rollback that is told at once', outcome: 'rollback', answer: 'rollback', from: seconds(1) },
  { title: 'A commit that the broker has to ask for', outcome: 'unknown', answer: 'commit', from: seconds(29) },
  { title: 'A rollback that the broker has to ask for', outcome: 'unknown', answer: 'rollback', from: seconds(29) },
]

interface Mode {
  readonly flush: 'SYNC_FLUSH' | 'ASYNC_FLUSH'
  readonly copies: 'one copy' | 'ASYNC_MASTER' | 'SYNC_MASTER'
}
const COPIES: readonly Mode['copies'][] = ['one copy', 'ASYNC_MASTER', 'SYNC_MASTER']
const MODES: readonly Mode[] = (['SYNC_FLUSH', 'ASYNC_FLUSH'] as const).flatMap((flush) => COPIES.map((copies) => ({ flush, copies })))

const PRESETS = ['rocketmq-5.5', 'hardened'] as const
type Preset = (typeof PRESETS)[number]

function configOf(preset: Preset, { flush, copies }: Mode): Plan['cluster']['config'] {
  const base = { flushDiskType: flush, preset }
  if (copies === 'one copy') return base
  // As shipped a SYNC_MASTER waits for nobody (RMQ-057).
  return copies === 'ASYNC_MASTER' ? { ...base, brokerRole: copies } : { ...base, brokerRole: copies, parameters: { inSyncReplicas: 2 } }
}

/** One transaction, and nobody else. Nothing is left to luck: `noise` has every choice take its benign outcome. */
const planOf = (preset: Preset, mode: Mode, { outcome, answer }: Ending): Plan => ({
  format: PLAN_FORMAT,
  version: VERSION,
  system: 'rocketmq',
  seed: 1,
  policy: 'calm',
  noise: [],
  cluster: {
    nameservers: ['n1'],
    brokers: ['b1'],
    ...(mode.copies === 'one copy' ? {} : { slaves: [{ name: 'b1s', of: 'b1' }] }),
    producers: ['p1'],
    topics: [{ name: 'T', queues: 1 }],
    groups: [{ name: 'g', topics: ['T'], consumers: ['c1'] }],
    config: configOf(preset, mode),
  },
  workload: [{ do: 'transaction', client: 'p1', atUs: seconds(1), salt: 7, topic: 'T', bytes: 100, text: 'order', outcome, answer }],
  faults: [],
})

type Victim = Pick<Crash, 'on' | 'kind'>
const KILL: Victim = { on: 'b1', kind: 'processKill' }
const POWER: Victim = { on: 'b1', kind: 'powerLoss' }
const PRODUCER: Victim = { on: 'p1', kind: 'processKill' }
const MESSAGE = 1
/** Long enough for the record that the half has ended, and for the flush that takes it to the disk. */
const AWAY = seconds(13)

const JUDGED = ['DUR-1', 'TXN-1', 'TXN-2', 'TXN-3', 'TXN-4'] as const

interface Seen {
  decided: TxnOutcome | null
  parked: boolean
  given: boolean
  /** Where the message lies at the end. */
  readonly places: Set<number>
}

/** What the application decided, and what became of its message. */
function seenIn({ events }: RunResult): Seen {
  const seen: Seen = { decided: null, parked: false, given: false, places: new Set() }
  for (const event of events) {
    if (event.type === 'ok' && event.f === 'local') seen.decided = event.v.outcome
    // A producer that died before it could say so: its database says it for it, when it is asked.
    if (event.type === 'invoke' && event.f === 'check' && event.v.answer === 'commit') seen.decided ??= 'commit'
    if (event.type === 'white' && event.f === 'discarded') seen.parked = true
    if (event.type === 'invoke' && event.f === 'consume' && event.v.message === MESSAGE) seen.given = true
    if (event.type === 'ok' && event.f === 'pull' && event.v.message === MESSAGE && event.v.topic === 'T') seen.places.add(event.v.offset)
  }
  return seen
}

function fate(result: RunResult): string {
  if (!result.outcome.drain.drained) return 'no end'
  const { decided, parked, given, places } = seenIn(result)
  const visible = given || places.size > 0
  if (decided === null) return visible ? 'never ran, and there' : 'never ran'
  if (decided === 'rollback') return visible ? 'rolled back, and there' : 'rolled back'
  if (places.size > 0) return places.size === 1 ? 'once' : '**twice**'
  if (given) return '**given, then gone**'
  return parked ? '**parked**' : '**lost**'
}

/** With what is broken, and what the contract excuses. */
function cellOf(result: RunResult): string {
  const judged = (verdict: Verdict): string => result.judgements.flatMap((one) => (one.verdict === verdict ? [one.id] : [])).join(', ')
  const [broken, excused] = [judged('violated'), judged('allowed')]
  return [fate(result), ...(broken === '' ? [] : [`breaks ${broken}`]), ...(excused === '' ? [] : [`excused: ${excused}`])].join('; ')
}

/** Names of files that a reader of the page need not know. */
const plainly = (where: string): string =>
  where
    .replace(/commitlog\/\d+/, 'the log')
    .replace(/consumequeue\/(\w+)\/0/, "$1's queue")
    .replaceAll('RMQ_SYS_TRANS_HALF_TOPIC', 'HALF')
    .replaceAll('RMQ_SYS_TRANS_OP_HALF_TOPIC', 'OP')

interface Place {
  readonly where: string
  readonly cell: string
}

async function placesOf(preset: Preset, mode: Mode, ending: Ending, victim: Victim): Promise<Place[]> {
  const plan = planOf(preset, mode, ending)
  const found: Place[] = []
  for await (const { where, result } of crashPoints(
    registry.subjectOf(plan.system),
    plan,
    { ...victim, atUs: ending.from, forUs: AWAY },
    JUDGED,
  ))
    found.push({ where: plainly(where), cell: cellOf(result) })
  return found
}

/** Neighbours that come to the same. */
interface Stretch {
  readonly first: string
  readonly last: string
  readonly places: number
  readonly cells: readonly string[]
}

function stretchesOf(columns: readonly (readonly Place[])[]): Stretch[] {
  const [first = []] = columns
  const found: Stretch[] = []
  for (const [k, { where }] of first.entries()) {
    const cells = columns.map((column) => column[k]?.cell ?? '')
    const last = found[found.length - 1]
    const same = last !== undefined && last.cells.every((cell, nth) => cell === cells[nth])
    if (same) found[found.length - 1] = { ...last, last: where, places: last.places + 1 }
    else found.push({ first: where, last: where, places: 1, cells })
  }
  return found
}

const rowOf = ({ first, last, places, cells }: Stretch): string =>
  `| ${[places === 1 ? first : `${first} … ${last}`, places, ...cells].join(' | ')} |`

const head = (titles: readonly string[]): string[] => [`| ${titles.join(' | ')} |`, `|${titles.map(() => ' --- |').join('')}`]

const modeText = ({ flush, copies }: Mode): string => `${flush}, ${copies === 'SYNC_MASTER' ? 'SYNC_MASTER, two in sync' : copies}`

/** The tables of one ending in one mode: the broker's crash points, which are the same for both of its crashes, and the producer's. */
export async function tables(preset: Preset, mode: Mode, ending: Ending): Promise<string> {
  const [killed, unplugged, producer] = [
    await placesOf(preset, mode, ending, KILL),
    await placesOf(preset, mode, ending, POWER),
    await placesOf(preset, mode, ending, PRODUCER),
  ]
  return [
    ...head(['where the broker dies', 'places', 'killed', 'power lost']),
    ...stretchesOf([killed, unplugged]).map(rowOf),
    '',
    ...head(['where the producer dies', 'places', 'killed']),
    ...stretchesOf([producer]).map(rowOf),
  ].join('\n')
}

export const PREFACE = `# The crash points of a transaction

One transaction, and one crash: right before and right after each thing that its broker, or its producer, writes, forces or sends. None is left out,
and nothing is left to luck. It is generated from \`mqproof\`'s own runs (\`UPDATE=1 npx vitest run properties/crash-points.test.ts\`). What may be lost
and why is said by [TXN-2](guarantees/TXN-2.md) to [TXN-4](guarantees/TXN-4.md) and by the [excuses](excuses.md).

## The plan

Each place is a run of this story with another \`point\`: here b1 is killed after its sixth effect, counted from \`at\` on, and comes back thirteen seconds
after that; \`point=before:6\` kills it before. With \`power-loss\`, \`keep=none\` is added: what was forced is kept, and nothing else.

\`\`\`
cluster preset=rocketmq-5.5 flush=sync
topic T queues=1
group g consumers=c1
----
at 1000ms p1 transaction T "order" outcome=commit
at 1000ms b1 process-kill for=13000ms point=after:6
drain
\`\`\`

The other tables have \`preset=hardened\`, \`flush=async\`, a slave b1s (ASYNC_MASTER, which waits for nobody; or SYNC_MASTER with
\`inSyncReplicas\` 2, which waits for it), \`outcome=rollback\`, or \`outcome=unknown\`: then the broker asks, half a minute later, and effects are
counted from 29 s on. Producers are killed in the same way. Between two effects a force may end or a message arrive, which is why a crash after the
one and before the next can differ.

## The words

- **HALF**, **OP**: the broker's topics of halves and of the record of those that have ended (RMQ-126, RMQ-128). **T:0@0**: the first place in the
  topic's queue, where the message lies once it is committed.
- **index**: an entry of the key index. **the log**: the commit log. **config**, **checkpoint**: the broker's small files, saved as a whole.
- **local-transactions**: the database of the application, where its local transaction is.
- **sendAnswer**, **endTransaction**, **checkTransaction**: the answer to the half, the producer's word about it, and the broker's question.
  **haFrame**: a piece of the log on its way to the slave. **pullAnswer**: messages on their way to a consumer. **getRoute**, **registerBroker**: what
  clients and brokers ask and tell NameServers now and then.
- **never ran**: the producer was not told that its half is stored, or died before it did anything: there is no local transaction, and no message.
- **once**, **twice**: it committed, and the message lies in its topic so often.
- **rolled back**: and nobody has ever seen the message.
- **lost**: it committed, and the message is nowhere. **given, then gone**: a consumer had it, and the log has it no more. **parked**: the broker has
  given it up.
- *breaks* and *excused* say which guarantees find fault with it, and whether the contract demanded them there.
`
const TITLES: Readonly<Record<Preset, string>> = {
  'rocketmq-5.5': 'RocketMQ 5.5 as shipped',
  hardened: 'Hardened: every deviation repaired',
}

export async function crashPage(): Promise<string> {
  const parts: string[] = []
  for (const preset of PRESETS) {
    parts.push(`## ${TITLES[preset]}\n`)
    for (const ending of ENDINGS) parts.push(await section(preset, ending))
  }
  return [PREFACE, figures(parts.join('\n')), parts.join('\n')].join('\n')
}

/** How many places there are, and what came of a crash there: counted from the tables, of which each stands for one mode at least. */
export function figures(sections: string): string {
  const fates = new Map<string, number[]>()
  sections
    .split(/^## /m)
    .slice(1)
    .forEach((section, which) => {
      for (const row of section.split('\n').filter((line) => /^\| (before|after) /.test(line))) {
        const [, places = '', ...cells] = row.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, ''))
        for (const cell of cells) {
          const fate = (cell.split(';')[0] ?? '').replaceAll('**', '')
          const counts = fates.get(fate) ?? PRESETS.map(() => 0)
          fates.set(
            fate,
            counts.map((count, k) => (k === which ? count + Number(places) : count)),
          )
        }
      }
    })
  const sums = PRESETS.map((_, k) => [...fates.values()].reduce((sum, counts) => sum + (counts[k] ?? 0), 0))
  return [
    '## The numbers',
    '',
    'Crashes in all the tables below, by what became of the message.',
    '',
    ...head(['', ...PRESETS]),
    ...[...fates].map(([fate, counts]) => `| ${[fate, ...counts].join(' | ')} |`),
    `| ${['crashes', ...sums].join(' | ')} |`,
    '',
  ].join('\n')
}

/** One section for each ending; modes of which the tables are the same share one. */
async function section(preset: Preset, ending: Ending, modes: readonly Mode[] = MODES): Promise<string> {
  const shared = new Map<string, Mode[]>()
  for (const mode of modes) {
    const text = await tables(preset, mode, ending)
    shared.set(text, [...(shared.get(text) ?? []), mode])
  }
  const parts = [...shared].map(([text, those]) => `#### ${those.map(modeText).join('; ')}\n\n${text}\n`)
  return `### ${ending.title}\n\n${parts.join('\n')}`
}
