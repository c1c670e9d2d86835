/** A walk through the protocol with one adapter: the target under it, what was heard, and what was found. */
import type { Consumer, Delivery, Producer, SendResult, TopicSetup } from '../../target.ts'
import { pause } from '../../waits.ts'
import type { StdioTarget } from '../bridge.ts'
import type { HelloAnswer } from '../protocol.ts'
import { quote, unknownFields } from '../reading.ts'
import type { Heard } from '../wire.ts'
import type { Finding } from './report.ts'

/** One delivery, as a listener sees it. */
export interface Seen {
  readonly consumer: string
  readonly text: string
  readonly delivery: Delivery
}

export interface Sent {
  readonly text: string
  readonly queue: number
  readonly offset: number
}

/** What was heard before there was a walk, and all the while. */
export class Ear {
  readonly findings: Finding[] = []
  readonly lines: Heard[] = []
  hello: HelloAnswer | null = null
  private readonly known = new Set<string>()

  readonly heard = (heard: Heard): void => {
    const { raw, message, line, number } = heard
    this.lines.push(heard)
    if ('protocol' in message) this.hello ??= message
    for (const field of unknownFields(raw, message)) {
      const what = `${message.type} ${field}`
      if (this.known.has(what)) continue
      this.known.add(what)
      const advice = 'the protocol has no such field, so it is ignored; is it misspelt?'
      this.findings.push({ level: 'warning', step: 'fields', message: `line ${number}, ${quote(line)}: "${field}": ${advice}` })
    }
  }
}

export const TOPIC = 'mqproof-check-T'
const POLL_MS = 10
const QUIET_PART = 12

export class Walk {
  readonly target: StdioTarget
  readonly hello: HelloAnswer
  readonly ear: Ear
  readonly topic: TopicSetup
  readonly seen: Seen[] = []
  readonly sent: Sent[] = []
  readonly assigned: string[] = []
  /** "consumer queue" → the progress last told. */
  readonly committed = new Map<string, number>()
  producer: Producer | null = null
  readonly answerMs: number
  /** For how long nothing must come. */
  readonly quietMs: number
  private number = 0

  constructor(target: StdioTarget, hello: HelloAnswer, ear: Ear, answerMs: number) {
    this.target = target
    this.hello = hello
    this.ear = ear
    this.answerMs = answerMs
    this.quietMs = answerMs / QUIET_PART
    this.topic = { topic: TOPIC, queues: Math.min(2, hello.capabilities.queues) }
  }

  private find(level: Finding['level'], step: string, message: string): void {
    this.ear.findings.push({ level, step, message })
  }
  ok(step: string, message: string): void {
    this.find('ok', step, message)
  }
  warn(step: string, message: string): void {
    this.find('warning', step, message)
  }
  error(step: string, message: string): void {
    this.find('error', step, message)
  }

  /** Until it is so, or the time of an answer is over; gives whether it became so. */
  async until(condition: () => boolean, limitMs = this.answerMs): Promise<boolean> {
    const end = performance.now() + limitMs
    while (!condition()) {
      this.target.adapter.check()
      if (performance.now() >= end) return false
      await pause(POLL_MS)
    }
    return true
  }

  /** A text as mqproof's payloads are: with blanks, quotes and backslashes in it. */
  text(): string {
    return `mqproof check ${++this.number} "quoted" \\ 'and' {braces}${'.'.repeat(40)}`
  }

  async send(queue: number | null, text = this.text(), delayLevel = 0): Promise<SendResult> {
    const mode = this.hello.capabilities.modes.includes('sync') ? 'sync' : 'async'
    this.producer ??= await this.target.openProducer('p1', { check: () => 'commit' })
    const result = await this.producer.send({ topic: TOPIC, queue, payload: Buffer.from(text), mode, delayLevel })
    if (result.type === 'ok') this.sent.push({ text, queue: result.shown.queue, offset: result.shown.offset })
    return result
  }

  /** `settles`: what the listener makes of a delivery; null: it is still at work. */
  consume(name: string, group: string, members: readonly string[], settles: (seen: Seen) => boolean | null): Promise<Consumer> {
    return this.target.openConsumer(
      { name, group, topics: [this.topic], members },
      {
        delivered: (delivery) => {
          const seen = { consumer: name, text: Buffer.from(delivery.payload).toString(), delivery }
          this.seen.push(seen)
          const done = settles(seen)
          // Whoever asks the adapter next is told what broke it.
          if (done !== null) delivery.settle(done).catch(() => undefined)
        },
        assigned: (_topic, queue, offset) => this.assigned.push(`${name} ${queue}@${offset}`),
        committed: (_topic, queue, offset) => this.committed.set(`${name} ${queue}`, offset),
      },
    )
  }

  /** How often `name` was given the message. */
  times(name: string, text: string): number {
    return this.seen.filter((one) => one.consumer === name && one.text === text).length
  }

  /** Messages that `name` was not given yet. */
  missing(name: string): Sent[] {
    return this.sent.filter(({ text }) => this.times(name, text) === 0)
  }
}
