/**
 * RocketMQ as an open system: its NameServer and broker as they are, and its clients with the application left out. The model's own
 * producer and consumer are used, not something simpler: their retries, corrections and progress are what a RocketMQ client does, and
 * the planted bugs of clients show through them. What an application would do (which message to send, whether a listener succeeded,
 * what became of a transaction) comes in from outside, as `wake` entries.
 */
import type { TransactionStep, SendStep } from '../plan/script.ts'
import type { TxnOutcome } from '../plan/plan.ts'
import type { Entry } from '../sim/agenda.ts'
import type { Env, NodeId, Setting, System } from '../sim/system.ts'
import type { ConsumerState } from '../systems/rocketmq/client/consumer.ts'
import { onFinish } from '../systems/rocketmq/client/listener.ts'
import { heartbeat, type ProducerState } from '../systems/rocketmq/client/producer.ts'
import { routeOf, startRoutes } from '../systems/rocketmq/client/routes.ts'
import { begin } from '../systems/rocketmq/client/send.ts'
import type { RocketmqConfig } from '../systems/rocketmq/config.ts'
import { salted, type CheckTransaction, type EndTransaction, type RocketmqMessage } from '../systems/rocketmq/messages.ts'
import type { Rules } from '../systems/rocketmq/rules.ts'
import { rocketmq, type Node } from '../systems/rocketmq/system.ts'

/** The place of a half, by which its end names it. */
export type HalfPlace = Pick<EndTransaction, 'message' | 'halfOffset' | 'halfAt'>

/** What comes in from the application. */
export type Request =
  | { readonly do: 'begin'; readonly step: SendStep | TransactionStep }
  | { readonly do: 'end'; readonly to: NodeId; readonly half: HalfPlace; readonly outcome: TxnOutcome; readonly fromCheck: boolean }
  | { readonly do: 'settle'; readonly op: number; readonly done: boolean }
  | { readonly do: 'ask'; readonly to: NodeId; readonly message: RocketmqMessage }

/** What goes out beside the events that clients record. */
export interface Outlet {
  /** The broker asks producer `at` about a transaction. */
  checked(at: NodeId, check: CheckTransaction): void
  /** The administrator's question is answered. */
  answered(answer: RocketmqMessage): void
  /** The administrator's connection was refused (with what was to be sent) or is gone. */
  lost(message: RocketmqMessage | null): void
}

/** Asks the brokers single questions: what an operator's tools do. */
interface AdminState {
  readonly role: 'admin'
  readonly id: NodeId
}
export type OpenNode = Node | AdminState

/** Which group and topics a consumer of this name has, and who else is in the group. */
export interface Membership {
  readonly group: string
  readonly topics: readonly string[]
  readonly members: readonly string[]
}

export const ADMIN = 'admin'

/** What the client tells the broker is the application's word, unless a planted bug of the client says otherwise. */
function sendEnd(env: Env<Rules>, { to, half, outcome, fromCheck }: Request & { do: 'end' }): void {
  const told = fromCheck ? env.rules.answerToCheck(true, outcome) : env.rules.outcomeToReport(outcome)
  const salt = salted('endTransaction', half.message, fromCheck ? 1 : 0, env.uptime)
  const message: EndTransaction = { type: 'endTransaction', salt, ...half, outcome: told, fromCheck }
  env.send(to, message)
}

/** A topic that is new to this producer is polled for from now on; its send waits for the route. */
function beginSend(state: ProducerState, env: Env<Rules>, step: SendStep | TransactionStep): void {
  if (!state.topics.includes(step.topic)) state.topics = [...state.topics, step.topic]
  if (routeOf(state, step.topic) === undefined) startRoutes(env)
  begin(state, env, step, -1)
  if (step.do === 'transaction') heartbeat(state, env)
}

function handleProducer(state: ProducerState, entry: Entry, env: Env<Rules>, outlet: Outlet): void {
  if (entry.kind === 'wake') {
    const request = entry.body as Request
    if (request.do === 'begin') beginSend(state, env, request.step)
    else if (request.do === 'end') sendEnd(env, request)
    return
  }
  const message = entry.kind === 'message' ? (entry.body as RocketmqMessage) : null
  if (message?.type === 'checkTransaction') return outlet.checked(state.id, message)
  rocketmq.handle(state, entry, env)
  if (message?.type === 'routeAnswer' && state.open.some((open) => open.step.do === 'transaction')) heartbeat(state, env)
}

function handleConsumer(state: ConsumerState, entry: Entry, env: Env<Rules>): void {
  // The model's listener would be finished by now: the one outside says itself when it is.
  if (entry.kind === 'timer' && entry.name === 'finish') return
  if (entry.kind !== 'wake') return rocketmq.handle(state, entry, env)
  const request = entry.body as Request
  if (request.do !== 'settle') return
  state.running = state.running.map((one) => (one.op === request.op ? { ...one, succeeds: request.done } : one))
  onFinish(state, env, request.op)
}

function handleAdmin(entry: Entry, env: Env<Rules>, outlet: Outlet): void {
  const request = entry.body as Request
  if (entry.kind === 'wake' && request.do === 'ask') env.send(request.to, request.message)
  else if (entry.kind === 'message') outlet.answered(entry.body as RocketmqMessage)
  else if (entry.kind === 'refused') outlet.lost(entry.body as RocketmqMessage)
  else if (entry.kind === 'reset') outlet.lost(null)
}

/** A consumer boots as a member of the group that it was opened for. */
function settingOf(name: string, setting: Setting<RocketmqConfig>, membershipOf: (name: string) => Membership): Setting<RocketmqConfig> {
  const { group, topics, members } = membershipOf(name)
  return { ...setting, cluster: { ...setting.cluster, groups: [{ name: group, topics: [...topics], consumers: [...members] }] } }
}

export function openRocketmq(membershipOf: (name: string) => Membership, outlet: Outlet): System<RocketmqConfig, OpenNode, Rules> {
  return {
    ...rocketmq,
    // Roles are what the cluster says, since a fault reaches one process here.
    processesOf: () => null,
    boot: (id, setting) => {
      const spec = setting.nodes[id]
      if (spec?.role === 'admin') return { role: 'admin', id }
      return rocketmq.boot(id, spec?.role === 'consumer' ? settingOf(spec.name, setting, membershipOf) : setting)
    },
    start: (node, env) => (node.role === 'admin' ? undefined : rocketmq.start(node, env)),
    handle: (node, entry, env) => {
      if (node.role === 'admin') return handleAdmin(entry, env, outlet)
      if (node.role === 'producer') return handleProducer(node, entry, env, outlet)
      return node.role === 'consumer' ? handleConsumer(node, entry, env) : rocketmq.handle(node, entry, env)
    },
    stop: (node, env) => (node.role === 'admin' ? env.exit() : rocketmq.stop(node, env)),
    fork: (node) => (node.role === 'admin' ? { ...node } : rocketmq.fork(node)),
    // Nobody waits for an open world to come to rest.
    pending: () => null,
  }
}
