/**
 * Rebalance (RMQ-101 to RMQ-103): every member asks one broker of the topic who is in its group, and computes its own share, alone. At once
 * when it hears that the members or the route have changed, and every twenty seconds in case it did not hear.
 *
 * Left out: turns of twenty seconds that find nothing new. A broker from which a consumer pulls says in its answers whether that consumer has
 * asked for the members since they last changed, which is heard within fifteen seconds; where it does not pull, it takes its turns. A broker does not say
 * for which topic it was asked: where one topic's list is not what the same broker has said for another, the other's is out of date.
 */
import { hashName, mix } from '../../../plan/hash.ts'
import { isSameList } from '../../../plan/lists.ts'
import { label } from '../../../sim/choices.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { salted } from '../messages.ts'
import type { ConsumerList, GetConsumerList } from '../group-messages.ts'
import { masterFirst } from './addresses.ts'
import { sortMembers, sortQueues, type MessageQueue } from './allocate/strategy.ts'
import { isBegun, isHeld, isPulled, newTask, type Balance, type ConsumerState, type Task } from './consumer-state.ts'
import { armHeartbeat, tellBroker } from './heartbeat.ts'
import { askLock, giveBack } from './orderly-lock.ts'
import { noteUnanswered } from './polls.ts'
import { newProcessQueue } from './process-queue.ts'
import { tell } from './progress.ts'
import { armTimeout, askOffset, resumeShared } from './pull.ts'
import { brokersOf, routeOf, type Place } from './routes.ts'
import type { ClientRules } from './rules.ts'
import { armRebalance, isDone } from './rebalance-timer.ts'

type ClientEnv = Env<ClientRules>
const WHOM = label('client.memberList')
export const newBalance = (topic: string): Balance => ({
  topic,
  request: -1,
  deadline: 0,
  again: false,
  announced: false,
  settled: false,
  members: [],
  toldBy: -1,
})

/** Something has changed: now, or as soon as the question that is out has come back. */
export function rebalance(state: ConsumerState, env: ClientEnv): void {
  for (const { topic } of state.balances) rebalanceTopic(state, env, topic)
}

export function rebalanceTopic(state: ConsumerState, env: ClientEnv, topic: string): void {
  const balance = state.balances.find((one) => one.topic === topic)
  if (balance === undefined) return
  balance.settled = false
  if (balance.request >= 0 && !balance.announced) balance.again = true
  else ask(state, env, balance)
}

/** A broker that is told of this consumer answers with a notification: it is waited for as for any answer. */
export function awaitNotification(state: ConsumerState, env: ClientEnv, topic: string): void {
  const balance = state.balances.find((one) => one.topic === topic)
  if (balance === undefined || balance.request >= 0) return
  balance.announced = true
  expectAnswer(state, env, balance)
}

function expectAnswer(state: ConsumerState, env: ClientEnv, balance: Balance): void {
  balance.request = ++state.serial
  balance.deadline = env.uptime + state.shape.parameters.clientTimeoutUs
  armTimeout(state, env, balance.deadline)
}

/** One broker of the topic, whichever. */
function ask(state: ConsumerState, env: ClientEnv, balance: Balance): void {
  const route = routeOf(state, balance.topic)
  const brokers = route === undefined ? [] : brokersOf(route)
  const salt = salted('getConsumerList', mix(state.id, hashName(balance.topic)), env.uptime)
  const to = brokers[env.choose(WHOM, salt, brokers.length)]
  if (to === undefined) return
  const whom = masterFirst(state, balance.topic, to)
  balance.again = false
  balance.announced = false
  expectAnswer(state, env, balance)
  tellBroker(state, env, whom, {
    type: 'getConsumerList',
    salt,
    request: balance.request,
    group: state.shape.group,
    clientId: state.clientId,
  } as GetConsumerList)
}

/** A broker has let this consumer know that its view is out of date. */
export function onStale(state: ConsumerState, env: ClientEnv): void {
  if (state.balances.every(({ request }) => request < 0)) rebalance(state, env)
}

/** Nobody answered: nothing changes until the next turn. */
export function onListMissing(state: ConsumerState, env: ClientEnv, balance: Balance): void {
  balance.request = -1
  if (balance.again) ask(state, env, balance)
  armRebalance(state, env)
}

