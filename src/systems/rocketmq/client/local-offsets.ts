/**
 * The progress of an instance that broadcasts (RMQ-096), in a file on its own disk. Nobody else knows it.
 *
 * Left out: the copy of the file that is kept as .bak, and the client id in its path: here each instance has a disk of its own.
 */
import { cellValue } from '../../../sim/disk.ts'
import type { Env } from '../../../sim/system.ts'
import { isBegun, type ConsumerState, type Task } from './consumer-state.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>

const OFFSETS = 'offsets.json'

interface LocalOffset {
  readonly topic: string
  readonly name: string
  readonly offset: number
}

interface OffsetsFile {
  readonly offsets: readonly LocalOffset[]
}

const stored = (env: ClientEnv): readonly LocalOffset[] => (cellValue(env.disk, OFFSETS) as OffsetsFile | null)?.offsets ?? []

/** Where this instance stood when it last wrote its file, or null. */
export function localOffset(env: ClientEnv, { topic, name }: Task): number | null {
  return stored(env).find((one) => one.topic === topic && one.name === name)?.offset ?? null
}

/** What the file says of queues that this process has not begun with stays in it (inferred from the source: LocalFileOffsetStore.persistAll). */
function currentOffsets(state: ConsumerState, env: ClientEnv): OffsetsFile {
  const begun = state.tasks.filter(isBegun)
  for (const task of begun) task.reported = task.processing.progress
  const kept = stored(env).filter(({ topic, name }) => !begun.some((task) => task.topic === topic && task.name === name))
  return { offsets: [...kept, ...begun.map(({ topic, name, processing }) => ({ topic, name, offset: processing.progress }))] }
}

export const saveLocally = (state: ConsumerState, env: ClientEnv): void => void env.save(OFFSETS, currentOffsets(state, env))

/** A stop in good order waits for the disk. */
export function saveBeforeExit(state: ConsumerState, env: ClientEnv): void {
  env.put(OFFSETS, currentOffsets(state, env))
  env.forceNow(OFFSETS)
}
