/** Pulling: what a consumer gets for an offset, and long polling (RMQ-034, RMQ-035, RMQ-089). */
import { logFile } from '../../../sim/disk.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted, type PullAnswer, type PulledMessage, type PullRequest, type PullStatus } from '../messages.ts'
import { readRecord } from './log.ts'
import { storeOffset } from './offsets.ts'
import { digestRead, type QueueEntry } from './record.ts'
import type { BrokerRules } from './rules.ts'
import { queueOf, type BrokerState, type HeldPull, type QueueState } from './state.ts'

type BrokerEnv = Env<BrokerRules>

export function onPull(state: BrokerState, env: BrokerEnv, from: NodeId, pull: PullRequest): void {
  const queue = queueOf(state, pull.topic, pull.queue)
  if (queue === undefined) return reply(env, from, pull, 'ERROR', [], pull.offset, 0, 0)
  const progress = env.rules.progressOfPull(pull)
  if (progress >= 0) storeOffset(state, env, pull.group, pull.topic, pull.queue, progress)
  if (pull.offset > queue.max || pull.offset < queue.min) {
    return reply(env, from, pull, 'OFFSET_MOVED', [], env.rules.correctedOffset(pull.offset, queue.min, queue.max), queue.min, queue.max)
  }
  if (pull.offset < queue.max) return replyFound(env, state, from, pull, queue)
  if (!pull.hold) return reply(env, from, pull, 'NOT_FOUND', [], pull.offset, queue.min, queue.max)
  state.held.push({
    from,
    salt: pull.salt,
    request: pull.request,
    topic: pull.topic,
    queue: pull.queue,
    offset: pull.offset,
    max: pull.max,
    deadline: env.uptime + state.shape.parameters.pullHoldUs,
  })
  armHold(state, env)
}

/** The dispatcher has built entries: held pulls that can be answered now are. */
export function answerHeld(state: BrokerState, env: BrokerEnv): void {
  if (state.held.length === 0) return
  const canNow = (held: HeldPull): boolean => env.rules.mayAnswerPull(held.offset, queueOf(state, held.topic, held.queue)?.max ?? 0)
  const ready = state.held.filter(canNow)
  if (ready.length === 0) return
  state.held = state.held.filter((held) => !ready.includes(held))
  for (const held of ready) {
    const queue = queueOf(state, held.topic, held.queue)
    if (queue !== undefined) replyFound(env, state, held.from, held, queue)
  }
}

function armHold(state: BrokerState, env: BrokerEnv): void {
  const first = state.held[0]
  if (state.holdArmed || first === undefined) return
  state.holdArmed = true
  env.timer('hold', first.deadline - env.uptime)
}

/** RMQ-089: after 15 s a held pull is answered with nothing. The 5 s scan between is left out: it matters only when a wake-up is lost. */
export function onHoldTimer(state: BrokerState, env: BrokerEnv): void {
  state.holdArmed = false
  const late = state.held.filter((held) => held.deadline <= env.uptime)
  state.held = state.held.filter((held) => held.deadline > env.uptime)
  for (const held of late) {
    const queue = queueOf(state, held.topic, held.queue)
    reply(env, held.from, held, 'NOT_FOUND', [], held.offset, queue?.min ?? 0, queue?.max ?? 0)
  }
  armHold(state, env)
}

/** A pull of a consumer whose connection is gone is forgotten. */
export function dropHeld(state: BrokerState, from: NodeId): void {
  if (state.held.some((held) => held.from === from)) state.held = state.held.filter((held) => held.from !== from)
}

type Asked = Pick<PullRequest, 'salt' | 'request' | 'topic' | 'queue' | 'offset' | 'max'>

/** Queue entry → record; an entry whose record is gone is passed over (MESSAGE_WAS_REMOVING). */
function replyFound(env: BrokerEnv, state: BrokerState, from: NodeId, pull: Asked, queue: QueueState): void {
  const entries = logFile(env.disk, queue.file)?.extents
  const until = Math.min(queue.max, pull.offset + pull.max)
  const messages: PulledMessage[] = []
  for (let offset = pull.offset; entries !== undefined && offset < Math.min(until, entries.length); offset++) {
    const entry = entries.at(offset).body as QueueEntry
    const found = readRecord(env.disk, state.log, entry.at)
    if (found === null) continue
    const { record, extent } = found
    messages.push({ offset, message: record.message, digest: digestRead(extent, record), fails: record.fails, at: entry.at })
  }
  reply(env, from, pull, messages.length > 0 ? 'FOUND' : 'NOT_FOUND', messages, until, queue.min, queue.max)
}

function reply(
  env: BrokerEnv,
  to: NodeId,
  pull: Asked,
  status: PullStatus,
  messages: readonly PulledMessage[],
  next: number,
  min: number,
  max: number,
): void {
  const message: PullAnswer = {
    type: 'pullAnswer',
    salt: salted('pullAnswer', pull.salt),
    request: pull.request,
    topic: pull.topic,
    queue: pull.queue,
    status,
    messages,
    next,
    min,
    max,
  }
  env.send(to, message)
}
