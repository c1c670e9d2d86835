/**
 * Known failures: a list that a team keeps beside its pipeline, so that what has been looked at and accepted turns nothing red, what is
 * new does, and what no longer happens is said, for the list to be shortened.
 */
import { z } from 'zod'
import type { GuaranteeId } from '../../check/checker.ts'

export const KNOWN_FORMAT = 'mqproof-known/1'

const KnownFailure = z.strictObject({
  guarantee: z.string().min(1),
  /** The anomaly's name on the guarantee's page; any of the guarantee without it. */
  anomaly: z.string().min(1).optional(),
  reason: z.string().min(1),
})
export type KnownFailure = z.infer<typeof KnownFailure>

export const KnownFile = z.strictObject({ format: z.literal(KNOWN_FORMAT), failures: z.array(KnownFailure) })
export type KnownFile = z.infer<typeof KnownFile>

export class KnownFailures {
  private readonly entries: readonly KnownFailure[]
  private readonly occurred = new Set<KnownFailure>()
  private readonly unlisted = new Set<GuaranteeId>()

  constructor(entries: readonly KnownFailure[]) {
    this.entries = entries
  }

  /** Notes a violation; gives the reason why it is no news, or null. */
  note(guarantee: GuaranteeId, anomaly: string): string | null {
    const entry = this.entries.find((one) => one.guarantee === guarantee && (one.anomaly === undefined || one.anomaly === anomaly))
    if (entry === undefined) this.unlisted.add(guarantee)
    else this.occurred.add(entry)
    return entry?.reason ?? null
  }

  /** Every violation of this guarantee so far is listed. */
  covers(guarantee: string): boolean {
    return ![...this.unlisted].some((id) => id === guarantee)
  }

  get seen(): KnownFailure[] {
    return this.entries.filter((entry) => this.occurred.has(entry))
  }

  get gone(): KnownFailure[] {
    return this.entries.filter((entry) => !this.occurred.has(entry))
  }
}
