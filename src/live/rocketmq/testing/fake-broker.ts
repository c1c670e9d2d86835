/** A broker that answers as it is told to, on loopback: what drivers do with each answer can be tested without Java. */
import { createServer, type Server, type Socket } from 'node:net'
import { pause } from '../../waits.ts'
import { encodeFrame, FrameReader, RESPONSE_FLAG, type Frame } from '../remoting/frame.ts'
import { fieldsOf } from '../remoting/fields.ts'

export interface Reply {
  readonly code?: number
  readonly remark?: string
  readonly fields?: Readonly<Record<string, string | number>>
  readonly body?: Buffer
}
/** Null: no answer at all. */
export type Handler = (frame: Frame) => Reply | null

export class FakeBroker {
  /** Everything that was asked, in order. */
  readonly asked: Frame[] = []
  readonly sockets = new Set<Socket>()
  readonly port: number
  private readonly server: Server

  private constructor(server: Server, port: number, handlers: ReadonlyMap<number, Handler>) {
    this.server = server
    this.port = port
    server.on('connection', (socket) => {
      this.sockets.add(socket)
      const reader = new FrameReader()
      socket.on('close', () => this.sockets.delete(socket))
      socket.on('error', () => undefined)
      socket.on('data', (chunk) => {
        for (const frame of reader.push(chunk)) this.take(frame, socket, handlers)
      })
    })
  }

  /** What has no handler is answered with code 0. */
  static start(handlers: ReadonlyMap<number, Handler> = new Map(), port = 0): Promise<FakeBroker> {
    return new Promise((resolve) => {
      const server = createServer()
      server.listen(port, '127.0.0.1', () => {
        const address = server.address()
        if (address === null || typeof address === 'string') throw new Error('a server without a port')
        resolve(new FakeBroker(server, address.port, handlers))
      })
    })
  }

  get address(): { host: string; port: number } {
    return { host: '127.0.0.1', port: this.port }
  }

  of(code: number): Frame[] {
    return this.asked.filter((frame) => frame.code === code)
  }

  /** A request of the broker's own. */
  tell(code: number, fields: Readonly<Record<string, string | number>>, body: Buffer): void {
    for (const socket of this.sockets) socket.write(encodeFrame(code, 2, 1, fieldsOf(fields), body))
  }

  /** Ends every connection, as a kill does. */
  drop(): void {
    for (const socket of this.sockets) socket.destroy()
  }

  close(): Promise<void> {
    this.drop()
    return new Promise((resolve) => this.server.close(() => resolve()))
  }

  private take(frame: Frame, socket: Socket, handlers: ReadonlyMap<number, Handler>): void {
    this.asked.push(frame)
    const handler = handlers.get(frame.code)
    const reply: Reply | null = handler === undefined ? {} : handler(frame)
    if (reply === null || (frame.flag & 2) !== 0) return
    socket.write(answerFrame(reply, frame.opaque))
  }
}

/** Unlike a request's, an answer's header may have a remark. */
function answerFrame({ code = 0, remark = '', fields = {}, body = Buffer.alloc(0) }: Reply, opaque: number): Buffer {
  const header = Buffer.from(
    JSON.stringify({ code, flag: RESPONSE_FLAG, opaque, remark, extFields: JSON.parse(fieldsOf(fields)) as unknown }),
  )
  const lengths = Buffer.alloc(8)
  lengths.writeInt32BE(4 + header.length + body.length, 0)
  lengths.writeInt32BE(header.length, 4)
  return Buffer.concat([lengths, header, body])
}

/** Waits for what happens soon; a test that waits longer has failed. */
export async function soon(condition: () => boolean, limitMs = 2000): Promise<void> {
  const limit = performance.now() + limitMs
  while (!condition()) {
    if (performance.now() > limit) throw new Error(`it did not happen in ${limitMs} ms`)
    await pause(5)
  }
}
