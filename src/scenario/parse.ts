/**
 * Reads a scenario file: a comment, setup, `----`, what the setup amounts to, a blank line, timed commands, `----`, the transcript.
 * Mistakes are reported with their line and with what was expected there.
 */
import { parseWith } from '../plan/input-error.ts'
import { Noise, type Plan } from '../plan/plan.ts'
import { readCommand } from './commands.ts'
import { Salts } from './salts.ts'
import type { Scenario } from './scenario.ts'
import { readSetup } from './setup.ts'
import { linesOf, problem, suggestion, unquoted, where, wordsOf, type Line } from './syntax.ts'

export const RULE = '----'

interface Comment {
  readonly story: string[]
  readonly twins: string[]
  readonly guarantees: string[]
}

const LIST = /^(twins?|guarantees?): *(.*)$/

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')

function readComment(lines: readonly Line[]): Comment {
  const comment: Comment = { story: [], twins: [], guarantees: [] }
  for (const line of lines) {
    const text = line.text.replace(/^# ?/, '')
    const [, key, values = ''] = LIST.exec(text) ?? []
    if (key === undefined) comment.story.push(text)
    else comment[key.startsWith('twin') ? 'twins' : 'guarantees'].push(...listOf(values))
  }
  return comment
}

function readNoise(line: Line, words: readonly string[]): Noise[] {
  if (words.length === 1 && words[0] === 'none') return []
  const [label = '', ...rest] = words
  const numbers = rest.map((word) => (/^\d+$/.test(word) ? Number(word) : -1))
  if (numbers.length !== 3 || numbers.includes(-1)) throw problem(line, 'expected: noise LABEL KEY NTH VALUE, or: noise none')
  const [key, nth, value] = numbers
  return [parseWith(Noise, { label: unquoted(line, label), key, nth, value }, where(line))]
}

function readRun(lines: readonly Line[], end: Line): Pick<Plan, 'workload' | 'faults' | 'noise'> {
  const workload: Plan['workload'] = []
  const faults: Plan['faults'] = []
  const salts = new Salts()
  let noise: Noise[] | null = null
  let drained = false
  for (const line of lines) {
    const [verb = '', ...words] = wordsOf(line)
    if (drained) throw problem(line, '"drain" ends the run: nothing follows it')
    if (verb === 'at') {
      const command = readCommand(line, salts)
      if ('item' in command) workload.push(command.item)
      else faults.push(command.fault)
    } else if (verb === 'noise') noise = [...(noise ?? []), ...readNoise(line, words)]
    else if (verb === 'drain' && words.length === 0) drained = true
    else throw problem(line, `expected at, noise or drain, found ${line.text}${suggestion(verb, ['at', 'noise', 'drain'])}`)
  }
  if (!drained) throw problem(end, 'expected "drain" as the last line of the run')
  return { workload, faults, ...(noise === null ? {} : { noise }) }
}

const COMMAND = /^(at [\d.]+ms |noise \S+ \d+ \d+ \d+$|noise none$|drain$)/

/** The stanza between the rules starts with golden text, which ends at the first blank line. */
function splitRun(lines: readonly Line[]): { setup: Line[]; commands: Line[] } {
  const blank = lines.findIndex((line) => line.text === '')
  const first = lines[0]?.text ?? ''
  const golden = COMMAND.test(first) ? 0 : Math.max(blank, 0)
  return { setup: lines.slice(0, golden), commands: lines.slice(golden).filter((line) => line.text !== '') }
}

export function parseScenario(text: string, source: string): Scenario {
  const lines = linesOf(text, source)
  const last = lines[lines.length - 1] ?? { source, number: 1, text: '' }
  const rules = lines.flatMap((line, index) => (line.text === RULE ? [index] : []))
  const [first, second] = rules
  if (first === undefined) throw problem(last, `expected a line "${RULE}" between the setup and the run`)
  if (second === undefined) throw problem(last, `expected a second line "${RULE}" between the run and its transcript`)
  const head = lines.slice(0, first).filter((line) => line.text !== '')
  const firstSetup = head.findIndex((line) => !line.text.startsWith('#'))
  const comment = readComment(head.slice(0, firstSetup === -1 ? head.length : firstSetup))
  const stray = head.slice(firstSetup === -1 ? head.length : firstSetup)
  const ruleLine = lines[first] ?? last
  const setup = readSetup(stray, ruleLine)
  const run = splitRun(lines.slice(first + 1, second))
  const transcript = lines.slice(second + 1).map((line) => line.text)
  while (transcript.length > 0 && transcript[transcript.length - 1] === '') transcript.pop()
  return {
    ...comment,
    plan: { ...setup, ...readRun(run.commands, lines[second] ?? last) },
    setup: run.setup.map((line) => line.text),
    transcript,
  }
}
