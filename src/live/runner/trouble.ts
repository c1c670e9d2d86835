/** The one place where trouble ends a round. */
import { messageOf } from '../../plan/message-of.ts'
import { BrokerDown, TargetBroken } from '../target.ts'

/** The first thing that makes it pointless to go on. Whoever meets it raises it; who leads the round hears of it wherever it waits. */
export class Trouble {
  /** Whoever still waits for something may stop. */
  raised = false
  private error: unknown = null
  private readonly signal: AbortSignal | undefined
  private readonly happened: Promise<void>
  private tell: () => void = () => undefined

  constructor(signal: AbortSignal | undefined) {
    this.signal = signal
    this.happened = new Promise((resolve) => {
      this.tell = resolve
    })
    signal?.addEventListener('abort', this.onAbort, { once: true })
  }

  private readonly onAbort = (): void => this.first(this.signal?.reason)

  private first(error: unknown): void {
    if (this.raised) return
    this.raised = true
    this.error = error
    this.tell()
  }

  /** What a target rejects with, other than what it may, is a fault of the target. */
  readonly raise = (error: unknown): void => {
    this.first(error instanceof BrokerDown || error instanceof TargetBroken ? error : new TargetBroken(messageOf(error)))
  }

  /** @throws the trouble, as soon as there is some. */
  async or<T>(work: Promise<T>): Promise<T> {
    await Promise.race([work, this.happened])
    if (this.raised) throw this.error
    return work
  }

  /** No longer listens to the signal. */
  forget(): void {
    this.signal?.removeEventListener('abort', this.onAbort)
  }
}
