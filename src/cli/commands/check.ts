/** `mqproof check`: judges a history from anywhere. */
import type { Command } from 'commander'
import { checkers } from '../../check/catalogue.ts'
import type { Contract } from '../../contract/contract.ts'
import { drainOf, readHistory } from '../../harness/history-file.ts'
import { judgeHistory } from '../../harness/run-plan.ts'
import type { History } from '../../history/event.ts'
import { InputError, parseJson, parseWith } from '../../plan/input-error.ts'
import { ContractFile, contractOf } from '../../report/contract-file.ts'
import type { Context } from '../context.ts'
import { readText } from '../files.ts'
import { list } from '../options.ts'
import { publish } from '../publish.ts'
import { onlyOf } from '../selection.ts'
import { documentOf, failuresOf, faultsIn } from '../single-run.ts'
import { exitFor } from '../verdict-exit.ts'
import type { Exit } from './exit.ts'

interface CheckOptions {
  readonly contract?: string
  readonly only?: string[]
  readonly json?: true
  readonly junit?: string
}

function contractFor(context: Context, { header }: History, file: string | undefined, source: string): Contract<unknown> {
  if (file !== undefined) {
    const parsed = parseWith(ContractFile, parseJson(readText(context.io, file), file), file)
    return contractOf(
      parsed,
      checkers.map((checker) => checker.id),
    )
  }
  const contract = context.registry.contractOf(header)
  if (contract !== null) return contract
  throw new InputError(`${source}:1: system: there is no contract for "${header.system}": say what it promises by --contract FILE`)
}

export function check(context: Context, path: string, options: CheckOptions): number {
  const { io } = context
  const startMs = io.nowMs()
  const history = readHistory(readText(io, path), path)
  const { header, events } = history
  const contract = contractFor(context, history, options.contract, path)
  const { judgements } = judgeHistory(contract, header, events, drainOf(events), { only: onlyOf(options.only) })
  const sends = events.filter((event) => event.type === 'invoke' && event.f === 'send').length
  const faults = faultsIn(events)
  const injected = Object.values(faults).reduce((sum, one) => sum + one.injected, 0)
  const document = documentOf(judgements, {
    command: 'check',
    seed: '',
    steps: events.length,
    traceHash: '',
    faults,
    simulatedMs: Math.round(Math.max(0, events[events.length - 1]?.t ?? 0) / 1000),
    wallMs: Math.round(io.nowMs() - startMs),
    failures: failuresOf(judgements, { run: 1, dir: '', traceHash: '', operations: sends, faults: injected }),
  })
  publish(context, document, options)
  return exitFor(document.guarantees)
}

const EXAMPLES = `
A history is JSON lines: a header, then an event a line (spec/formats/history.schema.json).
A contract says what the broker promises (spec/formats/contract.schema.json).

Examples:
  $ mqproof check history.jsonl
  $ mqproof check history.jsonl --contract my-broker.json --only DUR,ALO-1 --junit report.xml`

export function addCheck(program: Command, context: Context, exit: Exit): void {
  program
    .command('check')
    .description('judge a history from anywhere')
    .argument('<history>', 'a history as JSON lines')
    .option('--contract <file>', "what the broker promises (the system's own contract)")
    .option('--only <ids>', 'judge only these guarantees or families', list('--only'))
    .option('--json', 'one JSON document on standard output')
    .option('--junit <file>', 'write a JUnit report')
    .addHelpText('after', EXAMPLES)
    .action((path: string, options: CheckOptions) => exit(check(context, path, options)))
}
