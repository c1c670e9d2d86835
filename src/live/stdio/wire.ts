/**
 * The conversation with one adapter process: requests out, answers and pushes in. Whatever breaks the protocol is told once, and from
 * then on every request is refused with it. Every request has a deadline, so nobody waits for ever.
 */
import { TargetBroken } from '../target.ts'
import type { ManagedProcess } from '../machine/machine.ts'
import { Lines } from './lines.ts'
import type { Answer, Body, Push, RequestType } from './protocol.ts'
import { answerOf, BadLine, idOf, isAnswer, objectOf, pushOf, quote, type Json } from './reading.ts'

/** One line that came in, as it was and as it was understood. */
export interface Heard {
  readonly line: string
  readonly number: number
  readonly raw: Json
  readonly message: Push | Answer<RequestType>
}

export interface WireEvents {
  push(push: Push): void
  /** The adapter broke the protocol, or is gone although nobody ended it. */
  broken(error: TargetBroken): void
  /** Every line, for who wants to look closer. */
  heard?(heard: Heard): void
  /** May the adapter be late at this moment? A fault is on, or was a moment ago. */
  excusesSilence(sinceMs: number): boolean
}

interface Waiting {
  readonly type: RequestType
  readonly atMs: number
  readonly timer: NodeJS.Timeout
  readonly settle: (answer: Answer<RequestType>) => void
  readonly refuse: (error: TargetBroken) => void
}

/** How long what was written before the end of a process may take to come through. */
const LAST_WORDS_MS = 1000
const STDERR_LINES = 8
/** What to do about an answer that did not come, by what was asked. */
const LATE: Partial<Record<RequestType, string>> = {
  hello: 'answer it once you are connected and the broker is ready, and flush stdout after each line',
  ready: 'answer "fail" where the broker does not come up',
  fault: 'answer "fail" where the fault can not be done, or can not be ended',
  settle: 'take note of it, tell the broker, and answer; where the broker does not answer in time, answer "info"',
  read: 'answer "fail" where the queue can not be read',
}
const LATE_OTHERWISE = 'answer "info" yourself where the broker does not answer in time'
/** Statuses of our own, where no adapter can answer. */
export const DOWN = 'the broker is down'
const WENT_DOWN = 'the broker went down'

export class Wire {
  readonly process: ManagedProcess
  private readonly events: WireEvents
  private readonly waiting = new Map<number, Waiting>()
  /** Requests that nobody waits for any more; each may still be answered once. */
  private readonly abandoned = new Map<number, RequestType>()
  private readonly lines: Lines
  private readonly ended: Promise<void>
  private readonly finished: Promise<void>
  private nextId = 1
  private lineNumber = 0
  private error: TargetBroken | null = null
  /** The process may end now without that being its fault: what was asked and not answered is `info` then. */
  mayEnd: boolean

  constructor(process: ManagedProcess, events: WireEvents, mayEnd: boolean) {
    this.process = process
    this.mayEnd = mayEnd
    this.events = events
    this.lines = new Lines((line) => {
      this.onLine(line)
    })
    const { stdin, stdout } = process
    if (stdin === null || stdout === null) throw new Error(`${process.name} was started without pipes`)
    // What can't be written any more is noticed by the missing answer.
    stdin.on('error', () => undefined)
    stdout.on('data', (chunk: Buffer) => {
      if (!this.lines.feed(chunk)) this.fail('a line is longer than 64 MiB: an answer must end with a newline')
    })
    this.ended = new Promise((resolve) => {
      stdout.on('close', resolve)
      stdout.on('end', resolve)
    })
    this.finished = process.exited.then((how) => this.onExit(how))
    void this.ended.then(() => this.onClosed())
  }

