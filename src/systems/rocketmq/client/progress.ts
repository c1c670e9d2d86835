/** Reporting progress to the broker (RMQ-095): one-way every five seconds, and riding along on every pull. */
import { hashName, mix } from '../../../plan/hash.ts'
import type { Env } from '../../../sim/system.ts'
import { salted, type UpdateOffset } from '../messages.ts'
import { masterFirst } from './addresses.ts'
import { saveLocally } from './local-offsets.ts'
import { isBegun, isPulled, type ConsumerState, type Task } from './consumer-state.ts'
import { tellBroker } from './heartbeat.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>

/** What may be told: what is done, or, where the application says what is done, what it has committed. */
const reportable = (state: ConsumerState, task: Task): number => (isPulled(state) ? task.committed : task.processing.progress)

const unreported = (state: ConsumerState, task: Task, rules: ClientRules): boolean =>
  isBegun(task) && rules.mayReport(reportable(state, task), task.reported)

/** Arms the report for the next multiple of five seconds, but not before the process is ten seconds old. */
export function armPersist(state: ConsumerState, env: ClientEnv): void {
  if (!state.tasks.some((task) => unreported(state, task, env.rules))) return
  const { offsetPersistUs, offsetFirstPersistUs } = state.shape.parameters
  const age = env.uptime - state.startedAt
  env.timer(
    'persist',
    age < offsetFirstPersistUs ? offsetFirstPersistUs - age : offsetPersistUs - ((age - offsetFirstPersistUs) % offsetPersistUs),
  )
}

export function report(state: ConsumerState, env: ClientEnv): void {
  if (state.shape.broadcasting) return saveLocally(state, env)
  for (const task of state.tasks) if (unreported(state, task, env.rules)) tell(state, env, task)
}

/** Tells the broker where the group stands in one queue. */
export function tell(state: ConsumerState, env: ClientEnv, task: Task): void {
  if (state.shape.broadcasting) return saveLocally(state, env)
  const { group } = state.shape
  // An application that has committed nothing has nothing to tell.
  if (reportable(state, task) < 0) return
  const offset = noteReported(state, env, task)
  const salt = salted('updateOffset', mix(mix(state.id, hashName(task.topic)), task.queue), offset, env.uptime)
  tellBroker(state, env, masterFirst(state, task.topic, task.broker), {
    type: 'updateOffset',
    salt,
    group,
    topic: task.topic,
    queue: task.queue,
    offset,
  } as UpdateOffset)
}

/** The progress as it is about to be reported; a new value becomes an event. */
export function noteReported(state: ConsumerState, env: ClientEnv, task: Task): number {
  const progress = reportable(state, task)
  if (progress !== task.reported) env.record.commit(++state.serial, state.shape.group, task.topic, task.name, progress)
  task.reported = progress
  return progress
}
