/**
 * A producer: one connection with one channel in confirm mode. Every publish gets an ack or a nack, or its connection goes, and then nobody
 * can say. A lost connection is opened again for the next send, never behind its back, and nothing is ever sent a second time.
 */
import { IllegalOperationError, type ConfirmChannel } from 'amqplib'
import type { Outgoing, Producer, SendResult, Shown } from '../target.ts'
import { BROKER } from './config.ts'
import { Link, reasonOf } from './link.ts'

export const ACK = 'ACK'

export interface ProducerOptions {
  readonly name: string
  readonly persistent: boolean
  readonly url: () => Promise<string>
  /** How many queues a topic has. */
  readonly queuesOf: (topic: string) => number
}

interface Session {
  readonly link: Link
  readonly channel: ConfirmChannel
  /** Messages that came back because no queue would have them; their ack follows (RAB-004). */
  readonly returned: Set<string>
}

const shown = (queue: number): Shown => ({ queue, offset: -1, at: -1, broker: BROKER })
/** AMQP wants a Buffer; this one shares the bytes. */
const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, byteLength)

/** After a connection that could not be made the next is not tried at once; what is sent in the meantime fails for the same reason. */
const RECONNECT_MS = 100
const ONEWAY: SendResult = { type: 'info', status: 'ONEWAY' }

/** How the client library says that a nack came. */
const NACKED = 'message nacked'

/** What the end of a publish says. `error` is null for an ack; `reason` is why the connection was lost, where it was. */
export function outcomeOf(error: unknown, returned: boolean, queue: number, reason: string): SendResult {
  if (error === null) return returned ? { type: 'fail', status: 'NO_ROUTE' } : { type: 'ok', status: ACK, shown: shown(queue) }
  // A nack says that one of several queues did not take it; the others may keep it (RAB-005).
  if (reasonOf(error) === NACKED) return { type: 'info', status: 'NACK' }
  return { type: 'info', status: reason === '' ? 'the connection was lost' : `the connection was lost: ${reason}` }
}

export class RabbitmqProducer implements Producer {
  private readonly options: ProducerOptions
  private session: Session | null = null
  private opening: Promise<Session> | null = null
  private ended = false
  private published = 0

  constructor(options: ProducerOptions) {
    this.options = options
  }

  send(message: Outgoing): Promise<SendResult> {
    if (this.session !== null) return this.publish(this.session, message)
    return this.connected().then(
      (session) => this.publish(session, message),
      (error: unknown): SendResult => ({ type: 'fail', status: `not connected: ${reasonOf(error)}` }),
    )
  }

  /** Opens the connection before it is needed. A broker that is down now may be up at the first send. */
  async open(): Promise<void> {
    await this.connected().catch(() => null)
  }

  async close(): Promise<void> {
    this.ended = true
    const link = this.session?.link ?? (await this.opening?.catch(() => null))?.link
    await link?.close()
  }

  abort(): void {
    this.ended = true
    this.session?.link.abort()
    this.opening?.then(({ link }) => {
      link.abort()
    }, ignore)
  }

  private connected(): Promise<Session> {
    if (this.ended) return Promise.reject(new Error('the producer is closed'))
    if (this.opening !== null) return this.opening
    const opening = this.connect()
    this.opening = opening
    opening.then(
      (session) => {
        this.session = session
      },
      () => {
        setTimeout(() => {
          this.opening = null
        }, RECONNECT_MS).unref()
      },
    )
    return opening
  }

  private async connect(): Promise<Session> {
    const { name, url } = this.options
    const link = await Link.open(await url(), name)
    try {
      const channel = await link.model.createConfirmChannel()
      const session: Session = { link, channel, returned: new Set() }
      link.note(channel)
      channel.on('return', ({ properties }) => {
        session.returned.add(String(properties.messageId))
      })
      // With its channel a connection has lost its use.
      channel.once('close', () => {
        this.session = null
        this.opening = null
        link.abort()
      })
      return session
    } catch (error) {
      link.abort()
      throw error
    }
  }

  private publish(session: Session, { topic, queue: wanted, payload, mode }: Outgoing): Promise<SendResult> {
    const id = String(this.published++)
    const queue = wanted ?? this.published % this.options.queuesOf(topic)
    const properties = { persistent: this.options.persistent, mandatory: true, messageId: id }
    return new Promise((resolve) => {
      try {
        session.link.gather()
        session.channel.publish(topic, String(queue), bufferOf(payload), properties, (error: unknown) => {
          resolve(outcomeOf(error, session.returned.delete(id), queue, session.link.reason))
        })
        if (mode === 'oneway') resolve(ONEWAY)
      } catch (error) {
        // The channel was closed before anything was written.
        if (!(error instanceof IllegalOperationError)) throw error
        resolve({ type: 'fail', status: 'the channel is closed' })
      }
    })
  }
}

const ignore = (): void => undefined
