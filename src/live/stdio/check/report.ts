/** What `--check-adapter` tells the author of an adapter: step by step what is right, what is wrong, and what a missing capability costs. */
import { z } from 'zod'

export const Finding = z.strictObject({
  /** A warning harms nobody, but may not be meant. */
  level: z.enum(['ok', 'warning', 'error']),
  /** What was being looked at: "send". */
  step: z.string(),
  message: z.string(),
})
export type Finding = z.infer<typeof Finding>

export const AdapterReport = z.strictObject({
  command: z.string(),
  /** No errors: what it says can be relied on. */
  ok: z.boolean(),
  findings: z.array(Finding),
})
export type AdapterReport = z.infer<typeof AdapterReport>

const MARKS = { ok: 'ok     ', warning: 'warning', error: 'ERROR  ' } as const

export function showAdapterReport({ command, ok, findings }: AdapterReport): string {
  const width = findings.reduce((most, { step }) => Math.max(most, step.length), 0)
  const lines = findings.map(({ level, step, message }) => `  ${MARKS[level]}  ${step.padEnd(width)}  ${message}`)
  const errors = findings.filter(({ level }) => level === 'error').length
  const verdict = ok
    ? 'It speaks the protocol: what mqproof says about its broker can be relied on.'
    : `${errors} ${errors === 1 ? 'thing is' : 'things are'} wrong: until that is mended, mqproof can say nothing about its broker.`
  return [`${command}`, ...lines, '', verdict, 'The protocol: spec/adapter-protocol.md', ''].join('\n')
}
