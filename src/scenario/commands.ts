/** The timed commands: `at TIME CLIENT VERB TOPIC ["text"] ...`, `at TIME NODE FAULT ...`, `at TIME FAULT LINK ...`. */
import { Fault } from '../plan/faults.ts'
import { InputError, parseWith } from '../plan/input-error.ts'
import { isChurn, Item } from '../plan/plan.ts'
import { readFields, showFields, usage, type Field, type Values } from './fields.ts'
import {
  LINK_FAULTS,
  LINK_VERBS,
  NODE_FAULTS,
  NODE_VERBS,
  OPERATION_VERBS,
  OPERATIONS,
  TEXTLESS,
  TOPICLESS,
  verbOf,
  VERBS,
} from './forms.ts'
import { isName, problem, readName, readTime, showTime, suggestion, unquoted, where, wordsOf, type Line } from './syntax.ts'
import type { Salts } from './salts.ts'

export type Command = { readonly item: Item } | { readonly fault: Fault }

const LINK = /^([^>|]+)([>|])([^>|]+)$/

function readLinkFault(line: Line, words: readonly string[], atUs: number, salts: Salts): Fault {
  const [verb = '', link = '', ...rest] = words
  const form = LINK_VERBS.get(verb)
  if (form === undefined) throw problem(line, `unknown verb ${verb}${suggestion(verb, [...LINK_VERBS.keys()])}`)
  const [, on = '', mark = '', peer = ''] = LINK.exec(link) ?? []
  if (!isNode(on) || !isNode(peer)) throw problem(line, `expected a link such as p1>b1 or b1>*, found ${link}`)
  const oneWay = mark === '>'
  if (!oneWay && verb !== 'cut') throw problem(line, `${verb} acts one way: write ${on}>${peer}`)
  const values = readFields(line, rest, [...form.fields, salts.field(verb, link)], verb)
  return parseWith(Fault, { kind: form.kind, on, peer, atUs, ...(form.kind === 'cut' ? { oneWay } : {}), ...values }, where(line))
}

function readOperation(line: Line, words: readonly string[], atUs: number, salts: Salts): Item {
  const [client = '', verb = '', topicWord, ...rest] = words
  const form = OPERATION_VERBS.get(verb)
  if (form === undefined) throw problem(line, `unknown verb ${verb}${suggestion(verb, VERBS)}`)
  if (TOPICLESS.includes(verb)) {
    const values = readFields(line, words.slice(2), [...form.fields, salts.field(verb, client)], verb)
    return parseWith(Item, { do: form.kind, client, atUs, ...values }, where(line))
  }
  const topic = readName(line, topicWord, `the topic of ${verb}`)
  const text = !TEXTLESS.includes(verb) && rest[0]?.startsWith('"') ? { text: unquoted(line, rest[0]) } : {}
  const options = 'text' in text ? rest.slice(1) : rest
  const values = readFields(line, options, [...form.fields, salts.field(verb, client)], verb)
  return parseWith(Item, { do: form.kind, client, atUs, topic, ...text, ...values }, where(line))
}

function readNodeFault(line: Line, words: readonly string[], atUs: number, salts: Salts): Fault {
  const [on = '', verb = '', ...rest] = words
  const form = NODE_VERBS.get(verb)
  if (form === undefined) throw problem(line, `unknown verb ${verb}${suggestion(verb, VERBS)}`)
  const values = readFields(line, rest, [...form.fields, salts.field(verb, on)], verb)
  return parseWith(Fault, { kind: form.kind, on, atUs, ...values }, where(line))
}

export function readCommand(line: Line, salts: Salts): Command {
  const [, timeWord = '', subject, verb, ...rest] = wordsOf(line)
  const atUs = readTime(timeWord)
  const found = timeWord === '' ? 'nothing' : timeWord
  if (atUs === undefined || atUs < 0) throw problem(line, `expected a time such as 12.5ms after "at", found ${found}`)
  if (subject === undefined || verb === undefined) throw problem(line, 'expected who does what after the time, such as p1 send T "first"')
  const words = [subject, verb, ...rest]
  if (LINK.test(verb) || (LINK_VERBS.has(subject) && !VERBS.includes(verb))) return { fault: readLinkFault(line, words, atUs, salts) }
  const misplaced = LINK_VERBS.get(verb)
  if (misplaced !== undefined) throw problem(line, `write it as: at ${timeWord} ${verb} ${subject}>PEER ${usage(misplaced.fields)}`)
  if (!isNode(subject)) throw problem(line, `expected the name of a client or a node, found ${subject}`)
  if (OPERATION_VERBS.has(verb)) return { item: readOperation(line, words, atUs, salts) }
  return { fault: readNodeFault(line, words, atUs, salts) }
}

const isNode = (text: string): boolean => text === '*' || isName(text)

/** The format can't write every string that a plan's node fields allow; it says so instead of writing something else. */
function nodeName(text: string): string {
  const rule = 'use letters, digits, "_", "." and "-"'
  if (!isNode(text)) throw new InputError(`a scenario can't write the node name ${JSON.stringify(text)}: ${rule}`)
  return text
}

const showLine = (parts: readonly string[]): string => `at ${parts.join(' ')}`

export function showItem(item: Item, salts: Salts): string {
  const verb = verbOf(item.do)
  const fields: readonly Field[] = [...OPERATIONS[item.do], salts.field(verb, item.client)]
  const text = 'text' in item && item.text !== undefined ? [JSON.stringify(item.text)] : []
  const topic = isChurn(item) ? [] : [item.topic]
  return showLine([showTime(item.atUs), item.client, verb, ...topic, ...text, ...showFields(item, fields)])
}

export function showFault(fault: Fault, salts: Salts): string {
  const verb = verbOf(fault.kind)
  const values: Values = fault
  const on = nodeName(fault.on)
  if ('peer' in fault) {
    const link = `${on}${fault.kind === 'cut' && !fault.oneWay ? '|' : '>'}${nodeName(fault.peer)}`
    return showLine([showTime(fault.atUs), verb, link, ...showFields(values, [...LINK_FAULTS[fault.kind], salts.field(verb, link)])])
  }
  return showLine([showTime(fault.atUs), on, verb, ...showFields(values, [...NODE_FAULTS[fault.kind], salts.field(verb, on)])])
}
