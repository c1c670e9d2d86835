/**
 * One TCP connection to a broker or a NameServer. Each request ends in exactly one way: its answer, the end of its time, or the end of the
 * connection; nothing is sent twice.
 */
import { connect, type Socket } from 'node:net'
import { encodeFrame, FrameReader, ONEWAY_FLAG, ProtocolError, RESPONSE_FLAG, type Frame } from './frame.ts'
import { Wheel } from './wheel.ts'

/** Nothing was sent. */
export class ConnectionRefused extends Error {
  override name = 'ConnectionRefused'
}
/** The connection ended before the answer: nobody knows whether the request arrived. */
export class ConnectionLost extends Error {
  override name = 'ConnectionLost'
}
/** No answer in time: nobody knows whether the request arrived, and it still may. */
export class TimedOut extends Error {
  override name = 'TimedOut'
}

/** Is this something that brokers under fault do, or is the driver itself at a loss? */
export const isOutage = (error: unknown): boolean =>
  error instanceof ConnectionRefused || error instanceof ConnectionLost || error instanceof TimedOut

interface Waiter {
  resolve(frame: Frame): void
  reject(error: Error): void
}

/** Requests that the broker sends on its own. */
export type OnRequest = (frame: Frame, connection: Connection) => void

const OPAQUE_MAX = 0x7fffffff

/** @throws ConnectionRefused */
export function openConnection(host: string, port: number, limitMs: number, onRequest: OnRequest): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true })
    const fail = (why: string): void => {
      clearTimeout(timer)
      socket.destroy()
      reject(new ConnectionRefused(`${host}:${port}: ${why}`))
    }
    const timer = setTimeout(() => {
      fail(`no connection in ${limitMs} ms`)
    }, limitMs)
    socket.once('error', (error) => {
      fail(error.message)
    })
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.removeAllListeners('error')
      resolve(new Connection(socket, onRequest))
    })
  })
}

export class Connection {
  /** Answers that nobody waited for any more. */
  late = 0
  /** Why it ended, or null while it lives. */
  ended: Error | null = null
  private readonly waiters = new Map<number, Waiter>()
  private readonly reader = new FrameReader()
  private readonly deadlines: Wheel<number>
  private opaque = 0
  private outgoing: Buffer[] = []

  private readonly socket: Socket
  private readonly onRequest: OnRequest

  constructor(socket: Socket, onRequest: OnRequest) {
    this.socket = socket
    this.onRequest = onRequest
    this.deadlines = new Wheel((opaque) => {
      this.settle(opaque)?.reject(new TimedOut('no answer in time'))
    })
    socket.on('data', (chunk: Buffer) => {
      this.read(chunk)
    })
    socket.on('error', (error) => {
      this.end(new ConnectionLost(error.message))
    })
    socket.on('close', () => {
      this.end(new ConnectionLost('closed by the other end'))
    })
  }

  /** @throws ConnectionLost, TimedOut, ProtocolError */
  request(code: number, fields: string, body: Uint8Array | null, timeoutMs: number): Promise<Frame> {
    return new Promise((resolve, reject) => {
      if (this.ended !== null) {
        reject(this.ended)
        return
      }
      const opaque = this.nextOpaque()
      this.waiters.set(opaque, { resolve, reject })
      this.deadlines.add(opaque, timeoutMs)
      this.write(encodeFrame(code, 0, opaque, fields, body))
    })
  }

  oneway(code: number, fields: string, body: Uint8Array | null): void {
    if (this.ended === null) this.write(encodeFrame(code, ONEWAY_FLAG, this.nextOpaque(), fields, body))
  }

  /** Sends what is written, and says goodbye. */
  close(): void {
    this.flush()
    this.socket.end()
    this.end(new ConnectionLost('closed'))
  }

  /** As if the process had died. */
  destroy(): void {
    this.outgoing = []
    this.socket.destroy()
    this.end(new ConnectionLost('closed'))
  }

  private nextOpaque(): number {
    this.opaque = this.opaque >= OPAQUE_MAX ? 1 : this.opaque + 1
    return this.opaque
  }

  /** What is written in one turn of the event loop goes out together. */
  private write(frame: Buffer): void {
    if (this.outgoing.push(frame) === 1)
      setImmediate(() => {
        this.flush()
      })
  }

  private flush(): void {
    const frames = this.outgoing
    this.outgoing = []
    const [first] = frames
    if (first !== undefined) this.socket.write(frames.length === 1 ? first : Buffer.concat(frames))
  }

  private settle(opaque: number): Waiter | undefined {
    const waiter = this.waiters.get(opaque)
    this.waiters.delete(opaque)
    return waiter
  }

  private read(chunk: Buffer): void {
    // What comes after the end, or after nonsense, is not looked at.
    if (this.ended !== null) return
    try {
      for (const frame of this.reader.push(chunk)) this.take(frame)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      this.socket.destroy()
      this.end(error)
    }
  }

  private take(frame: Frame): void {
    if ((frame.flag & RESPONSE_FLAG) === 0) {
      this.onRequest(frame, this)
      return
    }
    const waiter = this.settle(frame.opaque)
    if (waiter === undefined) this.late++
    else waiter.resolve(frame)
  }

  private end(why: Error): void {
    if (this.ended !== null) return
    this.ended = why
    this.deadlines.stop()
    const waiters = [...this.waiters.values()]
    this.waiters.clear()
    for (const waiter of waiters) waiter.reject(why)
  }
}
