/**
 * A broker may have lost what a group is still waited for, and then the whole limit would pass in vain. Where queues can be read, somebody looks:
 * what was in a queue, and is in none any more, does not come. That the round has come to rest otherwise, sentinels say, as ever.
 */
import { readerOf, storedMessages } from './audit.ts'
import type { RoundContext } from './context.ts'

/** A broker that has everything takes less than this to give it out: then nobody need look. */
const LOOK_AFTER_MS = 1000

export class Losses {
  private readonly context: RoundContext
  /** Since when nothing but messages is waited for. */
  private sinceMs: number | null = null
  private look: Promise<void> | null = null

  constructor(context: RoundContext) {
    this.context = context
  }

  /** Every sentinel has come, and clients have nothing to do; called again and again. It looks once. */
  rested(nowMs: number): void {
    this.sinceMs ??= nowMs
    if (this.look !== null || nowMs - this.sinceMs < LOOK_AFTER_MS) return
    this.look = this.forgetGone()
    this.look.catch(this.context.trouble.raise)
  }

  /** Nobody looks any more. */
  async over(): Promise<void> {
    await this.look
  }

  private async forgetGone(): Promise<void> {
    const { target, outstanding } = this.context
    const read = readerOf(target)
    if (read === null) return
    const stored = await storedMessages(this.context, read)
    outstanding.forgetGone((message) => stored.has(message))
  }
}
