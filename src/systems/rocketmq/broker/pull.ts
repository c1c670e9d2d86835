/** Pulling: what a consumer gets for an offset, and long polling (RMQ-034, RMQ-035, RMQ-089). */
import { logFile } from '../../../sim/disk.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted, type PullAnswer, type PulledMessage, type PullRequest, type PullStatus } from '../messages.ts'
import { filterFor, hasSomething, isSelected, passes, topicFilter } from './filter.ts'
import { toGrid } from './grid.ts'
import { recordAt } from './log.ts'
import { isStale, isSubscribed, noteAlive } from './members.ts'
import { furthestOffset, storeOffset } from './offsets.ts'
import { reconsumeTimesOf } from './pop-record.ts'
import { digestRead, entryAt } from './record.ts'
import type { BrokerRules } from './rules.ts'
import { isSlave, pendingReset, queueOf, topicOf, type BrokerState, type HeldPull, type PendingReset, type QueueState } from './state.ts'

type BrokerEnv = Env<BrokerRules>

export function onPull(state: BrokerState, env: BrokerEnv, from: NodeId, pull: PullRequest): void {
  const queue = queueOf(state, pull.topic, pull.queue)
  if (queue === undefined || !isOpen(state, pull)) return refuse(state, env, from, pull)
  if (isSlave(state) && pull.clientId !== '' && isSentBack(state, env, pull, queue)) return retry(state, env, from, pull, queue)
  if (pull.clientId !== '') {
    if (!isSubscribed(state, pull.group, pull.topic) || isBehind(state, pull))
      return reply(state, env, from, pull, 'NOT_SUBSCRIBED', [], pull.offset, 0, 0)
    noteAlive(state, env, pull.group, pull.clientId)
    const reset = pendingReset(state, pull.group, pull.topic, pull.queue)
    if (reset !== undefined) return handOut(state, env, from, pull, queue, reset)
  }
  const progress = env.rules.progressOfPull(pull)
  if (progress >= 0) storeOffset(state, env, env.rules.groupOfOffset(pull.group), pull.topic, pull.queue, progress)
  if (pull.offset !== queue.max || !pull.hold) return answerNow(state, env, from, pull, queue)
  hold(state, env, {
    from,
    salt: pull.salt,
    request: pull.request,
    group: pull.group,
    clientId: pull.clientId,
    topic: pull.topic,
    queue: pull.queue,
    offset: pull.offset,
    max: pull.max,
    subVersion: pull.subVersion,
    deadline: env.uptime + (pull.holdUs ?? state.shape.parameters.pullHoldUs),
  })
}

/** The consumer filters, and has subscribed later than the broker knows, who may know nothing: a pull can overtake the heartbeat before it. */
const isBehind = (state: BrokerState, { group, topic, subVersion }: Asked): boolean =>
  subVersion >= 0 && subVersion > (topicFilter(state, group, topic)?.subVersion ?? -1)

/** RMQ-034, RMQ-069: a slave from which nobody is to read, or that can't say where else to go on. */
const isSentBack = (state: BrokerState, env: BrokerEnv, { offset }: Asked, { min, max }: QueueState): boolean =>
  !state.shape.config.slaveReadEnable || ((offset < min || offset > max) && env.rules.correctedBySlave(offset, min, max) === offset)

const retry = (state: BrokerState, env: BrokerEnv, from: NodeId, pull: Asked, { min, max }: QueueState): void =>
  reply(state, env, from, pull, 'NOT_FOUND', [], pull.offset, min, max, { retry: true })

/** RMQ-016: only queues below the read number can be pulled. */
const isOpen = (state: BrokerState, { topic, queue }: Asked): boolean => queue < (topicOf(state, topic)?.readQueues ?? 0)

const refuse = (state: BrokerState, env: BrokerEnv, from: NodeId, pull: Asked): void =>
  reply(state, env, from, pull, 'ERROR', [], pull.offset, 0, 0)

