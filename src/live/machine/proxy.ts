/**
 * A TCP proxy on loopback, whose faults are those of a link: bytes are swallowed, or held back in order. While a direction is cut neither
 * end learns anything of the other, not even that it has gone; a connection that lost something is reset once the link is whole, as no
 * stream can go on with a hole in it.
 */
import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import type { Direction, TcpProxy } from './machine.ts'
import { once } from './once.ts'
import { Lane, Pump } from './pump.ts'

class Connection {
  /** Something was swallowed: bytes, an end, or the wish to connect. */
  lost = false
  private readonly client: Socket
  private upstream: Socket | null = null

  constructor(client: Socket) {
    this.client = client
  }

  join(toPort: number, requests: Lane, responses: Lane): void {
    const upstream = connect({ port: toPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    this.upstream = upstream
    const swallowed = (): void => void (this.lost = true)
    new Pump(this.client, upstream, requests, swallowed)
    new Pump(upstream, this.client, responses, swallowed)
  }

  /** The link is cut: whatever the client says goes nowhere. */
  strand(): void {
    this.lost = true
    this.client.on('error', () => undefined)
    this.client.resume()
  }

  reset(): void {
    this.client.resetAndDestroy()
    this.upstream?.resetAndDestroy()
  }

  get closed(): boolean {
    return this.client.destroyed && (this.upstream?.destroyed ?? true)
  }
}

export class LoopProxy implements TcpProxy {
  readonly port: number
  private readonly toPort: number
  private readonly server: Server
  private readonly connections = new Set<Connection>()
  private readonly lanes = { requests: new Lane(), responses: new Lane() }

  static open(port: number, toPort: number): Promise<LoopProxy> {
    return new Promise((resolve, reject) => {
      const server = createServer({ allowHalfOpen: true, noDelay: true })
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => resolve(new LoopProxy(server, port, toPort)))
    })
  }

  private constructor(server: Server, port: number, toPort: number) {
    this.server = server
    this.port = port
    this.toPort = toPort
    server.on('connection', (client) => this.accept(client))
  }

  cut(direction: Direction, effect: () => void): () => void {
    const told = once(effect)
    const undo = this.apply(direction, (lane) => lane.cut(told))
    return () => {
      undo()
      this.resetLost()
    }
  }

  delay(direction: Direction, byMs: number, effect: () => void): () => void {
    const told = once(effect)
    return this.apply(direction, (lane) => lane.delay(byMs, told))
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve))
    for (const connection of this.connections) connection.reset()
    await closed
  }

  private apply(direction: Direction, begin: (lane: Lane) => () => void): () => void {
    const { requests, responses } = this.lanes
    const undo = (direction === 'both' ? [requests, responses] : [this.lanes[direction]]).map(begin)
    return () => {
      for (const one of undo) one()
    }
  }

  private accept(client: Socket): void {
    const connection = new Connection(client)
    this.connections.add(connection)
    const { requests, responses } = this.lanes
    // To connect takes a message each way.
    const swallowed = requests.swallows() || responses.swallows()
    if (swallowed) connection.strand()
    else connection.join(this.toPort, requests, responses)
    client.once('close', () => this.forget())
  }

  private forget(): void {
    for (const connection of this.connections) if (connection.closed && !connection.lost) this.connections.delete(connection)
  }

  private resetLost(): void {
    if (this.lanes.requests.isCut || this.lanes.responses.isCut) return
    for (const connection of this.connections) if (connection.lost) connection.reset()
    for (const connection of this.connections) if (connection.lost) this.connections.delete(connection)
  }
}
