/** The proxy: without faults it can't be told from the wire; with them it does what a link does, and nothing else. */
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Ports, portRange } from './ports.ts'
import { LoopProxy } from './proxy.ts'

const ports = new Ports()
let server: Server
let proxy: LoopProxy
let accepted: Socket[]
let clients: Socket[]

beforeEach(async () => {
  accepted = []
  clients = []
  server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted.push(socket)
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  proxy = await LoopProxy.open(await ports.next(), (server.address() as AddressInfo).port)
})
afterEach(async () => {
  await proxy.close()
  for (const socket of [...accepted, ...clients]) socket.destroy()
  await new Promise((resolve) => server.close(resolve))
})

/** A client, what it got, and how it ended. */
class Client {
  readonly socket = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true })
  readonly got: string[] = []
  readonly seen: string[] = []

  constructor() {
    clients.push(this.socket)
    this.socket.setEncoding('utf8').on('data', (text: string) => this.got.push(text))
    this.socket.on('error', (error: NodeJS.ErrnoException) => this.seen.push(error.code ?? ''))
    this.socket.on('end', () => this.seen.push('end'))
  }

  get text(): string {
    return this.got.join('')
  }
}

async function until(done: () => boolean): Promise<void> {
  for (let i = 0; i < 2_000 && !done(); i++) await sleep(5)
  expect(done()).toBe(true)
}

const echo = (): void => void server.on('connection', (socket) => socket.on('data', (bytes) => socket.write(bytes)))

describe('a whole link', () => {
  it('passes bytes both ways, unchanged and in order', async () => {
    server.on('connection', (socket) => socket.pipe(socket))
    const sent = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => (i * 7 + (i >> 8)) & 255))
    const back: Buffer[] = []
    const socket = connect({ port: proxy.port, host: '127.0.0.1' })
    clients.push(socket)
    socket.on('data', (bytes) => back.push(bytes))
    socket.end(sent)
    await new Promise((resolve) => socket.once('end', resolve))
    expect(Buffer.concat(back).equals(sent)).toBe(true)
  })

  it('keeps half of a connection open when the other half ends', async () => {
    server.on('connection', (socket) => {
      socket.resume()
      socket.on('end', () => setTimeout(() => socket.end('answer'), 20))
    })
    const client = new Client()
    client.socket.end('question')
    await until(() => client.seen.includes('end'))
    expect(client.text).toBe('answer')
  })

  it('makes a fast sender wait for a slow reader', async () => {
    const client = new Client()
    await until(() => accepted.length === 1)
    const block = Buffer.alloc(1_000_000)
    for (let i = 0; i < 64; i++) client.socket.write(block)
    await sleep(150)
    // Nobody reads, and what the kernel and the proxy hold is bounded.
    expect(client.socket.writableLength).toBeGreaterThan(32_000_000)
    let read = 0
    accepted[0]?.on('data', (bytes) => (read += bytes.length))
    await until(() => read === 64_000_000)
  })

  it('passes a reset on', async () => {
    const client = new Client()
    await until(() => accepted.length === 1)
    accepted[0]?.resetAndDestroy()
    await until(() => client.seen.includes('ECONNRESET'))
  })

  it('resets who connects when nobody listens behind it', async () => {
    const lonely = await LoopProxy.open(await ports.next(), 1)
    const socket = connect({ port: lonely.port, host: '127.0.0.1' })
    const code = await new Promise((resolve) => socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code)))
    expect(code).toBe('ECONNRESET')
    await lonely.close()
  })
})