/** RMQ-098: the pull is told where its group goes on, and nothing of what it brings along counts. */
function handOut(state: BrokerState, env: BrokerEnv, from: NodeId, pull: PullRequest, { min, max }: QueueState, reset: PendingReset): void {
  state.resets = state.resets.filter((one) => one !== reset)
  reply(state, env, from, pull, 'OFFSET_MOVED', [], reset.offset, min, max)
}

/** Held pulls lie in the order of their deadlines: not everybody's are kept for as long. */
function hold(state: BrokerState, env: BrokerEnv, held: HeldPull): void {
  let at = state.held.length
  while (at > 0 && (state.held[at - 1] as HeldPull).deadline > held.deadline) at--
  if (at === state.held.length) state.held.push(held)
  else state.held.splice(at, 0, held)
  armHold(state, env)
}

/** What the queue says at this moment (RMQ-034). */
function answerNow(state: BrokerState, env: BrokerEnv, from: NodeId, pull: Asked, queue: QueueState): void {
  const { min, max } = queue
  if (pull.offset > max || pull.offset < min)
    return reply(
      state,
      env,
      from,
      pull,
      'OFFSET_MOVED',
      [],
      (isSlave(state) ? env.rules.correctedBySlave : env.rules.correctedOffset)(pull.offset, min, max),
      min,
      max,
    )
  if (pull.offset < max) return replyFound(env, state, from, pull, queue)
  reply(state, env, from, pull, 'NOT_FOUND', [], pull.offset, min, max)
}

/** The dispatcher has built entries: held pulls that can be answered now are. */
export function answerHeld(state: BrokerState, env: BrokerEnv): void {
  if (state.held.length === 0) return
  const canNow = (held: HeldPull): boolean => env.rules.mayAnswerPull(held.offset, queueOf(state, held.topic, held.queue)?.max ?? 0)
  const behind = state.held.filter(canNow)
  const ready = behind.filter((held) => isFor(state, env, held))
  // What is for others is passed by with the next scan.
  if (ready.length < behind.length) armScan(state, env)
  if (ready.length === 0) return
  if (!env.rules.wakesHeldPulls()) return armScan(state, env)
  wake(state, env, ready)
}

function isFor(state: BrokerState, env: BrokerEnv, held: HeldPull): boolean {
  const queue = queueOf(state, held.topic, held.queue)
  return queue !== undefined && hasSomething(state, env, filterFor(state, held), queue, held.offset)
}

/** RMQ-089: the scan that finds pulls whose wake-up was lost. Its turns in which it finds nothing are left out. */
function armScan(state: BrokerState, env: BrokerEnv): void {
  if (env.rules.scansHeldPulls()) env.timer('scan', toGrid(env.uptime, state.shape.parameters.pullScanUs))
}

export function onScan(state: BrokerState, env: BrokerEnv): void {
  wake(
    state,
    env,
    state.held.filter((held) => held.offset < (queueOf(state, held.topic, held.queue)?.max ?? 0)),
  )
}

function wake(state: BrokerState, env: BrokerEnv, ready: readonly HeldPull[]): void {
  state.held = state.held.filter((held) => !ready.includes(held))
  for (const held of ready) {
    const queue = mayAnswer(state, env, held)
    if (queue !== null) replyFound(env, state, held.from, held, queue)
  }
}

/** A held pull is carried out anew: its queue may have been closed meanwhile, and its master may be a slave. Null: that has been answered. */
function mayAnswer(state: BrokerState, env: BrokerEnv, held: HeldPull): QueueState | null {
  const queue = queueOf(state, held.topic, held.queue)
  if (queue === undefined) return null
  if (isSlave(state) && held.clientId !== '' && isSentBack(state, env, held, queue)) retry(state, env, held.from, held, queue)
  else if (isOpen(state, held) && !isBehind(state, held)) return queue
  else refuse(state, env, held.from, held)
  return null
}

function armHold(state: BrokerState, env: BrokerEnv): void {
  const first = state.held[0]
  if (first === undefined || (state.holdAt >= 0 && state.holdAt <= first.deadline)) return
  state.holdAt = first.deadline
  env.timer('hold', first.deadline - env.uptime)
}

