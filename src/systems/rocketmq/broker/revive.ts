/**
 * The revive service (RMQ-111): it joins checkpoints with acknowledgements, and what is over and not acknowledged it stores anew, in the
 * group's retry topic. It takes a turn every second, armed only while a checkpoint is open.
 *
 * Left out: the timer wheel, in which checkpoints and acknowledgements wait until they are due (here they are read at once, and the clock is
 * looked at); the scan window of 10 s and its bounds; giving up, and the dead-letter queue. A clock that jumps ahead is noticed at the next
 * turn that was armed. What happens when a checkpoint that could not be dealt with can't be written again either is not in the facts (in the
 * model the only reason for both is a full disk): here it stays in memory, with its back-off, and the progress of the service behind it.
 */
import { isRetryTopic, popRetryTopic } from '../../../plan/group-topics.ts'
import type { Us } from '../../../plan/units.ts'
import { logFile } from '../../../sim/disk.ts'
import type { Env } from '../../../sim/system.ts'
import { toGrid } from './grid.ts'
import { recordAt } from './log.ts'
import { storedOffset, storeOffset } from './offsets.ts'
import { AckMark, reconsumeTimesOf, Checkpoint, RetryMark } from './pop-record.ts'
import { REVIVE_GROUP, REVIVE_TOPIC, type OpenCheckpoint, type PopState, type ReviveQueue } from './pop-state.ts'
import { put } from './put.ts'
import { digestRead, entryAt, LogRecord } from './record.ts'
import type { BrokerRules } from './rules.ts'
import { queueOf, type BrokerState } from './state.ts'

type BrokerEnv = Env<BrokerRules>

/** RMQ-111: how long a message waits that could not be stored anew, in multiples of the first wait: 10 s to 2 h. */
const BACK_OFF = [1, 2, 3, 6, 12, 18, 24, 30, 36, 42, 48, 54, 60, 120, 180, 360, 720]

/** The dispatcher has moved: what is new in the revive topic is read. */
export function readRevive(state: BrokerState, env: BrokerEnv): void {
  const own = state.pop
  if (own === null) return
  let changed = false
  for (const [number, revive] of own.revive.entries()) if (readQueue(state, env, number, revive)) changed = true
  if (changed) armRevive(state, env, own)
}

function readQueue(state: BrokerState, env: BrokerEnv, number: number, revive: ReviveQueue): boolean {
  const queue = queueOf(state, REVIVE_TOPIC, number)
  if (queue === undefined || revive.read >= queue.max) return false
  const entries = logFile(env.disk, queue.file)?.extents
  for (; entries !== undefined && revive.read < queue.max; revive.read++) {
    const extent = recordAt(env.disk, state.log, entryAt(entries, revive.read).at)
    // What is damaged can't be parsed: it is passed over.
    if (extent === null || extent.damage.length > 0) continue
    const { pop } = extent.body
    if (pop instanceof Checkpoint)
      revive.open.push({ at: revive.read, mark: pop, done: [], dueAt: pop.popTime + pop.invisibleUs, failures: 0 })
    else if (pop instanceof AckMark) join(env, revive, pop)
  }
  return true
}

/** A checkpoint of which everything is acknowledged is forgotten at once; the real service keeps it until its time is over. */
function join(env: BrokerEnv, revive: ReviveQueue, ack: AckMark): void {
  const open = revive.open.find(({ mark }) => env.rules.matchesCheckpoint(ack, mark))
  if (open === undefined || open.done.includes(ack.offset)) return
  open.done = [...open.done, ack.offset]
  if (isDone(open)) revive.open = revive.open.filter((one) => one.at !== open.at)
}

const isDone = ({ mark, done }: OpenCheckpoint): boolean => mark.offsets.every((offset) => done.includes(offset))

/** Arms the first turn at which something can be over. */
function armRevive({ shape }: BrokerState, env: BrokerEnv, own: PopState): void {
  const { reviveIntervalUs, reviveMarginUs } = shape.parameters
  let first = Infinity
  for (const { open } of own.revive) for (const { dueAt } of open) first = Math.min(first, dueAt)
  if (first === Infinity) return env.cancel('revive')
  const wait = Math.max(0, first + reviveMarginUs - env.now)
  env.timer('revive', wait + toGrid(env.uptime + wait, reviveIntervalUs))
}

