/** A producer of the SDK. Its retries are switched off: what it is told is what the caller is told. */
import type { TxnOutcome } from '../../../plan/plan.ts'
import type { HalfResult, Outgoing, Producer, SendResult } from '../../target.ts'
import { BROKER } from '../config.ts'
import { leave, vanish } from './lifecycle.ts'
import type { SdkOutgoing, SdkProducer, SdkTransaction } from './module.ts'
import { resultOfError } from './status.ts'

/** The property by which a check finds who sent the message. */
export const SENDER = 'mqproof_sender'

/** Topics have one queue, and the receipt says no more than that it is stored (RML-025). */
const STORED: SendResult = { type: 'ok', status: 'OK', shown: { queue: 0, offset: -1, at: -1, broker: BROKER } }

export class ProxyProducer implements Producer {
  private readonly name: string
  private readonly client: SdkProducer

  constructor(name: string, client: SdkProducer) {
    this.name = name
    this.client = client
  }

  async send(message: Outgoing): Promise<SendResult> {
    try {
      await this.client.send(this.made(message))
      return STORED
    } catch (error) {
      return resultOfError(error)
    }
  }

  async begin(message: Outgoing): Promise<HalfResult> {
    try {
      const transaction = this.client.beginTransaction()
      await this.client.send(this.made(message), transaction)
      return { result: STORED, handle: transaction }
    } catch (error) {
      return { result: resultOfError(error), handle: null }
    }
  }

  /** The library can't say that the outcome is not known: then it says nothing, and is asked. */
  async end({ handle }: HalfResult, outcome: TxnOutcome): Promise<void> {
    if (handle === null || outcome === 'unknown') return
    const transaction = handle as SdkTransaction
    // An end that does not arrive is asked for later (RMQ-127).
    await (outcome === 'commit' ? transaction.commit() : transaction.rollback()).catch(() => undefined)
  }

  close(): Promise<void> {
    return leave(this.client)
  }

  abort(): void {
    vanish(this.client)
  }

  private made({ topic, payload }: Outgoing): SdkOutgoing {
    return { topic, body: Buffer.from(payload), properties: new Map([[SENDER, this.name]]) }
  }
}
