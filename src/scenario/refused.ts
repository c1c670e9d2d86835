/** What a system refuses in the plan of a story, said of the line that says so: people who write stories do not see plans. */
import { InputError, type PlanRefused } from '../plan/input-error.ts'
import { linesBehind } from './parse.ts'
import { problem } from './syntax.ts'

const ENTRY = /^(?:cluster\.(topics|groups)|(workload|faults))\[(\d+)\]\.?(.*)$/s
/** Fields that a line does not name: what is said of them names their value. */
const UNNAMED = /^(?:client|topic|on|peer): /

export function refusedIn(text: string, source: string, { complaint }: PlanRefused): InputError {
  const [, part, list = part, index, said = ''] = ENTRY.exec(complaint) ?? []
  const isList = list === 'workload' || list === 'faults' || list === 'topics' || list === 'groups'
  const line = isList ? linesBehind(list, text, source)[Number(index)] : undefined
  return line === undefined ? new InputError(`${source}: ${complaint}`) : problem(line, said.replace(UNNAMED, ''))
}
