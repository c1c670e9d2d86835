/**
 * An application that moves messages on: its listener sends each one to another topic, with a producer of its own in the same process, and tells
 * the broker that it is done when that send was acknowledged (or, wrongly, before; or it never sends). The process dies as a whole. A copy is
 * a message of its own, with a msgId of its own: the history says of which message it is a copy.
 *
 * Left out: the size of the body, which nothing here depends on.
 */
import { mix } from '../../../plan/hash.ts'
import type { SendStep } from '../../../plan/script.ts'
import type { Entry } from '../../../sim/agenda.ts'
import type { Env, NodeId, Setting } from '../../../sim/system.ts'
import type { RocketmqConfig } from '../config.ts'
import type { RocketmqMessage, SendAnswer } from '../messages.ts'
import type { RouteAnswer } from '../route-messages.ts'
import type { ConsumerState, Running } from './consumer-state.ts'
import { FORWARDED, newProducer, type ProducerState } from './producer-state.ts'
import { onNameServerLost, onRoute, onRouteTimer } from './routes.ts'
import type { ClientRules } from './rules.ts'
import { ATTEMPT_TIMER, begin, onAnswer, onAttemptTimer, onDeadline, onLost, retryWaiting } from './send.ts'

type ClientEnv = Env<ClientRules>

/** Size of a copy. */
const BYTES = 100

/** The producer of a forwarding process: it has no script. */
export const newForwarder = (id: NodeId, setting: Setting<RocketmqConfig>, to: string): ProducerState => ({
  ...newProducer(id, setting),
  topics: [to],
  trace: null,
})

/** Sends a copy, whose operation the delivery remembers. True: the listener does not wait for what becomes of it. */
export function sendOn(state: ConsumerState, env: ClientEnv, running: Running): boolean {
  const { out } = state
  const { forward } = state.shape
  if (forward === null || out === null) return true
  const op = ++state.serial
  state.running = state.running.map((one) => (one.op === running.op ? { ...one, copy: op } : one))
  const step: SendStep = {
    do: 'send',
    op,
    of: running.message,
    atUs: env.uptime,
    salt: mix(running.luck, FORWARDED),
    topic: forward.to,
    to: null,
    bytes: BYTES,
    fails: 0,
    digest: mix(running.luck, running.message),
    text: '',
    key: running.key,
    labels: running.labels,
    mode: 'sync',
    byKey: false,
    sentinel: false,
    delay: null,
  }
  out.startedAt = state.startedAt
  begin(out, env, step, FORWARDED)
  return !env.rules.waitsForCopy(forward.when)
}

/** What has come to an end since this was last asked: which delivery, and was its copy acknowledged? */
export function sentOn(state: ConsumerState, env: ClientEnv): { readonly op: number; readonly success: boolean }[] {
  const { out } = state
  if (out === null || out.forwarded.length === 0) return []
  const ends = out.forwarded
  out.forwarded = []
  return ends.flatMap(({ op, acknowledged }) => {
    const running = state.running.find(({ copy }) => copy === op)
    return running === undefined ? [] : [{ op: running.op, success: env.rules.isSentOn(acknowledged) }]
  })
}

export function onCopyAnswer({ out }: ConsumerState, env: ClientEnv, message: SendAnswer): void {
  if (out !== null) onAnswer(out, env, message)
}

/** True when the route is the forwarder's. */
export function onCopyRoute({ out }: ConsumerState, env: ClientEnv, from: NodeId, message: RouteAnswer): boolean {
  if (out === null || !out.topics.includes(message.topic)) return false
  if (onRoute(out, env, from, message)) retryWaiting(out, env, message.topic)
  return true
}

export function onCopyTimer({ out }: ConsumerState, env: ClientEnv, entry: Entry): void {
  if (out === null) return
  if (entry.name === ATTEMPT_TIMER) onAttemptTimer(out, env, entry.a, entry.b)
  else onDeadline(out, env)
}

/** Both clients of the process look for routes at the same time. */
export function askCopyRoute({ out }: ConsumerState, env: ClientEnv): void {
  if (out !== null) onRouteTimer(out, env)
}

/** A connection was refused or is gone. */
export function onCopyLost({ out }: ConsumerState, env: ClientEnv, entry: Entry): void {
  if (out === null) return
  onNameServerLost(out, env, entry)
  onLost(out, env, entry.from, entry.kind === 'refused' ? (entry.body as RocketmqMessage) : null)
}
