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

interface Stanzas {
  readonly head: readonly Line[]
  readonly run: readonly Line[]
  /** The line after the run. */
  readonly runEnd: Line
  readonly ruleLine: Line
  readonly transcript: readonly Line[]
}

/** Without the second rule there is no transcript yet: a story that is being written. */
function stanzasOf(text: string, source: string): Stanzas {
  const lines = linesOf(text.trimEnd(), source)
  const last = lines[lines.length - 1] ?? { source, number: 1, text: '' }
  const [first, second = lines.length] = lines.flatMap((line, index) => (line.text === RULE ? [index] : []))
  if (first === undefined) throw problem(last, `expected a line "${RULE}" between the setup and the run`)
  return {
    head: lines.slice(0, first).filter((line) => line.text !== ''),
    ruleLine: lines[first] ?? last,
    run: lines.slice(first + 1, second),
    runEnd: lines[second] ?? last,
    transcript: lines.slice(second + 1),
  }
}

export function parseScenario(text: string, source: string): Scenario {
  const { head, run, runEnd, ruleLine, transcript } = stanzasOf(text, source)
  const firstSetup = head.findIndex((line) => !line.text.startsWith('#'))
  const comment = readComment(head.slice(0, firstSetup === -1 ? head.length : firstSetup))
  const stray = head.slice(firstSetup === -1 ? head.length : firstSetup)
  const setup = readSetup(stray, ruleLine)
  const { setup: golden, commands } = splitRun(run)
  return {
    ...comment,
    plan: { ...setup, ...readRun(commands, runEnd) },
    setup: golden.map((line) => line.text),
    transcript: transcript.map((line) => line.text),
  }
}

/** The lines that a plan's lists were read from, for complaints about one of their entries. */
export function linesBehind(list: 'workload' | 'faults' | 'topics' | 'groups', text: string, source: string): Line[] {
  const { head, run } = stanzasOf(text, source)
  if (list === 'topics' || list === 'groups') return head.filter((line) => wordsOf(line)[0] === list.slice(0, -1))
  const salts = new Salts()
  const timed = splitRun(run).commands.filter((line) => wordsOf(line)[0] === 'at')
  return timed.filter((line) => 'item' in readCommand(line, salts) === (list === 'workload'))
}