/** RMQ-089: after 15 s a held pull is carried out once more, and not held again. */
export function onHoldTimer(state: BrokerState, env: BrokerEnv): void {
  state.holdAt = -1
  const late = state.held.filter((held) => held.deadline <= env.uptime)
  state.held = state.held.filter((held) => held.deadline > env.uptime)
  if (!env.rules.endsHold()) return armHold(state, env)
  for (const held of late) {
    const queue = mayAnswer(state, env, held)
    if (queue !== null) answerNow(state, env, held.from, held, queue)
  }
  armHold(state, env)
}

/** A pull of a consumer whose connection is gone is forgotten. */
export function dropHeld(state: BrokerState, from: NodeId): void {
  if (state.held.some((held) => held.from === from)) state.held = state.held.filter((held) => held.from !== from)
}

type Asked = Pick<PullRequest, 'salt' | 'request' | 'group' | 'clientId' | 'topic' | 'queue' | 'offset' | 'max' | 'subVersion'>

/** Queue entry → record; an entry whose record is gone is passed over (MESSAGE_WAS_REMOVING), and so is one that is not for the group. */
function replyFound(env: BrokerEnv, state: BrokerState, from: NodeId, pull: Asked, queue: QueueState): void {
  const entries = logFile(env.disk, queue.file)?.extents
  const filter = filterFor(state, pull)
  const scanned = filter === null ? pull.max : Math.max(state.shape.parameters.filterScan, pull.max)
  let until = Math.min(queue.max, pull.offset + scanned)
  let messages: PulledMessage[] = []
  const first = pull.clientId === '' ? pull.offset : env.rules.firstGiven(pull.offset, () => furthestOffset(state, pull.topic, pull.queue))
  for (let offset = first; entries !== undefined && offset < Math.min(until, entries.length); offset++) {
    const entry = entryAt(entries, offset)
    if (!passes(env, filter, entry)) continue
    if (messages.length === pull.max) {
      until = offset
      break
    }
    const extent = recordAt(env.disk, state.log, entry.at)
    if (extent === null || !isSelected(env, filter, extent)) continue
    const { message, msgId, key, bytes, fails, labels, pop } = extent.body
    const pulled = { offset, message, msgId, key, digest: digestRead(extent, extent.body), bytes, fails, labels, at: entry.at }
    const one = pop === null ? pulled : { ...pulled, reconsumeTimes: reconsumeTimesOf(pop) }
    // Mostly there is one, and a list that grows makes room for many.
    if (messages.length === 0) messages = [one]
    else messages.push(one)
  }
  const found = env.rules.nextAfterFound(until, pull.offset, pull.max)
  const next = isSlave(state) ? env.rules.nextAtSlave(found) : found
  const nothing = filter === null ? 'NOT_FOUND' : 'NO_MATCHED'
  const more = state.ha === null ? NOTHING_MORE : suggestion(state, env, messages)
  reply(state, env, from, pull, messages.length > 0 ? 'FOUND' : nothing, messages, next, queue.min, queue.max, more)
}

type More = Pick<PullAnswer, 'suggested' | 'retry'>
const NOTHING_MORE: More = {}

/** RMQ-069: the master is told by whom to be relieved of what is no longer in its memory. */
function suggestion({ ha, log, shape }: BrokerState, env: BrokerEnv, messages: readonly PulledMessage[]): More {
  const last = messages[messages.length - 1]
  if (ha === null || last === undefined || !shape.config.slaveReadEnable) return NOTHING_MORE
  return env.rules.suggestsSlave(log.end - last.at, shape.parameters.inMemoryBytes) ? { suggested: 1 } : NOTHING_MORE
}

function reply(
  state: BrokerState,
  env: BrokerEnv,
  to: NodeId,
  pull: Asked,
  status: PullStatus,
  messages: readonly PulledMessage[],
  next: number,
  min: number,
  max: number,
  more: More = NOTHING_MORE,
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
    // Members ask the master who they are, as long as there is one: what a slave knows of that is no news.
    stale: pull.clientId !== '' && !isSlave(state) && isStale(state, pull.group, pull.clientId),
  }
  // Mostly there is nothing more to say, and a copy is dear.
  env.send(to, more === NOTHING_MORE ? message : { ...message, ...more })
}
