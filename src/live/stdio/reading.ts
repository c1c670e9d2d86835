/**
 * What one line of an adapter says, or what is wrong with it. Complaints are for the adapter's author: they quote the line, name the
 * field, and say what was expected.
 */
import type { z } from 'zod'
import { complaintOf, showPath } from '../../plan/complaint.ts'
import {
  ANSWER_TYPES,
  Fail,
  Info,
  OK,
  OPTIONAL,
  PUSHES,
  Unsupported,
  type Answer,
  type Push,
  type PushType,
  type RequestType,
} from './protocol.ts'

/** A line that breaks a rule. */
export class BadLine extends Error {
  override name = 'BadLine'
}

export type Json = Readonly<Record<string, unknown>>

const QUOTED = 160
export const quote = (line: string): string => (line.length <= QUOTED ? line : `${line.slice(0, QUOTED)}… (${line.length} characters)`)

/** @throws BadLine */
export function objectOf(line: string): Json {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new BadLine('not a line of JSON; was it meant for stderr? Only protocol messages may go to stdout')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadLine('a JSON object was expected')
  return value as Json
}

/** Names the first bad field. @throws BadLine */
function parsed<T>(schema: z.ZodType<T>, value: Json, what: string): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  if (issue === undefined) throw new BadLine(`${what}: not valid`)
  const { field, words } = complaintOf(issue, value)
  throw new BadLine(`${what}: "${field}" ${words}`)
}

const isOneOf = <T extends string>(known: readonly T[], type: unknown): type is T => known.some((one) => one === type)
const PUSH_TYPES = Object.keys(PUSHES) as PushType[]

export const isAnswer = (message: Json): boolean => isOneOf(ANSWER_TYPES, message['type'])

/** An answer carries the number of its request. @throws BadLine */
export function idOf(message: Json): number {
  const { id } = message
  if (typeof id === 'number' && Number.isInteger(id)) return id
  throw new BadLine('an answer needs the "id" of its request, as the number that it was sent with')
}

/** @throws BadLine */
export function answerOf<T extends RequestType>(type: T, message: Json): Answer<T> {
  switch (message['type']) {
    case 'ok':
      return parsed(OK[type] as z.ZodType, message, `the answer "ok" to ${type}`) as Answer<T>
    case 'fail':
      return parsed(Fail, message, `the answer "fail" to ${type}`)
    case 'info':
      return parsed(Info, message, `the answer "info" to ${type}`)
    default:
      if (OPTIONAL.has(type)) return parsed(Unsupported, message, `the answer "unsupported" to ${type}`)
      throw new BadLine(`${type} can't be unsupported: only ${[...OPTIONAL].join(', ')} can`)
  }
}

/** @throws BadLine */
export function pushOf(message: Json): Push {
  const { type } = message
  if (isOneOf(PUSH_TYPES, type)) return parsed<Push>(PUSHES[type], message, type)
  const known = [...ANSWER_TYPES, ...PUSH_TYPES].map((one) => `"${one}"`).join(', ')
  throw new BadLine(`"type" is ${JSON.stringify(type) ?? 'missing'}: one of ${known} was expected`)
}

/** The paths of fields that the protocol does not know: what the schema has dropped. */
export function unknownFields(raw: unknown, kept: unknown, path: readonly PropertyKey[] = []): string[] {
  if (typeof raw !== 'object' || raw === null || typeof kept !== 'object' || kept === null) return []
  return Object.entries(raw).flatMap(([key, value]) => {
    const here = [...path, Array.isArray(raw) ? Number(key) : key]
    return key in kept ? unknownFields(value, (kept as Json)[key], here) : [showPath(here)]
  })
}
