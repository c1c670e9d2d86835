/** A producer over the SDK, of a client for each topic. Retries are switched off: what a client is told is what the caller is told. */
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
  private readonly clients: ReadonlyMap<string, SdkProducer>
  /** For topics that were made later. */
  private readonly other: SdkProducer

  constructor(name: string, clients: ReadonlyMap<string, SdkProducer>, other: SdkProducer) {
    this.name = name
    this.clients = clients
    this.other = other
  }

  async send(message: Outgoing): Promise<SendResult> {
    try {
      await this.clientOf(message).send(this.made(message))
      return STORED
    } catch (error) {
      return resultOfError(error)
    }
  }

  async begin(message: Outgoing): Promise<HalfResult> {
    try {
      const client = this.clientOf(message)
      const transaction = client.beginTransaction()
      await client.send(this.made(message), transaction)
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

  async close(): Promise<void> {
    await Promise.all([...this.clients.values(), this.other].map(leave))
  }

  abort(): void {
    for (const client of [...this.clients.values(), this.other]) vanish(client)
  }

  private clientOf({ topic }: Outgoing): SdkProducer {
    return this.clients.get(topic) ?? this.other
  }

  private made({ topic, payload }: Outgoing): SdkOutgoing {
    return { topic, body: Buffer.from(payload), properties: new Map([[SENDER, this.name]]) }
  }
}
