/**
 * A producer over remoting. It sends each message once and tells what came back: nothing is tried again behind the caller's back, so a
 * lost answer is seen as what it is.
 */
import { randomBytes } from 'node:crypto'
import { TargetBroken, type HalfResult, type Outgoing, type Producer, type ProducerEvents, type SendResult } from '../target.ts'
import type { TxnOutcome } from '../../plan/plan.ts'
import { Link, type Address, type Whereabouts } from './link.ts'
import { REQUEST } from './remoting/codes.ts'
import { ConnectionLost, ConnectionRefused, isOutage, TimedOut, type Connection } from './remoting/connection.ts'
import { ProtocolError, type Frame } from './remoting/frame.ts'
import { decodeRecords } from './remoting/record.ts'
import {
  announceProducer,
  endTransaction,
  halfOfCheck,
  sendMessage,
  sendOneway,
  type Half,
  type SendAnswer,
  type SendRequest,
} from './remoting/sends.ts'

export interface ProducerOptions {
  readonly name: string
  readonly group: string
  readonly broker: string
  readonly address: Address | Whereabouts
  readonly sendTimeoutMs: number
  /** The number of queues of a topic. */
  readonly queuesOf: (topic: string) => number
}

/** Statuses under which the message is not stored, and never will be (RMQ-055, RML-063). */
const NEVER_STORED: readonly string[] = ['SYSTEM_BUSY', 'MESSAGE_ILLEGAL', 'SERVICE_NOT_AVAILABLE', 'NO_PERMISSION', 'TOPIC_NOT_EXIST']
/** How often a group is announced again, and a lost connection made anew, so that the broker finds somebody to ask. */
const ANNOUNCE_MS = 2000

const NOWHERE = { queue: -1, offset: -1, at: -1 } as const

/** What became of a request that got no answer. @throws TargetBroken when the driver or the broker lost its way */
export function resultWithoutAnswer(error: unknown): SendResult {
  if (error instanceof ConnectionRefused) return { type: 'fail', status: 'CONNECTION_REFUSED' }
  if (error instanceof ConnectionLost) return { type: 'info', status: 'CONNECTION_LOST' }
  if (error instanceof TimedOut) return { type: 'info', status: 'TIMEOUT' }
  if (error instanceof ProtocolError) throw new TargetBroken(`the broker's answer is not understood: ${error.message}`)
  throw error
}

export class RemotingProducer implements Producer {
  private readonly link: Link
  private readonly options: ProducerOptions
  private readonly events: ProducerEvents
  private readonly keyPrefix = randomBytes(12).toString('hex').toUpperCase()
  private readonly announcing: NodeJS.Timeout
  private sent = 0
  private turn = 0

  constructor(options: ProducerOptions, events: ProducerEvents) {
    this.options = options
    this.events = events
    this.link = new Link({
      address: options.address,
      connectMs: options.sendTimeoutMs,
      greet: (connection) => {
        this.announce(connection)
      },
      onRequest: (frame, connection) => {
        this.asked(frame, connection)
      },
    })
    this.announcing = setInterval(() => {
      void this.stayKnown()
    }, ANNOUNCE_MS)
  }

  /** Connects and announces itself, if the broker is there. */
  async stayKnown(): Promise<void> {
    const known = this.link.current
    if (known !== null) return this.announce(known)
    try {
      await this.link.open()
    } catch (error) {
      if (!isOutage(error)) throw error
    }
  }

  async send(message: Outgoing): Promise<SendResult> {
    const request = this.requestFor(message, false)
    try {
      const connection = this.link.current ?? (await this.link.open())
      if (message.mode === 'oneway') {
        sendOneway(connection, request)
        return { type: 'info', status: 'ONEWAY' }
      }
      return this.resultOf(await sendMessage(connection, request, this.options.sendTimeoutMs))
    } catch (error) {
      return resultWithoutAnswer(error)
    }
  }

  async begin(message: Outgoing): Promise<HalfResult> {
    const request = this.requestFor(message, true)
    try {
      const connection = this.link.current ?? (await this.link.open())
      const answer = await sendMessage(connection, request, this.options.sendTimeoutMs)
      const result = this.resultOf(answer)
      if (answer.place === null) return { result, handle: null }
      const { offset, at } = answer.place
      const handle: Half = { topic: message.topic, offset, at, uniqueKey: request.uniqueKey }
      // The half lies in an internal queue: where the message will lie, nobody knows yet.
      return { result: result.type === 'ok' ? { ...result, shown: { ...NOWHERE, at, broker: this.options.broker } } : result, handle }
    } catch (error) {
      return { result: resultWithoutAnswer(error), handle: null }
    }
  }

  end({ handle }: HalfResult, outcome: TxnOutcome): Promise<void> {
    const connection = this.link.current
    // An end that can't be said is asked for later (RMQ-127).
    if (handle !== null && connection !== null) endTransaction(connection, this.options.group, handle as Half, outcome, false)
    return Promise.resolve()
  }

  close(): Promise<void> {
    clearInterval(this.announcing)
    this.link.close()
    return Promise.resolve()
  }

  abort(): void {
    clearInterval(this.announcing)
    this.link.destroy()
  }

  private requestFor(message: Outgoing, half: boolean): SendRequest {
    const { topic, queue, payload, delayLevel = 0, delayMs, tag, properties } = message
    const { group, broker } = this.options
    const uniqueKey = this.keyPrefix + (++this.sent).toString(16).toUpperCase().padStart(8, '0')
    const until = delayMs === undefined ? undefined : { deliverAtMs: Date.now() + delayMs }
    const delay = delayLevel > 0 ? { level: delayLevel } : until
    const place = { producerGroup: group, broker, topic, queue: queue ?? this.chooseQueue(topic) }
    return { ...place, uniqueKey, half, delay, tag, properties, body: payload }
  }

  /** In turn, as RMQ-084. */
  private chooseQueue(topic: string): number {
    return this.turn++ % this.options.queuesOf(topic)
  }

  private resultOf({ status, place }: SendAnswer): SendResult {
    if (status === 'SEND_OK' && place !== null) return { type: 'ok', status, shown: { ...place, broker: this.options.broker } }
    return NEVER_STORED.includes(status) ? { type: 'fail', status } : { type: 'info', status }
  }

  private announce(connection: Connection): void {
    const { name, group, sendTimeoutMs } = this.options
    // Whatever goes wrong with it has ended the connection, or is made good by the next announcement.
    announceProducer(connection, `${name}@${this.keyPrefix}`, group, sendTimeoutMs).catch(() => undefined)
  }

  private asked(frame: Frame, connection: Connection): void {
    if (frame.code !== REQUEST.checkTransaction) return
    const [message] = decodeRecords(frame.body)
    if (message === undefined) throw new ProtocolError('a check without its message')
    endTransaction(connection, this.options.group, halfOfCheck(frame, message.topic), this.events.check(message.body), true)
  }
}
