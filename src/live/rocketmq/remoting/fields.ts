/** Header fields: all of them are texts on the wire. */
import { ProtocolError, type Frame } from './frame.ts'
import { responseName } from './codes.ts'

/** extFields of a request that is not sent by the thousand. */
export function fieldsOf(fields: Readonly<Record<string, string | number | boolean>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)])))
}

/** @throws ProtocolError */
export function numberField(frame: Frame, name: string): number {
  const text = frame.fields[name]
  const value = text === null || text === undefined || text === '' ? Number.NaN : Number(text)
  if (!Number.isSafeInteger(value)) throw new ProtocolError(`an answer whose ${name} is ${JSON.stringify(text ?? null)}`)
  return value
}

/** A request that the broker refused, in its own words. */
export class Refused extends Error {
  override name = 'Refused'
  readonly code: number
  /** What the broker adds to its code. */
  readonly remark: string

  constructor(what: string, { code, remark }: Frame) {
    // A remark may carry a Java stack trace: its first line says it.
    super(`${what}: ${responseName(code)}${remark === '' ? '' : ` (${remark.split('\n')[0]?.slice(0, 200) ?? ''})`}`)
    this.code = code
    this.remark = remark
  }
}

/** @throws Refused unless the answer's code is 0. */
export function accepted(what: string, frame: Frame): Frame {
  if (frame.code !== 0) throw new Refused(what, frame)
  return frame
}
