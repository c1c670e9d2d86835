/**
 * Threads that do parts of the work, as many as there are processors. What they are given and what they answer is plain data; what comes of
 * it all must not depend on which thread was quicker, and who waits for the answers sees to that.
 */
import { InputError } from '../plan/input-error.ts'
import { messageOf } from '../plan/message-of.ts'
import type { Answer, Failed, Request } from './worker-protocol.ts'
import type { Task } from './worker-tasks.ts'

/** A thread has come to its end without being asked to. */
export class WorkerLost extends Error {
  override name = 'WorkerLost'

  constructor(why: string) {
    super(`a worker thread ended by itself (${why}): try fewer with --jobs, or --jobs 1 for none`)
  }
}

/** What a pool needs of a node:worker_threads Worker. */
export interface WorkerThread {
  postMessage(request: Request): void
  on(event: 'message', listener: (answer: Answer) => void): unknown
  on(event: 'error', listener: (error: unknown) => void): unknown
  on(event: 'exit', listener: (code: number) => void): unknown
  terminate(): Promise<unknown>
}

interface Pending {
  readonly tell: (part: unknown) => void
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

interface Thread {
  readonly worker: WorkerThread
  readonly pending: Map<number, Pending>
  ready: boolean
}

export interface PoolOptions {
  readonly start: () => WorkerThread
  readonly size: number
  /** Asks the threads to bring what they do to an end. */
  readonly signal?: AbortSignal | undefined
}

function errorFrom({ message, stack, input }: Failed): Error {
  if (input) return new InputError(message)
  const error = new Error(message)
  if (stack !== undefined) error.stack = stack
  return error
}

export class WorkerPool {
  private readonly threads: readonly Thread[]
  private readonly signal: AbortSignal | undefined
  private given = 0
  private closed = false
  private lost: WorkerLost | null = null

  constructor({ start, size, signal }: PoolOptions) {
    this.threads = Array.from({ length: size }, () => this.employ(start()))
    this.signal = signal
    signal?.addEventListener('abort', this.stop)
  }

  get size(): number {
    return this.threads.length
  }

  /** Threads take a while to start. */
  get ready(): boolean {
    return this.lost !== null || this.threads.every((thread) => thread.ready)
  }

  /** Gives a task to the thread that has least to do. `tell` hears of parts of the answer as they come. @throws WorkerLost, or what the task threw. */
  give(task: Task, tell: (part: unknown) => void = () => undefined): Promise<unknown> {
    if (this.lost !== null) return Promise.reject(this.lost)
    const thread = this.threads.reduce((least, one) => (one.pending.size < least.pending.size ? one : least))
    const id = ++this.given
    return new Promise((resolve, reject) => {
      thread.pending.set(id, { tell, resolve, reject })
      thread.worker.postMessage({ kind: 'task', id, task } satisfies Request)
    })
  }

  /** Ends the threads wherever they are. */
  async close(): Promise<void> {
    this.closed = true
    this.signal?.removeEventListener('abort', this.stop)
    await Promise.all(this.threads.map(({ worker }) => worker.terminate()))
  }

  private readonly stop = (): void => {
    for (const { worker } of this.threads) worker.postMessage({ kind: 'stop' } satisfies Request)
  }

  private employ(worker: WorkerThread): Thread {
    const thread: Thread = { worker, pending: new Map(), ready: false }
    worker.on('message', (answer: Answer) => this.hear(thread, answer))
    worker.on('error', (error) => this.lose(messageOf(error)))
    worker.on('exit', (code) => this.lose(`exit code ${code}`))
    return thread
  }

  private hear(thread: Thread, answer: Answer): void {
    if (answer.kind === 'ready') {
      thread.ready = true
      return
    }
    const pending = thread.pending.get(answer.id)
    if (answer.kind === 'part') return pending?.tell(answer.value)
    thread.pending.delete(answer.id)
    if (answer.kind === 'done') pending?.resolve(answer.value)
    else pending?.reject(errorFrom(answer))
  }

  private lose(why: string): void {
    if (this.closed || this.lost !== null) return
    this.lost = new WorkerLost(why)
    for (const { pending } of this.threads) {
      for (const { reject } of pending.values()) reject(this.lost)
      pending.clear()
    }
  }
}
