/** The page of the kill matrix: each planted bug, the guarantee that finds it, and how soon and by how small a plan. */
import type { MutantResult } from '../src/harness/kill-matrix.ts'
import type { MutantInfo } from '../src/cli/context.ts'

export const SEEDS = 10

const PREFACE = `# Kill matrix

A checker that has never failed proves nothing. So one rule of the model is replaced at a time, most often by what a bug of RocketMQ once
did, and campaigns as they ship must find it: by the guarantee that it is said to break, in a run that keeps it without the planted bug.

This page is generated from ${SEEDS} campaigns a bug (\`UPDATE=1 npx vitest run properties/kill-matrix.test.ts\` writes it,
\`UPDATE=new\` only the rows that it lacks). Its figures are those of the day on which they were
written; that every bug is on it and is found is tested. \`mqproof mutants\` counts anew.

- **runs**: the median number of runs until it was found.
- **smallest plan**: operations + faults of a shrunk plan that still shows it. With 0 operations the closing messages of the run show it.
- **from outside**: also found from what clients saw alone, as for a broker that can't be looked into.
- **also seen by**: other guarantees that the same runs violate.
- **compare**: the bug that it re-enacts, by RocketMQ's numbers and that of
  [the list](facts/rocketmq.md#16-known-historical-bugs-mutant-catalogue).

| planted bug | what it does | breaks | runs | smallest plan | from outside | also seen by | compare |
| --- | --- | --- | --- | --- | --- | --- | --- |
`

const COLUMNS = 8
const cell = (text: string): string => text.replaceAll('|', '\\|')

/** Most often first. */
const others = ({ killedBy, guarantee }: MutantResult): string =>
  Object.entries(killedBy)
    .filter(([id]) => id !== guarantee)
    .sort(([, x], [, y]) => y - x)
    .map(([id]) => id)
    .join(', ')

/** What is known without a run: the first three cells of a row. */
export const known = ({ id, title, guarantee }: MutantInfo): string[] => [
  `\`${id}\``,
  cell(title),
  `[${guarantee}](guarantees/${guarantee}.md)`,
]

export function rowOf(mutant: MutantInfo, result: MutantResult): string {
  const runs = result.killed ? String(result.runs) : '**survived**'
  const shrunk = result.shrunk === null ? '' : `${result.shrunk.operations} + ${result.shrunk.faults}`
  const seen = [runs, shrunk, result.blackBox ? 'yes' : 'no', others(result), cell(mutant.bug)]
  return `| ${[...known(mutant), ...seen].join(' | ')} |`
}

export const killPage = (rows: readonly string[]): string => `${PREFACE}${rows.join('\n')}\n`

/** The row that a page already has of a planted bug, as it stands there. */
export const rowIn = (page: string, mutant: MutantInfo): string | undefined =>
  page.split('\n').find((line) => line.startsWith(`| ${known(mutant).join(' | ')} | `))

/** The cells of each row of a page. */
export function rowsOf(page: string): string[][] {
  const lines = page.split('\n').filter((line) => line.startsWith('| `'))
  return lines.map((line) =>
    line
      .slice(2, -2)
      .split(' | ', COLUMNS)
      .map((text) => text.trim()),
  )
}
