/** The auditor: at the end of a run it reads every queue from its beginning, dead letters first, so that the history says what is really there. */
import type { Entry } from '../../../sim/agenda.ts'
import type { Env, NodeId, Setting } from '../../../sim/system.ts'
import { deadLetterTopic } from '../../../plan/group-topics.ts'
import { hashName, mix } from '../../../plan/hash.ts'
import type { PlanQueue } from '../../../plan/queues.ts'
import type { Script } from '../../../plan/script.ts'
import { seconds } from '../../../plan/units.ts'
import type { RocketmqConfig } from '../config.ts'
import { salted, type PullAnswer, type PullRequest, type RocketmqMessage } from '../messages.ts'
import { returningGroups } from '../returning.ts'
import { masterOf } from './addresses.ts'
import { closedIn, type IsClosed } from './closed.ts'
import { askRoute, forkRoutes, newRoutes, onNameServerLost, onRoute, routeOf, type Place, type RouteState } from './routes.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>

/** How often a topic that may not exist is looked for. */
const ROUTE_TRIES = 3

/** A queue, at a slave. */
interface Copy {
  readonly slave: NodeId
  readonly of: PlanQueue
}

export interface AuditorState extends RouteState {
  readonly role: 'auditor'
  readonly batch: number
  /** Every queue that the topics can have had. */
  readonly queues: readonly PlanQueue[]
  readonly isClosed: IsClosed
  /** So many topics, the first ones, must exist; the others are created by the plan, or were not. */
  readonly given: number
  /** What is still to be read of slaves, the present one first: before anything else, since their masters' queues are the end of the audit. */
  copies: readonly Copy[]
  /** The topic that is being read: an index into `topics`. */
  topic: number
  tries: number
  /** Queues of that topic that are still to be read, the present one first; null while its route is unknown. */
  places: Place[] | null
  next: number
  min: number
  request: number
}

/** Members of a group are no copies of one that is the master: any of them may be. Where roles change, every copy is some master's log in the end. */
const copiesIn = ({ cluster, config, script, idOf }: Setting<RocketmqConfig>): Copy[] =>
  (config.commitLog === 'dledger' || config.enableControllerMode ? [] : (cluster.slaves ?? [])).flatMap(({ name, of }) =>
    script.sentinels.flatMap(({ to }) => (to === null || (to.broker !== null && to.broker !== of) ? [] : [{ slave: idOf(name), of: to }])),
  )

function createdIn({ threads }: Script): Set<string> {
  const topics = new Set<string>()
  for (const { steps } of threads) for (const step of steps) if (step.do === 'createTopic') topics.add(step.topic)
  return topics
}

function newAuditor(id: NodeId, setting: Setting<RocketmqConfig>): AuditorState {
  const created = createdIn(setting.script)
  const { cluster } = setting
  const deadLetters = [...new Set(returningGroups(setting).map(({ name }) => deadLetterTopic(name)))]
  const given = [...deadLetters, ...cluster.topics.map((topic) => topic.name)]
  return {
    role: 'auditor',
    id,
    queues: setting.script.sentinels.flatMap(({ to }) => (to === null ? [] : [to])),
    isClosed: closedIn(setting.cluster),
    batch: setting.config.parameters.pullBatch,
    topics: [...given, ...[...created].filter((topic) => !given.includes(topic))],
    given: given.length,
    ...newRoutes(setting, 'consume'),
    copies: copiesIn(setting),
    topic: 0,
    tries: 0,
    places: null,
    next: 0,
    min: -1,
    request: 0,
  }
}

/** Asks for whatever comes next, and looks again after three seconds in case nothing comes. */
function proceed(state: AuditorState, env: ClientEnv): void {
  const [copy] = state.copies
  if (copy !== undefined) return askFor(state, env, { topic: copy.of.topic, broker: copy.slave, queue: copy.of.queue })
  const topic = state.topics[state.topic]
  if (topic === undefined) return env.cancel('again')
  env.timer('again', seconds(3))
  const place = state.places?.[0]
  if (place === undefined) return askRoute(state, env, topic)
  askFor(state, env, { topic, broker: masterOf(state, topic, place.broker), queue: place.queue })
}

function askFor(state: AuditorState, env: ClientEnv, { topic, broker, queue }: { topic: string; broker: NodeId; queue: number }): void {
  env.timer('again', seconds(3))
  const salt = salted('pull', mix(mix(state.id, hashName(topic)), queue), state.next, env.uptime)
  const message: PullRequest = {
    type: 'pull',
    salt,
    request: ++state.request,
    group: 'auditor',
    clientId: '',
    topic,
    queue,
    offset: state.next,
    commit: -1,
    max: state.batch,
    hold: false,
    subVersion: -1,
  }
  env.send(broker, message)
}

