/**
 * Which queue an attempt goes to (RMQ-015, RMQ-084, RMQ-088): the one that the caller chose, that of the key, or the next in turn, where a
 * retry passes over the broker that was tried last as long as there is another, and, with `sendLatencyFaultEnable`, every attempt over brokers
 * that are left alone (RMQ-085): if that leaves none, any but the last, and at the worst any.
 */
import { hashName, mix } from '../../../plan/hash.ts'
import type { PlanQueue } from '../../../plan/queues.ts'
import type { ClientStep, SendStep } from '../../../plan/script.ts'
import type { ChosenBy } from '../../../history/event.ts'
import { label } from '../../../sim/choices.ts'
import type { Env, NodeId } from '../../../sim/system.ts'
import { untilOf } from './latency.ts'
import { FORWARDED, type Open, type ProducerState } from './producer-state.ts'
import { routeOf, type Place, type Route } from './routes.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>
const TURN = label('client.queue')

/** What there was to choose from: a value, so that histories may hold on to it, and threads share it. */
export class Offer {
  readonly topic: string
  readonly places: readonly Place[]
  /** Names of the brokers, each once. */
  readonly brokers: readonly string[]
  constructor(topic: string, places: readonly Place[], brokers: readonly string[]) {
    this.topic = topic
    this.places = places
    this.brokers = brokers
  }
}

/** Where one thread is in the queues of one topic (RMQ-084: a counter for each thread). */
export interface Turn {
  readonly topic: string
  readonly thread: number
  offer: Offer
  /** -1 before its random start. */
  next: number
}

export interface Chosen {
  readonly place: Place
  readonly by: ChosenBy
  readonly offer: Offer
}

// Written out, as is the choice below: both are done for every send.
function samePlaces(xs: readonly Place[], ys: readonly Place[]): boolean {
  if (xs.length !== ys.length) return false
  for (let k = 0; k < xs.length; k++) {
    const [x, y] = [xs[k] as Place, ys[k] as Place]
    if (x.broker !== y.broker || x.queue !== y.queue) return false
  }
  return true
}

function newOffer(state: ProducerState, { topic, places }: Route): Offer {
  const brokers = new Set(places.map(({ broker }) => state.shape.names[broker] ?? ''))
  return new Offer(
    topic,
    places.map((place) => ({ ...place })),
    [...brokers],
  )
}

/** What a route offers; most of the time it is what it offered last. */
function offerOf(state: ProducerState, route: Route): Offer {
  for (const one of state.offers) if (one.topic === route.topic && samePlaces(one.places, route.places)) return one
  const offer = newOffer(state, route)
  state.offers = [...state.offers.filter(({ topic }) => topic !== route.topic), offer]
  return offer
}

/** The turns of the client's threads, by number; before the first stand those of sentinels and of what is sent on. */
function turnsOf({ turns }: ProducerState, thread: number): Turn[] {
  const index = thread - FORWARDED
  while (turns.length <= index) turns.push([])
  return turns[index] as Turn[]
}

function knownTurn(turns: readonly Turn[], topic: string): Turn | undefined {
  for (const turn of turns) if (turn.topic === topic) return turn
  return undefined
}

/** Another list of queues is begun anew. */
function turnOf(state: ProducerState, route: Route, thread: number): Turn {
  const { topic } = route
  const turns = turnsOf(state, thread)
  const offer = offerOf(state, route)
  const known = knownTurn(turns, topic)
  if (known === undefined) {
    turns.push({ topic, thread, offer, next: -1 })
    return turns[turns.length - 1] as Turn
  }
  if (known.offer !== offer && !samePlaces(known.offer.places, offer.places)) known.next = -1
  known.offer = offer
  return known
}

/** Which brokers do: those that have not failed lately, those but the one that was tried last, or any. */
type Suitable = 'available' | 'other' | 'any'

function suits(state: ProducerState, env: ClientEnv, which: Suitable, broker: NodeId, last: NodeId): boolean {
  if (which === 'any') return true
  if (env.rules.avoidsBroker(broker, last)) return false
  return which === 'other' || env.rules.isAvailable(env.now, untilOf(state.isolated, broker))
}

/** The next queue in turn whose broker suits, or null when none does. */
function nextInTurn(state: ProducerState, env: ClientEnv, turn: Turn, { step, broker: last }: Open, which: Suitable): Place | null {
  const { places } = turn.offer
  for (let k = 0; k < places.length; k++) {
    const place = places[turn.next % places.length] as Place
    turn.next = env.rules.nextTurn(turn.next, step.salt)
    if (suits(state, env, which, place.broker, last)) return place
  }
  return null
}

function inTurn(state: ProducerState, env: ClientEnv, turn: Turn, open: Open): Place | null {
  const tolerant = state.shape.sendLatencyFaultEnable
  // RMQ-085: a sync retry begins anywhere.
  if (turn.next < 0 || (tolerant && open.broker >= 0 && isSync(open.step)))
    turn.next = env.choose(TURN, mix(mix(state.id, hashName(turn.topic)), turn.thread), turn.offer.places.length)
  const available = tolerant ? nextInTurn(state, env, turn, open, 'available') : null
  return available ?? nextInTurn(state, env, turn, open, 'other') ?? nextInTurn(state, env, turn, open, 'any')
}

const isSync = (step: ClientStep): boolean => step.do !== 'send' || step.mode === 'sync'

/** Nobody looks whether a broker that is known has the queue that the caller asks for, but the broker itself (RMQ-016). */
function chosenPlace(state: ProducerState, { places }: Offer, { broker, queue, name }: PlanQueue): Place | null {
  const known = places.find((place) => place.name === name)
  if (known !== undefined) return known
  const home = places.find((place) => broker === null || state.shape.names[place.broker] === broker)
  return home === undefined ? null : { broker: home.broker, queue, name }
}

/** A selector sees the queues that the client has at this moment, and nothing else: when they change, keys move. */
function ofKey(env: ClientEnv, { places }: Offer, { key, op }: SendStep, attempt: number): Place | null {
  return places[env.rules.queueOfKey(key, places.length, op, attempt)] ?? null
}

/** For the next attempt of an operation. Null while no route of the topic, or none with the wanted queue, is known. */
export function chooseQueue(state: ProducerState, env: ClientEnv, open: Open): Chosen | null {
  const { step, thread, attempt } = open
  const route = routeOf(state, step.topic)
  if (route === undefined || route.places.length === 0 || step.do === 'createTopic') return null
  const turn = turnOf(state, route, thread)
  const { offer } = turn
  const { to } = step
  if (step.do === 'send' && step.byKey) {
    const place = ofKey(env, offer, step, attempt + 1)
    return place === null ? null : { place, by: 'caller', offer }
  }
  const place = to === null ? inTurn(state, env, turn, open) : chosenPlace(state, offer, to)
  return place === null ? null : { place, by: to === null ? 'turn' : 'caller', offer }
}
