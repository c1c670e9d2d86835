/** The schemas of what somebody looks for and of what he finds, as history files hold them. */
import { z } from 'zod'
import { QueryBy } from '../plan/plan.ts'

const name = z.string()
const whole = z.int()

export const asked = z.strictObject({
  topic: name,
  by: QueryBy,
  key: name,
  of: whole.optional(),
  sinceUs: whole,
  untilUs: whole,
  max: whole,
})
export const answered = z.strictObject({
  asked: z.array(name).readonly(),
  answers: z.array(z.strictObject({ broker: name, found: whole })).readonly(),
  messages: z
    .array(z.strictObject({ message: whole, topic: name, queue: name, offset: whole, broker: name, at: whole, storedUs: whole }))
    .readonly(),
})
const recalling = { topic: name, of: whole }
export const recall = z.strictObject({ ...recalling, broker: name, dueUs: whole })
export const recalled = z.strictObject(recalling)
export const notRecalled = z.strictObject({ ...recalling, reason: name })
const lagging = { group: name, topic: name }
export const lag = z.strictObject(lagging)
export const lagFound = z.strictObject({
  ...lagging,
  queues: z.array(z.strictObject({ queue: name, brokerOffset: whole, consumerOffset: whole })).readonly(),
})
export const lagUnknown = z.strictObject({ ...lagging, reason: name })
export const traceAsked = z.strictObject({ topic: name, msgId: name, of: whole })
export const traceFound = z.strictObject({
  asked: z.array(name).readonly(),
  answers: z.array(z.strictObject({ broker: name, found: whole })).readonly(),
  spans: z
    .array(
      z.strictObject({
        kind: z.enum(['Pub', 'SubBefore', 'SubAfter']),
        client: name,
        group: name,
        message: whole,
        delivery: whole,
        success: z.boolean(),
        toldUs: whole,
      }),
    )
    .readonly(),
})
export const unanswered = z.strictObject({ reason: name })
