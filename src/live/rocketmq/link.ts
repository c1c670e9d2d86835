/** A client's way to the broker: one connection, which is made anew, when there is something to say, after it has ended. */
import { openConnection, type Connection, type OnRequest } from './remoting/connection.ts'

export interface Address {
  readonly host: string
  readonly port: number
}

/** Where a broker is of which several processes are replicas: at its master. */
export interface Whereabouts {
  /** As far as is known; another object means that clients move there with their next request. */
  readonly latest: Address | null
  /** Asks anew. @throws ConnectionRefused where nobody knows a master */
  find(): Promise<Address>
}

export interface LinkOptions {
  readonly address: Address | Whereabouts
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
  private connectedTo: Address | null = null
  private closed = false

  constructor(options: LinkOptions) {
    this.options = options
  }

  /** The connection, if there is a living one to where the broker is. */
  get current(): Connection | null {
    const { address } = this.options
    const moved = 'find' in address && address.latest !== this.connectedTo
    return this.connection?.ended === null && !moved ? this.connection : null
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
    const there = 'find' in address ? await address.find() : address
    const made = await openConnection(there.host, there.port, connectMs, onRequest ?? (() => undefined))
    // Whoever was closed meanwhile has nobody left to connect for.
    if (this.closed) made.destroy()
    else {
      this.connection?.destroy()
      this.connection = made
      this.connectedTo = there
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