  /** Refused with TargetBroken; `info` when there is no answer by the deadline and a fault explains it. */
  request<T extends RequestType>(type: T, body: Body<T>, deadlineMs: number): Promise<Answer<T>> {
    if (this.error !== null) return Promise.reject(this.error)
    const id = this.nextId++
    if (this.process.ended !== null && this.mayEnd) return Promise.resolve({ id, type: 'fail', status: DOWN })
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.onDeadline(id, deadlineMs)
      }, deadlineMs)
      const settle = (answer: Answer<RequestType>): void => {
        resolve(answer as Answer<T>)
      }
      this.waiting.set(id, { type, atMs: performance.now(), timer, settle, refuse: reject })
      this.process.stdin?.write(`${JSON.stringify({ id, type, ...body })}\n`)
    })
  }

  /** The process is gone, its last words have been read, and nobody waits for an answer any more. */
  async over(): Promise<void> {
    await this.finished
  }

  private settleAll(status: string): void {
    for (const [id, { timer, settle }] of this.waiting) {
      clearTimeout(timer)
      settle({ id, type: 'info', status })
    }
    this.waiting.clear()
  }

  private onLine(line: string): void {
    this.lineNumber++
    if (this.error !== null || line.trim() === '') return
    try {
      const raw = objectOf(line)
      const message = isAnswer(raw) ? this.onAnswer(raw) : pushOf(raw)
      this.events.heard?.({ line, number: this.lineNumber, raw, message })
      if (!isAnswer(raw)) this.events.push(message as Push)
    } catch (error) {
      if (!(error instanceof BadLine)) throw error
      this.fail(`line ${this.lineNumber} of its stdout, ${quote(line)}: ${error.message}`)
    }
  }

  private onAnswer(raw: Json): Answer<RequestType> {
    const id = idOf(raw)
    const waiting = this.waiting.get(id)
    if (waiting === undefined) {
      const late = this.abandoned.get(id)
      if (late === undefined) throw new BadLine(this.strange(id))
      this.abandoned.delete(id)
      return answerOf(late, raw)
    }
    const answer = answerOf(waiting.type, raw)
    this.waiting.delete(id)
    clearTimeout(waiting.timer)
    waiting.settle(answer)
    return answer
  }

  private strange(id: number): string {
    if (id >= this.nextId || id < 1) return `no request has the id ${id}: the last one was ${this.nextId - 1}`
    return `request ${id} was answered before: each request has one answer`
  }

  private onDeadline(id: number, deadlineMs: number): void {
    const waiting = this.waiting.get(id)
    if (waiting === undefined) return
    this.waiting.delete(id)
    this.abandoned.set(id, waiting.type)
    const limit = `${deadlineMs / 1000} s`
    if (this.mayEnd || this.events.excusesSilence(waiting.atMs)) {
      waiting.settle({ id, type: 'info', status: `no answer within ${limit}` })
      return
    }
    const advice = LATE[waiting.type] ?? LATE_OTHERWISE
    const error = this.fail(`request ${id} (${waiting.type}) was not answered within ${limit}, and no fault was on: ${advice}`)
    waiting.refuse(error)
  }

  private async onExit(how: string): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, LAST_WORDS_MS)))
    await Promise.race([this.ended, limit])
    clearTimeout(timer)
    if (this.error !== null) return
    if (this.mayEnd) {
      this.settleAll(WENT_DOWN)
      return
    }
    const words = this.process.tail(STDERR_LINES).trim()
    const when = [...this.waiting.values()].some(({ type }) => type === 'hello') ? ' before it answered hello' : ''
    this.fail(`it ended by itself${when} (${how})${words === '' ? ', and its stderr is empty' : `; the end of its stderr: ${words}`}`)
  }

  /** Who is about to end closes its stdout first; who goes on has fallen silent for ever. */
  private async onClosed(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, LAST_WORDS_MS)))
    await Promise.race([this.process.exited, limit])
    clearTimeout(timer)
    if (this.process.ended === null && !this.mayEnd)
      this.fail('it closed its stdout and went on running: answers and deliveries go there, one JSON object a line')
  }

  /** Breaks with the adapter over something that a line alone does not show. */
  fail(what: string): TargetBroken {
    if (this.error !== null) return this.error
    const error = new TargetBroken(`the adapter misbehaves: ${what}`)
    this.error = error
    for (const { timer, refuse } of this.waiting.values()) {
      clearTimeout(timer)
      refuse(error)
    }
    this.waiting.clear()
    this.events.broken(error)
    return error
  }
}