describe('a cut', () => {
  it('swallows both ways, and resets what lost something when it ends', async () => {
    echo()
    const client = new Client()
    const idle = new Client()
    client.socket.write('a')
    await until(() => client.text === 'a')
    await until(() => accepted.length === 2)
    const effects: string[] = []
    const undo = proxy.cut('both', () => effects.push('cut'))
    await sleep(20)
    expect(effects).toEqual([])
    client.socket.write('b')
    client.socket.write('c')
    await until(() => effects.length > 0)
    await sleep(20)
    expect([client.text, client.seen]).toEqual(['a', []])
    undo()
    await until(() => client.seen.includes('ECONNRESET'))
    expect(effects).toEqual(['cut'])
    idle.socket.write('still here')
    await until(() => idle.text === 'still here')
  })

  it('of one direction lets the other pass', async () => {
    const client = new Client()
    const heard: string[] = []
    server.on('connection', (socket) => socket.on('data', (bytes) => heard.push(bytes.toString())))
    client.socket.write('a')
    await until(() => heard.length === 1)
    const undo = proxy.cut('responses', () => undefined)
    client.socket.write('b')
    await until(() => heard.join('') === 'ab')
    accepted[0]?.write('lost')
    await sleep(20)
    expect(client.text).toBe('')
    undo()
    await until(() => client.seen.includes('ECONNRESET'))
  })

  it('hides that an end has gone', async () => {
    const client = new Client()
    await until(() => accepted.length === 1)
    const undo = proxy.cut('both', () => undefined)
    accepted[0]?.resetAndDestroy()
    await sleep(30)
    expect(client.seen).toEqual([])
    undo()
    await until(() => client.seen.includes('ECONNRESET'))
  })

  it('leaves who connects without an answer', async () => {
    echo()
    let effects = 0
    const undo = proxy.cut('requests', () => effects++)
    const client = new Client()
    client.socket.write('anybody?')
    await until(() => effects === 1)
    await sleep(20)
    expect([accepted.length, client.text, client.seen]).toEqual([0, '', []])
    undo()
    await until(() => client.seen.includes('ECONNRESET'))
    const next = new Client()
    next.socket.write('again')
    await until(() => next.text === 'again')
  })

  it('lasts until the last of several has ended', async () => {
    echo()
    const client = new Client()
    await until(() => accepted.length === 1)
    const first = proxy.cut('requests', () => undefined)
    const second = proxy.cut('both', () => undefined)
    client.socket.write('lost')
    await sleep(20)
    first()
    first()
    await sleep(20)
    expect(client.seen).toEqual([])
    second()
    await until(() => client.seen.includes('ECONNRESET'))
  })
})

describe('a delay', () => {
  it('holds bytes back, in order, and then no longer', async () => {
    echo()
    const client = new Client()
    await until(() => accepted.length === 1)
    let effects = 0
    const undo = proxy.delay('requests', 60, () => effects++)
    const began = performance.now()
    for (let i = 0; i < 20; i++) {
      client.socket.write(`${i},`)
      await sleep(1)
    }
    undo()
    client.socket.write('end')
    const all = `${Array.from({ length: 20 }, (_, i) => `${i},`).join('')}end`
    await until(() => client.text.length === all.length)
    expect(client.text).toBe(all)
    expect(performance.now() - began).toBeGreaterThan(59)
    expect(effects).toBe(1)
    const after = performance.now()
    client.socket.write('!')
    await until(() => client.text.endsWith('!'))
    expect(performance.now() - after).toBeLessThan(55)
  })

  it('makes the sender wait when much is held back', async () => {
    const client = new Client()
    await until(() => accepted.length === 1)
    const undo = proxy.delay('requests', 200, () => undefined)
    let read = 0
    accepted[0]?.on('data', (bytes) => (read += bytes.length))
    const block = Buffer.alloc(1_000_000)
    for (let i = 0; i < 32; i++) client.socket.write(block)
    await sleep(100)
    expect(client.socket.writableLength).toBeGreaterThan(8_000_000)
    undo()
    await until(() => read === 32_000_000)
  })
})

describe('ports', () => {
  it('lie outside of the range of outgoing connections', () => {
    expect(portRange('32768\t60999\n')).toEqual({ from: 10_000, to: 32_767 })
    expect(portRange('1024 30000')).toEqual({ from: 30_001, to: 65_535 })
    expect(portRange('1024 65535')).toEqual({ from: 10_000, to: 65_535 })
    expect(portRange('')).toEqual({ from: 10_000, to: 65_535 })
  })

  it('are given out once, with room for neighbours', async () => {
    const given = await Promise.all(Array.from({ length: 20 }, () => ports.next()))
    const sorted = given.toSorted((a, b) => a - b)
    expect(sorted.every((port, i) => i === 0 || port - (sorted[i - 1] ?? 0) >= 8)).toBe(true)
  })
})