function onRouteAnswer(state: AuditorState, env: ClientEnv, topic: string): void {
  if (state.topics[state.topic] !== topic || state.places !== null) return
  const route = routeOf(state, topic)
  if (route === undefined) return
  state.places = route.places.slice()
  for (const queue of state.queues)
    if (queue.topic === topic && state.isClosed(state, queue)) env.record.noAudit(++state.request, topic, queue.name)
  beginQueue(state, env)
}

function beginQueue(state: AuditorState, env: ClientEnv): void {
  state.next = 0
  state.min = -1
  if (state.places?.length === 0) {
    state.places = null
    state.topic++
    state.tries = 0
  }
  proceed(state, env)
}

function onPulled(state: AuditorState, env: ClientEnv, answer: PullAnswer): void {
  if (answer.request !== state.request) return
  const [copy] = state.copies
  if (copy !== undefined) return onCopy(state, env, copy, answer)
  if (answer.status === 'ERROR') return
  if (state.min < 0) state.min = answer.min
  const name = state.places?.[0]?.name ?? ''
  for (const { offset, message, digest } of answer.messages) env.record.pull(state.request, answer.topic, name, offset, message, digest)
  // Before the first message the broker may send the reader to where the queue begins; afterwards there is only forward.
  state.next =
    answer.status === 'OFFSET_MOVED' ? Math.max(answer.min, Math.min(answer.next, answer.max)) : Math.max(state.next, answer.next)
  if (state.next < answer.max) return proceed(state, env)
  env.record.audit(state.request, answer.topic, name, state.min, answer.max)
  state.places = (state.places ?? []).slice(1)
  beginQueue(state, env)
}

/** A slave is read as by an operator who starts it as a master (RML-033): whether consumers may does not matter. */
function onCopy(state: AuditorState, env: ClientEnv, { slave, of }: Copy, answer: PullAnswer): void {
  const [name, where] = [state.routing.names[slave] ?? '', { topic: of.topic, queue: of.name }]
  if (answer.status === 'ERROR') return nextCopy(state, env)
  if (state.min < 0) state.min = answer.min
  for (const { offset, message, digest } of answer.messages)
    env.record.replicaPull(state.request, { ...where, slave: name, offset, message, digest })
  state.next = Math.max(state.next, answer.next)
  if (state.next < answer.max) return proceed(state, env)
  env.record.replicaAudit(state.request, { ...where, slave: name, min: state.min, max: answer.max })
  nextCopy(state, env)
}

function nextCopy(state: AuditorState, env: ClientEnv): void {
  state.copies = state.copies.slice(1)
  Object.assign(state, { tries: 0, next: 0, min: -1 })
  proceed(state, env)
}

function onAgain(state: AuditorState, env: ClientEnv): void {
  state.tries++
  if (state.copies.length > 0 && state.tries >= ROUTE_TRIES) return nextCopy(state, env)
  if (state.topic >= state.given && state.places === null && state.tries >= ROUTE_TRIES) {
    // A topic that nobody managed to create: there is nothing to read.
    state.topic++
    state.tries = 0
  }
  proceed(state, env)
}

export const auditor = {
  boot: newAuditor,
  /** Its operations are numbered as a consumer's are: apart from the script's and from every other process's. */
  start(state: AuditorState, env: ClientEnv): void {
    state.request = (state.id + 1) * 10_000_000_000_000 + env.uptime * 100
  },

  handle(state: AuditorState, entry: Entry, env: ClientEnv): void {
    if (entry.kind === 'wake') return proceed(state, env)
    if (entry.kind === 'timer') return onAgain(state, env)
    if (entry.kind === 'refused' || entry.kind === 'reset') return onNameServerLost(state, env, entry)
    if (entry.kind !== 'message') return
    const message = entry.body as RocketmqMessage
    if (message.type === 'pullAnswer') return onPulled(state, env, message)
    if (message.type !== 'routeAnswer') return
    onRoute(state, env, entry.from, message)
    onRouteAnswer(state, env, message.topic)
  },

  fork: (state: AuditorState): AuditorState => ({
    ...state,
    ...forkRoutes(state),
    places: state.places === null ? null : state.places.slice(),
  }),
}
