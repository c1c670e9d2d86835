/**
 * The reference broker as an adapter: lines of the protocol in, lines out. It holds to the letter of the protocol that mqproof asks of
 * everybody, so that the conformance kit is tried from end to end with nothing installed.
 */
import { z } from 'zod'
import { PROTOCOL, Request, type Push } from '../live/stdio/protocol.ts'
import { FAULT_KINDS } from '../plan/faults.ts'
import { InputError, parseJson, parseWith } from '../plan/input-error.ts'
import { rocketmq } from '../systems/rocketmq/system.ts'
import { DEFAULTS } from '../systems/rocketmq/parameters.ts'
import { VERSION } from '../version.ts'
import { modelOf, ReferenceConfig } from './config.ts'
import { BROKER } from './open-world.ts'
import { Reference, type Reply } from './reference.ts'

const QUEUES_MAX = 64

export class ReferenceAdapter {
  private readonly write: (line: string) => void
  private config: ReferenceConfig = ReferenceConfig.parse({})
  /** From hello on, and a new one for each round. */
  private life: Reference | null = null

  constructor(write: (line: string) => void) {
    this.write = write
  }

  /** @throws InputError for a line that is not of the protocol */
  async take(line: string): Promise<void> {
    const request = parseWith(Request, parseJson(line, 'a line of stdin'), 'a request')
    this.say({ id: request.id, ...(await this.answer(request)) })
  }

  close(): void {
    this.life?.close()
  }

  private say(message: object): void {
    this.write(`${JSON.stringify(message)}\n`)
  }

  private begin(): Reference {
    this.life?.close()
    this.life = new Reference(this.config, (push: Push) => this.say(push))
    return this.life
  }

  private async answer(request: Request): Promise<Reply> {
    if (request.type === 'hello') return this.hello(request)
    const life = this.life ?? this.begin()
    switch (request.type) {
      case 'createTopic':
        return life.createTopic(request)
      case 'createGroup':
        // RMQ-097: a group needs no making; it begins at the beginning of a young queue.
        return { type: 'ok' }
      case 'send':
        return life.send(request)
      case 'begin':
        return life.beginHalf(request)
      case 'end':
        return life.end(request)
      case 'checked':
        return life.answerCheck(request)
      case 'subscribe':
        return life.subscribe(request)
      case 'settle':
        return life.settle(request)
      case 'unsubscribe':
        return life.unsubscribe(request)
      case 'read':
        return life.read(request)
      case 'fault':
        return life.fault(request)
      case 'ready':
        return life.ready()
      case 'tearDown':
        this.begin()
        return { type: 'ok' }
      default:
        return { type: 'unsupported' }
    }
  }

  private hello({ config }: Extract<Request, { type: 'hello' }>): Reply<'hello'> {
    try {
      this.config = parseWith(ReferenceConfig, config, 'config')
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      return { type: 'fail', status: error.message }
    }
    this.begin()
    return {
      type: 'ok',
      protocol: PROTOCOL,
      system: rocketmq.id,
      contract: 'rocketmq',
      version: `mqproof's model, ${VERSION}`,
      client: 'reference',
      brokers: [BROKER],
      config: z.record(z.string(), z.json()).parse(modelOf(this.config)),
      faults: [...FAULT_KINDS],
      capabilities: {
        queues: QUEUES_MAX,
        bytes: DEFAULTS.messageBytesMax,
        modes: ['sync', 'async', 'oneway'],
        offsets: true,
        read: true,
        commits: true,
        transactions: 'checked',
        ready: true,
      },
    }
  }
}
