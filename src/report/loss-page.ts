/** The page of the loss matrix: for each way to keep messages and each fault, the worst that may become of an acknowledged one, and why. */
import type { Pardon } from '../contract/contract.ts'
import { concerns, LOSS_CELLS, LOSS_FAULTS, type LossFault } from '../harness/loss-cells.ts'
import { COPIES, MODES, type Copies, type Mode } from '../harness/loss-copies.ts'
import type { LossPromise } from '../harness/loss-promise.ts'

export type LossPromises = ReadonlyMap<string, LossPromise>

const WORDS: Readonly<Record<LossPromise['fate'], string>> = { kept: 'kept', slave: '*slave*', lost: '**lost**' }

const PREFACE = [
  '# The loss matrix',
  '',
  'What may become of a message that RocketMQ has acknowledged with SEND_OK, by how its cluster keeps messages and by what strikes the cluster.',
  '',
  '- kept: its broker still has it.',
  '- *slave*: its broker may have lost it, and a slave has it: it takes an operator who starts that slave as a master (RMQ-070).',
  '- **lost**: nobody may have it any more. The numbers are the reasons, below.',
  '- –: there is nobody to be struck, or the question does not arise.',
  '',
  'This page is generated (`UPDATE=1 npx vitest run properties/loss-matrix.test.ts` writes it). No cell is written by hand: the',
  '[contract](excuses.md) is asked whether it would excuse the loss of a message that was acknowledged at this or that moment between the faults.',
  '`mqproof controls --only loss` proves each cell on the model. Where it says *slave* or **lost**, a run is found that loses such a message; where it',
  'says kept, or *slave*, nothing is lost for good in 300 runs in which every fault struck after something had been acknowledged: with 95 % confidence',
  'fewer than 1 % of such runs lose anything. Such plans have a few messages, and the faults of the cell around one of them.',
  'Under fixed roles that broker is the one that acknowledged it; with a controller it is whoever is master in the end; in a DLedger group, the group. There',
  'elections are as quick as where they were measured (RML-043), and faults that follow each other are left out where nobody knows beforehand whom the',
  'second one meets.',
  'A cell has a name, such as `--only async-flush/sync-master-2/power-loss`; a part of it proves all cells that have it.',
  '',
  'Left out: what is stored without being acknowledged (a timeout of the disk or of a slave: it may be there or not), what is acknowledged before it',
  'is stored (one-way sends), messages that are kept but passed over by who reads ([ghost offsets](excuses.md), RMQ-155), and bytes that change on the',
  "disk by themselves. The disk forces a new file's directory entry with the file, and log files are as large as shipped.",
  '',
]

/** The rows of the contract that allow a loss, in the order in which they are first met: the first one of each pardon. */
class Footnotes {
  private readonly names: string[] = []
  readonly lines: string[] = []

  numberOf({ reason, rows: [row] }: Pardon): number {
    const name = row ?? reason
    const known = this.names.indexOf(name)
    if (known >= 0) return known + 1
    this.names.push(name)
    this.lines.push(`${this.names.length}. ${row === undefined ? reason : `${reason} ([${row}](excuses.md#${row}))`}.`)
    return this.names.length
  }
}

const nameOf = (mode: Mode, copies: Copies, fault: LossFault): string => `${mode.id}/${copies.id}/${fault.id}`

function tableOf(mode: Mode, promises: LossPromises, notes: Footnotes): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const cell = (copies: Copies, fault: LossFault): string => {
    const promise = promises.get(nameOf(mode, copies, fault))
    if (promise === undefined) return '–'
    const numbers = promise.reasons.map((pardon) => notes.numberOf(pardon))
    return [WORDS[promise.fate], ...(numbers.length === 0 ? [] : [numbers.join(' ')])].join(' ')
  }
  const table = (columns: readonly Copies[]): string[] => [
    line(['', ...columns.map(({ title }) => title)]),
    line(['', ...columns].map(() => '---')),
    ...LOSS_FAULTS.filter((fault) => columns.some((copies) => concerns(fault, copies))).map((fault) =>
      line([fault.title, ...columns.map((copies) => cell(copies, fault))]),
    ),
    '',
  ]
  const isFixed = ({ keeper }: Copies): boolean => keeper === 'broker'
  return [`## ${mode.title} (\`${mode.id}\`)`, '', ...table(COPIES.filter(isFixed)), ...table(COPIES.filter((one) => !isFixed(one)))]
}

export function lossPage(promises: LossPromises): string {
  const notes = new Footnotes()
  const tables = MODES.flatMap((mode) => tableOf(mode, promises, notes))
  const count = (fate: LossPromise['fate']): number => [...promises.values()].filter((one) => one.fate === fate).length
  const sum = `${LOSS_CELLS.length} cells: in ${count('kept')} all is kept, in ${count('slave')} a slave has what is lost, in ${count('lost')} messages may be lost.`
  return [
    ...PREFACE,
    sum,
    '',
    ...tables,
    '## Reasons',
    '',
    ...notes.lines,
    '',
    '## Names',
    '',
    ...COPIES.map(({ id, title }) => `- \`${id}\`: ${title}`),
    ...LOSS_FAULTS.map(({ id, title }) => `- \`${id}\`: ${title}`),
    '',
  ].join('\n')
}