export function onReviveTimer(state: BrokerState, env: BrokerEnv): void {
  const own = state.pop
  if (own === null || state.stopping !== null) return
  const { reviveMarginUs } = state.shape.parameters
  for (const revive of own.revive) {
    const over = revive.open.filter(({ dueAt }) => dueAt + reviveMarginUs <= env.now).sort((x, y) => x.dueAt - y.dueAt)
    for (const open of over) deal(state, env, revive, open)
    revive.open = revive.open.filter((open) => !isDone(open))
  }
  storeReviveProgress(state, env)
  armRevive(state, env, own)
}

/** Stores anew what was not acknowledged. */
function deal(state: BrokerState, env: BrokerEnv, revive: ReviveQueue, open: OpenCheckpoint): void {
  const { mark } = open
  for (const offset of mark.offsets) {
    if (open.done.includes(offset)) continue
    const end = store(state, env, mark, env.rules.offsetToRevive(mark, offset))
    if (end === null && env.rules.keepsFailedCheckpoint()) continue
    revive.copiesTo = Math.max(revive.copiesTo, end ?? 0)
    open.done = [...open.done, offset]
  }
  if (isDone(open)) return
  open.dueAt = env.now + backOff(state, open.failures)
  open.failures++
}

const backOff = ({ shape }: BrokerState, failures: number): Us =>
  (BACK_OFF[Math.min(failures, BACK_OFF.length - 1)] ?? 1) * shape.parameters.revivePutBackUs

/** Gives where the copy ends, 0 where there is nothing to copy any more, and null where it could not be stored. */
function store(state: BrokerState, env: BrokerEnv, mark: Checkpoint, offset: number): number | null {
  const queue = queueOf(state, mark.topic, mark.queue)
  const entries = queue === undefined ? undefined : logFile(env.disk, queue.file)?.extents
  if (entries === undefined || offset >= entries.length) return 0
  const extent = recordAt(env.disk, state.log, entryAt(entries, offset).at)
  const retry = queueOf(state, isRetryTopic(mark.topic) ? mark.topic : popRetryTopic(mark.group, mark.topic), 0)
  if (extent === null || retry === undefined) return 0
  const { body } = extent
  const content = {
    message: body.message,
    msgId: body.msgId,
    key: body.key,
    digest: env.rules.digestOfCopy(digestRead(extent, body)),
    bytes: body.bytes,
    fails: body.fails,
    labels: body.labels,
  }
  const placed = put(
    state,
    env,
    retry,
    (at) =>
      new LogRecord(
        { topic: retry.topic, queue: retry.queue, offset: at },
        content,
        { storeTime: env.now, bornTime: body.bornTime },
        { pop: new RetryMark(reconsumeTimesOf(body.pop) + 1) },
      ),
  )
  return placed?.end ?? null
}

/** The service goes on behind the first checkpoint that is open, once the copies it has made are stored as the flush mode says. */
export function storeReviveProgress(state: BrokerState, env: BrokerEnv): void {
  const own = state.pop
  if (own === null) return
  const log = { flushedTo: state.log.flushedTo, sync: state.shape.sync }
  const waits = state.shape.repairs.has('waitForInternalWrites')
  for (const [number, { open, read, copiesTo }] of own.revive.entries()) {
    if (!env.rules.mayStorePopProgress(env.rules.isPopWriteStored(copiesTo, log, waits))) continue
    const progress = open.reduce((first, { at }) => Math.min(first, at), read)
    if (progress > (storedOffset(state, REVIVE_GROUP, REVIVE_TOPIC, number) ?? 0))
      storeOffset(state, env, REVIVE_GROUP, REVIVE_TOPIC, number, progress)
  }
}

/** After a restart the service reads again from where it had stored that it was. */
export function recoverRevive(state: BrokerState, env: BrokerEnv, own: PopState): void {
  for (const [number, revive] of own.revive.entries())
    revive.read = Math.min(storedOffset(state, REVIVE_GROUP, REVIVE_TOPIC, number) ?? 0, queueOf(state, REVIVE_TOPIC, number)?.max ?? 0)
  readRevive(state, env)
}

/** What a group has not acknowledged yet, as a reason why the broker is not at rest, or null. */
export function unacknowledged({ pop, shape }: BrokerState): string | null {
  if (pop === null) return null
  const open = pop.revive.flatMap((revive) => revive.open)[0]
  return open === undefined ? null : `${shape.name} waits for ${open.mark.group} to acknowledge what it has of ${open.mark.topic}`
}
