/** A delivery goes through its group's recipe: the listener's side of receivers/, with its timers and its statements. */
import { label } from '../../../sim/choices.ts'
import type { Env } from '../../../sim/system.ts'
import { salted, type Query, type QueryAnswer } from '../messages.ts'
import { sendOn } from './forward.ts'
import type { ConsumerState, Running } from './consumer-state.ts'
import { answered, move, newHandling, silence, worked, type Handling, type Move } from './receivers/handling.ts'
import { execute } from './receivers/tables.ts'
import type { PulledMessage } from '../messages.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>
const DURATION = label('client.listener')

/** What the listener reports, or null: it is not at its end. */
export type Report = boolean | null

/** A delivery that a receiver handles. */
interface Handled extends Running {
  readonly handling: Handling
}
const handledIn = (state: ConsumerState, op: number): Handled | undefined =>
  state.running.find((one): one is Handled => one.op === op && one.handling !== null)

/** The handling of a delivery, or null: the group's listener does nothing that could be seen. */
export function handlingOf(state: ConsumerState, env: ClientEnv, op: number, message: PulledMessage): Handling | null {
  const { receiver, parameters } = state.shape
  if (receiver === null) return null
  const { keyLifeUs, lockLeaseUs } = parameters
  return newHandling(env.rules.recipeToRun(receiver.recipe), {
    key: env.rules.keyOf(receiver.by, message),
    owner: op,
    keyLifeUs,
    lockLeaseUs,
  })
}

export const work = (state: ConsumerState, env: ClientEnv, { op, luck }: Running): void =>
  env.later('finish', 1 + env.choose(DURATION, luck, state.shape.parameters.listenerUs), op)

/** Its first step. None is the last one, so there is nothing to report yet. */
export function begin(state: ConsumerState, env: ClientEnv, running: Running): void {
  if (running.handling === null) work(state, env, running)
  else follow(state, env, running, running.handling, move(running.handling))
}

/** The work is done. */
export function onWorked(state: ConsumerState, env: ClientEnv, running: Running): Report {
  const { handling, succeeds } = running
  if (handling !== null) return follow(state, env, running, handling, worked(handling, succeeds))
  const { forward } = state.shape
  if (!succeeds || forward === null || forward.when === 'never') return succeeds
  return sendOn(state, env, running) ? true : null
}

function follow(state: ConsumerState, env: ClientEnv, running: Running, handling: Handling, next: Move): Report {
  if (next.do === 'report') return next.success
  if (next.do === 'work') work(state, env, running)
  else ask(state, env, running, handling, next.ask)
  return null
}

/** A map in memory answers within the microsecond; a database takes a round trip. */
function ask(
  state: ConsumerState,
  env: ClientEnv,
  running: Running,
  handling: Handling,
  { of, statement }: (Move & { do: 'ask' })['ask'],
): void {
  const asked = statement(handling.terms)
  if (of === 'process') {
    const { yes } = execute(state.tables, asked, env.uptime, env.rules)
    return env.later('heard', 1, running.op, yes ? 1 : 0)
  }
  const query: Query = {
    type: 'query',
    salt: salted('query', running.luck, handling.asked),
    op: running.op,
    number: handling.asked,
    statement: asked,
    key: running.key,
    message: running.message,
  }
  env.send(state.shape.database, query)
  env.later('silence', state.shape.parameters.queryTimeoutUs, running.op, handling.asked)
}

const isOut = ({ handling }: Handled, number: number): boolean => handling.isOut && handling.asked === number

/** The answer to a delivery's last statement; a later one is void, as is one for a delivery that is over. */
export function onAnswer(state: ConsumerState, env: ClientEnv, { op, number, yes }: QueryAnswer): Report {
  const running = handledIn(state, op)
  if (running === undefined || !isOut(running, number)) return null
  return follow(state, env, running, running.handling, answered(running.handling, yes))
}

/** The map in memory has answered. */
export function onHeard(state: ConsumerState, env: ClientEnv, op: number, yes: boolean): Report {
  const running = handledIn(state, op)
  return running === undefined ? null : follow(state, env, running, running.handling, answered(running.handling, yes))
}

export function onSilence(state: ConsumerState, env: ClientEnv, op: number, number: number): Report {
  const running = handledIn(state, op)
  if (running === undefined || !isOut(running, number)) return null
  return follow(state, env, running, running.handling, silence(running.handling, env.rules.isDoneAfterSilence()))
}
