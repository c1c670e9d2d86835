/** The JSON documents of the commands about this machine: what it can do, and how brokers get onto it. */
import { z } from 'zod'

const text = z.string()

export const DoctorDocument = z.strictObject({
  mqproof: text,
  node: text,
  platform: text,
  kernel: text,
  machine: z.array(
    z.strictObject({
      id: text,
      /** What needs it. */
      purpose: text,
      /** Null: it is not here. */
      found: text.nullable(),
      /** What brings it here. */
      install: text,
    }),
  ),
  /** A power loss was tried. */
  powerLoss: z.strictObject({ works: z.boolean(), seen: text }),
  targets: z.array(z.strictObject({ id: text, title: text, missing: text.nullable() })),
})
export type DoctorDocument = z.infer<typeof DoctorDocument>

export const ProvisionDocument = z.strictObject({
  mqproof: text,
  broker: text,
  title: text,
  /** `present`: it was there already. `planned`: nothing was done. */
  outcome: z.enum(['present', 'planned', 'done', 'failed']),
  steps: z.array(z.strictObject({ title: text, command: text })),
  /** Why it failed; '' if it did not. */
  reason: text,
})
export type ProvisionDocument = z.infer<typeof ProvisionDocument>
