/** What a pool and its threads say to each other. */
import type { MessagePort } from 'node:worker_threads'
import { InputError } from '../plan/input-error.ts'
import { perform, type Equipment, type Task } from './worker-tasks.ts'

export type Request = { readonly kind: 'task'; readonly id: number; readonly task: Task } | { readonly kind: 'stop' }

export interface Failed {
  readonly kind: 'failed'
  readonly id: number
  readonly message: string
  readonly stack: string | undefined
  /** It was the user's mistake. */
  readonly input: boolean
}
export interface Said {
  readonly kind: 'part'
  readonly id: number
  readonly value: unknown
}
export interface Done {
  readonly kind: 'done'
  readonly id: number
  readonly value: unknown
}
export type Answer = { readonly kind: 'ready' } | Said | Done | Failed

function failed(id: number, error: unknown): Failed {
  const known = error instanceof Error ? error : new Error(String(error))
  return { kind: 'failed', id, message: known.message, stack: known.stack, input: error instanceof InputError }
}

/** What a thread does: one task after the other, until it is ended. */
export function serve(port: MessagePort, equipment: Equipment): void {
  const stop = new AbortController()
  const say = (answer: Answer): void => port.postMessage(answer)
  let last = Promise.resolve()
  port.on('message', (request: Request) => {
    if (request.kind === 'stop') return stop.abort()
    const { id, task } = request
    const tell = (value: unknown): void => say({ kind: 'part', id, value })
    last = last.then(async () => {
      try {
        say({ kind: 'done', id, value: await perform(task, { ...equipment, signal: stop.signal, tell }) })
      } catch (error) {
        say(failed(id, error))
      }
    })
  })
  say({ kind: 'ready' })
}
