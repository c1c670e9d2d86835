/** A client's way to the broker: one connection, which is made anew, when there is something to say, after it has ended. */
import { openConnection, type Connection, type OnRequest } from './remoting/connection.ts'

export interface Address {
  readonly host: string
  readonly port: number
}

export interface LinkOptions {
  readonly address: Address
  /** RMQ-080: how long connecting may take. */
  readonly connectMs: number
  readonly onRequest?: OnRequest
  /** Said first on each connection; whether it arrived is the business of whoever says it. */
  readonly greet?: (connection: Connection) => void
}

export class Link {
  private readonly options: LinkOptions
  private opening: Promise<Connection> | null = null
  private connection: Connection | null = null
  private closed = false

  constructor(options: LinkOptions) {
    this.options = options
  }

  /** The connection, if there is a living one. */
  get current(): Connection | null {
    return this.connection?.ended === null ? this.connection : null
  }

  /** @throws ConnectionRefused */
  async open(): Promise<Connection> {
    const living = this.current
    if (living !== null) return living
    this.opening ??= this.make().finally(() => {
      this.opening = null
    })
    return this.opening
  }

  private async make(): Promise<Connection> {
    const { address, connectMs, onRequest, greet } = this.options
    const made = await openConnection(address.host, address.port, connectMs, onRequest ?? (() => undefined))
    // Whoever was closed meanwhile has nobody left to connect for.
    if (this.closed) made.destroy()
    else {
      this.connection = made
      greet?.(made)
    }
    return made
  }

  close(): void {
    this.closed = true
    this.connection?.close()
  }

  destroy(): void {
    this.closed = true
    this.connection?.destroy()
  }
}
