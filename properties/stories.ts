/** The scenarios of the repository, parsed and run: for the tests that hold them to what they say. */
import type { Event } from '../src/history/event.ts'
import { registry } from '../src/cli/registry.ts'
import { runPlan, type RunResult } from '../src/harness/run-plan.ts'
import type { Plan } from '../src/plan/plan.ts'
import type { QueueName } from '../src/plan/queues.ts'
import { parseScenario } from '../src/scenario/parse.ts'
import type { Scenario } from '../src/scenario/scenario.ts'
import { filesUnder, read } from './repository.ts'

export interface Story {
  readonly path: string
  readonly text: string
  readonly scenario: Scenario
}

export const storyAt = (path: string): Story => {
  const text = read(path)
  return { path, text, scenario: parseScenario(text, path) }
}
export const stories: readonly Story[] = filesUnder('scenarios', /\.scenario$/).map(storyAt)

export const playPlan = (plan: Plan): Promise<RunResult> => runPlan(registry.subjectOf(plan.system), plan)

export const verdictOf = (result: RunResult, guarantee: string): string =>
  result.judgements.find(({ id }) => id === guarantee)?.verdict ?? 'not judged'

/** An acknowledged send: when it was answered, and where it was said to be. */
export interface Acked {
  readonly op: number
  readonly t: number
  readonly queue: QueueName
  readonly offset: number
}

/** What clients saw of the plan's own messages, and what the auditor found at the end. */
export class Ledger {
  readonly acked: Acked[] = []
  /** Sends that ended with "nobody can say", and those that were refused. */
  readonly maybe: { op: number; t: number; status: string }[] = []
  readonly refused: number[] = []
  readonly consumed = new Set<number>()
  /** "queue@offset" → the message that the auditor read there. */
  readonly found = new Map<string, number>()
  readonly texts = new Map<number, string>()

  constructor(events: readonly Event[]) {
    const own = new Set<number>()
    for (const event of events) {
      if (event.type === 'invoke' && event.f === 'send' && event.v.text !== 'sentinel') {
        own.add(event.op)
        this.texts.set(event.op, event.v.text)
      }
      if (!('f' in event) || event.type === 'white') continue
      if (event.f === 'send' && own.has(event.op)) this.answered(event)
      if (event.f === 'consume' && event.type === 'ok') this.consumed.add(event.v.message)
      if (event.f === 'pull' && own.has(event.v.message)) this.found.set(`${event.v.queue}@${event.v.offset}`, event.v.message)
    }
  }

  private answered(event: Event & { f: 'send' }): void {
    if (event.type === 'ok') this.acked.push({ op: event.op, t: event.t, queue: event.v.queue, offset: event.v.offset })
    if (event.type === 'info') this.maybe.push({ op: event.op, t: event.t, status: event.v.status })
    if (event.type === 'fail') this.refused.push(event.op)
  }

  get stored(): Set<number> {
    return new Set(this.found.values())
  }

  get lost(): Acked[] {
    const { stored } = this
    return this.acked.filter(({ op }) => !stored.has(op))
  }

  /** Where the messages of a queue are, in order. */
  offsetsOf(queue: number): number[] {
    const offsets = [...this.found.keys()].filter((key) => key.startsWith(`${queue}@`)).map((key) => Number(key.slice(`${queue}@`.length)))
    return offsets.sort((x, y) => x - y)
  }
}

/** 3 → [0, 1, 2]; a start shifts it. */
export const count = (n: number, from = 0): number[] => Array.from({ length: n }, (_, k) => from + k)
