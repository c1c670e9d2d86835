/**
 * A system's configuration on the cluster line. The fields that stories need have short words (`flush=async`); whatever does not fit
 * one of them is written on a line of its own, `config NAME JSON`, so that every configuration can be written.
 */
import type { Cluster } from '../plan/plan.ts'
import { isName, problem, quoted, suggestion, type Line } from './syntax.ts'

export type Config = Cluster['config']
type Json = Config[string]

const FLUSH = new Map([
  ['sync', 'SYNC_FLUSH'],
  ['async', 'ASYNC_FLUSH'],
])
const PARAMETER = 'parameter.'
/** The words of the cluster line that are about the configuration. */
export const CONFIG_WORDS: readonly string[] = ['preset', 'flush', 'disk', 'order', 'retry', 'repair', 'parameter.NAME']
/** Fields whose value is a name, and which go by their own. */
const PLAIN = ['preset', 'disk', 'order', 'retry']

/** Reads one word into the configuration; false when it is not about the configuration. */
export function readConfigWord(line: Line, word: string, value: string, config: Map<string, Json>): boolean {
  if (PLAIN.includes(word)) config.set(word, readPlain(line, word, value))
  else if (word === 'flush') config.set('flushDiskType', readFlush(line, value))
  else if (word === 'repair')
    config.set(
      'repairs',
      value.split(',').map((name) => readPlain(line, word, name)),
    )
  else if (word.startsWith(PARAMETER)) readParameter(line, word.slice(PARAMETER.length), value, config)
  else return false
  return true
}

function readPlain(line: Line, word: string, value: string): string {
  if (!isName(value)) throw problem(line, `expected a name after ${word}=, found ${value === '' ? 'nothing' : value}`)
  return value
}

function readFlush(line: Line, value: string): string {
  const flush = FLUSH.get(value)
  if (flush === undefined) {
    throw problem(line, `expected flush=sync or flush=async, found flush=${value}${suggestion(value, [...FLUSH.keys()])}`)
  }
  return flush
}

function readParameter(line: Line, name: string, value: string, config: Map<string, Json>): void {
  const number = Number(value)
  const sound = isName(name) && /^-?\d+$/.test(value) && Number.isSafeInteger(number)
  if (!sound) throw problem(line, `expected parameter.NAME=INTEGER, found ${PARAMETER}${name}=${value}`)
  const known = config.get('parameters')
  config.set('parameters', { ...(isObject(known) ? known : {}), [name]: number })
}

const isObject = (value: Json | undefined): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isInteger = (value: Json): value is number => Number.isSafeInteger(value) && !Object.is(value, -0)

/** The short words for one field, or null when it has none that says it all. */
function shortWords(field: string, value: Json): string[] | null {
  if (PLAIN.includes(field) && typeof value === 'string' && isName(value)) return [`${field}=${value}`]
  if (field === 'flushDiskType') {
    const word = [...FLUSH].find(([, flush]) => flush === value)
    return word === undefined ? null : [`flush=${word[0]}`]
  }
  if (field === 'repairs' && Array.isArray(value) && value.length > 0) {
    const names = value.flatMap((one) => (typeof one === 'string' && isName(one) ? [one] : []))
    return names.length === value.length ? [`repair=${names.join(',')}`] : null
  }
  if (field === 'parameters' && isObject(value) && Object.keys(value).length > 0) {
    const entries = Object.entries(value)
    const written = entries.flatMap(([name, one]) => (isName(name) && isInteger(one) ? [`${PARAMETER}${name}=${one}`] : []))
    return written.length === entries.length ? written : null
  }
  return null
}

/** Words for the cluster line, and lines for the rest. */
export function showConfig(config: Config): { words: string[]; lines: string[] } {
  const words: string[] = []
  const lines: string[] = []
  for (const [field, value] of Object.entries(config)) {
    const short = shortWords(field, value)
    if (short === null) lines.push(`config ${quoted(field)} ${JSON.stringify(value)}`)
    else words.push(...short)
  }
  return { words, lines }
}
