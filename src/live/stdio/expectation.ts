/** What is wrong with a field, in the words of spec/adapter-protocol.md: its reader writes Python or Go, and has never seen our schemas. */
import type { z } from 'zod'
import { showPath, valueAt } from '../../plan/input-error.ts'

type Issue = z.core.$ZodIssue

const SHOWN = 60
const KINDS: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a whole number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value)
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`
}

const alternatives = (values: readonly unknown[]): string => {
  const all = values.map((one) => shown(one))
  return all.length === 1 ? `${all[0]}` : `one of ${all.join(', ')}`
}

const least = (issue: Extract<Issue, { code: 'too_small' }>): string => {
  const { origin, minimum } = issue
  if (origin === 'array') return 'a list that is not empty'
  return origin === 'string' ? 'a string that is not empty' : `a whole number, ${minimum} or more,`
}

function expected(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return KINDS[issue.expected] ?? issue.expected
    case 'invalid_value':
      return alternatives(issue.values)
    case 'too_small':
      return least(issue)
    case 'too_big':
      return `${issue.maximum} at most`
    // What an adapter calls something of its own.
    case 'invalid_union':
      return 'a string or a whole number'
    default:
      return issue.message
  }
}

/** `"offset" is "7": a whole number was expected`. */
export function complaintOf(issue: Issue, value: unknown): string {
  const found = valueAt(value, issue.path)
  const is = found === undefined ? 'is missing' : `is ${shown(found)}`
  return `"${showPath(issue.path)}" ${is}: ${expected(issue)} was expected`
}
