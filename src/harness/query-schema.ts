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
export const unanswered = z.strictObject({ reason: name })