export function onConsumerList(state: ConsumerState, env: ClientEnv, from: NodeId, { request, members }: ConsumerList): void {
  const balance = state.balances.find((one) => one.request === request)
  if (balance === undefined) return
  balance.request = -1
  if (!members.includes(state.clientId)) armHeartbeat(state, env, true)
  // A broker that knows nobody gives no list (RMQ-101): everything stays as it is.
  if (members.length > 0) {
    balance.settled = members.includes(state.clientId)
    const sorted = sortMembers(members)
    balance.members = sorted
    balance.toldBy = from
    for (const other of state.balances) if (other.toldBy === from && !isSameList(other.members, sorted)) other.settled = false
    share(state, env, balance.topic, env.rules.sortsMembers() ? sorted : members)
  }
  if (balance.again) ask(state, env, balance)
  armHeartbeat(state, env)
  armRebalance(state, env)
}

export function onRebalanceTimer(state: ConsumerState, env: ClientEnv): void {
  if (isDone(state)) return
  rebalance(state, env)
  armRebalance(state, env)
}

/** RMQ-102: what this member's strategy gives it. Queues that are not in it are lost, the others gained (RMQ-103). */
function share(state: ConsumerState, env: ClientEnv, topic: string, members: readonly string[]): void {
  const { shape, clientId } = state
  const places = routeOf(state, topic)?.places ?? []
  const nameOf = ({ broker }: Place): string => shape.nodeNames[broker] ?? ''
  const queues = sortQueues(places.map((place): MessageQueue => ({ topic, broker: nameOf(place), queue: place.queue })))
  const mine = env.rules.shareOf(shape.allocate, clientId, queues, members)
  noteShare(state, env, { topic, queues, members, mine })
  const wanted = places.filter((place) => mine.some(({ broker, queue }) => queue === place.queue && broker === nameOf(place)))
  const isAt = (task: Task, place: Place): boolean => task.topic === topic && task.queue === place.queue && task.broker === place.broker
  for (const task of state.tasks)
    if (task.topic === topic && isHeld(task) && !wanted.some((place) => isAt(task, place)) && env.rules.dropsLostQueue())
      lose(state, env, task)
  for (const place of wanted) {
    const known = state.tasks.find((task) => isAt(task, place))
    if (known === undefined) state.tasks.push(newTask(topic, place, shape.orderly))
    const task = known ?? state.tasks[state.tasks.length - 1]
    if (task !== undefined && !isHeld(task)) (task.orderly === null ? askOffset : askLock)(state, env, task)
  }
  resumeShared(state, env)
}

interface View {
  readonly topic: string
  readonly queues: readonly MessageQueue[]
  readonly members: readonly string[]
  readonly mine: readonly MessageQueue[]
}

/** What was computed, and from what, where the group names its strategy. */
function noteShare(state: ConsumerState, env: ClientEnv, { topic, queues, members, mine }: View): void {
  const { shape, clientId } = state
  if (shape.strategy === null) return
  const places = routeOf(state, topic)?.places ?? []
  const named = (all: readonly MessageQueue[]): string[] =>
    all.flatMap(
      ({ broker, queue }) => places.find((place) => place.queue === queue && shape.nodeNames[place.broker] === broker)?.name ?? [],
    )
  env.record.share(++state.serial, {
    group: shape.group,
    topic,
    strategy: shape.strategy,
    member: clientId,
    members: members.slice(),
    queues: named(queues),
    share: named(mine),
  })
}

/** RMQ-103: progress is told, what is held is forgotten; listeners that are at work go on, and their results are void (RMQ-094). */
export function lose(state: ConsumerState, env: ClientEnv, task: Task): void {
  if (isBegun(task)) {
    if (isPulled(state)) task.committed = env.rules.committedAtLoss(task.committed, task.next)
    tell(state, env, task)
    env.record.revoke(++state.serial, state.shape.group, task.topic, task.name, task.processing.progress)
  }
  noteUnanswered(state, env, task, 'REVOKED')
  if (task.orderly !== null) giveBack(state, env, task)
  task.generation++
  task.phase = 'lost'
  task.request = -1
  task.processing = newProcessQueue(0)
}

/** What keeps this consumer from being content with what it holds, or null. */
export function unbalanced(state: ConsumerState): string | null {
  const waiting = state.balances.find(({ settled, request }) => !settled || request >= 0)
  return waiting === undefined ? null : `${state.shape.name} does not know its share of ${waiting.topic}`
}
