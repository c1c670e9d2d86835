/**
 * What a pool takes for a thread, without one: it serves the toy broker, which no thread could be sent. What goes in and out is copied as
 * between threads. Each is slower than the one before, so that answers come out of order.
 */
import { EventEmitter } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { MessageChannel } from 'node:worker_threads'
import type { Subject } from '../executor.ts'
import type { WorkerThread } from '../worker-pool.ts'
import { serve, type Request } from '../worker-protocol.ts'

class InlineWorker extends EventEmitter implements WorkerThread {
  private readonly channel = new MessageChannel()

  constructor(subject: Subject, delayMs: number) {
    super()
    const { port1, port2 } = this.channel
    const slow: Subject = {
      ...subject,
      executor: {
        ...subject.executor,
        run: async (plan, sink, options) => {
          await setTimeout(delayMs)
          return subject.executor.run(plan, sink, options)
        },
      },
    }
    port1.on('message', (answer) => this.emit('message', answer))
    serve(port2, { subjectOf: () => slow, toStory: () => 'a story\n' })
  }

  postMessage(request: Request): void {
    this.channel.port1.postMessage(request)
  }

  terminate(): Promise<void> {
    this.channel.port1.close()
    return Promise.resolve()
  }
}

/** Gives one after the other. */
export function inlineWorkers(subject: Subject): () => WorkerThread {
  let delayMs = 0
  return () => new InlineWorker(subject, delayMs++)
}
