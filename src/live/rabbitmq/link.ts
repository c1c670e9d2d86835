/**
 * One AMQP connection, and how it ends: in good order, or torn off as if the process had died. There is no hidden reconnecting; who loses a
 * connection opens another, and knows it.
 */
import { Socket } from 'node:net'
import { connect, type Channel, type ChannelModel } from 'amqplib'
import { within } from '../waits.ts'
import { Gatherer } from './gatherer.ts'

/** Long enough for a busy broker; shorter than what a send waits for. */
export const CONNECT_MS = 2000
const CLOSE_MS = 2000
/** Connections to what is silently gone are noticed by then; the default of a minute is longer than a round. */
const HEARTBEAT_SECONDS = 10

/** Room for what many senders say at once; beyond it the library waits until all of it is written. */
const WRITE_BYTES = 1 << 20

/** What the server says about itself. */
export interface Server {
  readonly version: string
  readonly product: string
}

/** The address with a heartbeat, unless it has one. */
export function withHeartbeat(url: string): string {
  const address = new URL(url)
  if (!address.searchParams.has('heartbeat')) address.searchParams.set('heartbeat', String(HEARTBEAT_SECONDS))
  return address.href
}

/** A text for why a connection or a channel is gone. */
export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return error.message === '' ? code || error.name : error.message
}

export class Link {
  readonly model: ChannelModel
  readonly closed: Promise<void>
  /** What ended it, as far as it was told. */
  reason = ''
  private readonly cutter: AbortController
  private readonly gatherer: Gatherer | null

  private constructor(model: ChannelModel, cutter: AbortController) {
    this.model = model
    this.cutter = cutter
    // The library does not promise to show its socket.
    const socket = 'stream' in model.connection ? model.connection.stream : null
    this.gatherer = socket instanceof Socket ? new Gatherer(socket) : null
    this.note(model)
    this.closed = new Promise((resolve) => {
      model.once('close', () => {
        resolve()
      })
    })
  }

  /** @throws Error when there is no broker, or none that answers in time. */
  static async open(url: string, name: string, limitMs = CONNECT_MS): Promise<Link> {
    const cutter = new AbortController()
    // The signal goes on to the socket: it is the only way to tear a connection off without a farewell.
    const options = {
      signal: cutter.signal,
      timeout: limitMs,
      noDelay: true,
      writableHighWaterMark: WRITE_BYTES,
      clientProperties: { connection_name: name },
    }
    const opening = connect(withHeartbeat(url), options)
    try {
      return new Link(await within(limitMs, 'the AMQP handshake', opening, Error), cutter)
    } catch (error) {
      // A handshake that ends late has a connection that nobody wants.
      opening
        .catch(() => null)
        .finally(() => {
          cutter.abort()
        })
      cutter.abort()
      throw error
    }
  }

  get server(): Server {
    const { version, product } = this.model.connection.serverProperties
    return { version, product }
  }

  /** Something is about to be said on one of its channels. */
  gather(): void {
    this.gatherer?.begin()
  }

  /** Remembers the first error of the connection or of one of its channels. */
  note(source: ChannelModel | Channel): void {
    source.on('error', (error: Error) => {
      if (this.reason === '') this.reason = reasonOf(error)
    })
  }

  /** In good order; torn off if the broker does not answer. */
  async close(): Promise<void> {
    try {
      await within(CLOSE_MS, 'closing', this.model.close(), Error)
    } catch {
      this.abort()
    }
  }

  /** As if the process had died: the broker is told nothing. */
  abort(): void {
    this.cutter.abort()
  }
}
