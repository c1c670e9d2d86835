/**
 * `npm run bench`: how fast the pipe is, on compiled code, and as a share of a bare event loop on the same machine in the same minute.
 * `npm run -s bench -- --json` prints one document; names of sections after `--` limit what is measured.
 */
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { optimiseLater } from '../cli/engine.ts'
import { coloursFor } from '../report/colours.ts'
import { short } from '../report/numbers.ts'
import { drawTable, type Column } from '../report/table.ts'
import { VERSION } from '../version.ts'
import { round, type Line } from './measure.bench.ts'
import { coldRun, SECTIONS } from './sections.bench.ts'

const COLUMNS: readonly Column[] = [
  { title: 'what' },
  { title: 'per second', align: 'right' },
  { title: 'per CPU second', align: 'right' },
  { title: 'of the loop', align: 'right' },
  { title: 'of' },
]

function report(lines: readonly Line[]): string {
  const bare = lines.find(({ id }) => id === 'loop')?.perSecond
  const rows = lines.map(({ what, perSecond, perCpuSecond, unit }) => {
    const share = bare !== undefined && unit === 'steps' ? `${round((100 * perSecond) / bare)} %` : ''
    return [what, short(perSecond), short(perCpuSecond), share, unit]
  })
  const kills = Object.entries(lines.find(({ id }) => id === 'mutants')?.detail ?? {})
  return [
    drawTable(COLUMNS, rows, process.stdout.columns ?? 140, coloursFor(false)),
    ...kills.map(([name, value]) => `    ${name}: ${value}`),
  ].join('\n')
}

async function main(args: readonly string[]): Promise<string> {
  if (args.includes('cold')) return JSON.stringify(coldRun())
  const asked = args.filter((arg) => arg !== '--json')
  const unknown = asked.find((name) => !Object.hasOwn(SECTIONS, name))
  if (unknown !== undefined) {
    process.exitCode = 2
    return `no section is called "${unknown}": there are ${Object.keys(SECTIONS).join(', ')}`
  }
  const chosen = Object.entries(SECTIONS).filter(([name]) => asked.length === 0 || asked.includes(name))
  const lines: Line[] = []
  for (const [, measure] of chosen) lines.push(...(await measure(fileURLToPath(import.meta.url))))
  const machine = { node: process.versions.node, cpu: cpus()[0]?.model ?? '', cpus: cpus().length }
  return args.includes('--json') ? JSON.stringify({ mqproof: VERSION, machine, lines }, null, 2) : report(lines)
}

// As the program does.
optimiseLater()
process.stdout.write(`${await main(process.argv.slice(2))}\n`)
