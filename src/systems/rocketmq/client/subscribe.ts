/**
 * Before a client that brings a selector starts, it asks a broker whether that is understood there (RMQ-137). One that is refused does not start: its
 * process ends, with the broker's reason.
 *
 * So does one whose account may not do what it wants (RMQ-143). Simplified: in RocketMQ it goes on asking, and is nobody's member and given nothing.
 *
 * Left out: that a start fails, too, when no broker can be asked. Here the client asks again every second.
 */
import { hashName } from '../../../plan/hash.ts'
import { seconds } from '../../../plan/units.ts'
import type { Env } from '../../../sim/system.ts'
import { SelectorFilter, type Filter } from '../filter.ts'
import { salted } from '../messages.ts'
import type { CheckClient, CheckClientAnswer } from '../group-messages.ts'
import type { ConsumerState } from './consumer-state.ts'
import type { ClientRules } from './rules.ts'

type ClientEnv = Env<ClientRules>
export const CHECK_TIMER = 'checkClient'

export const isAdmitted = ({ shape, admitted }: ConsumerState): boolean =>
  admitted || (!shape.guarded && !(shape.filter instanceof SelectorFilter))

const asSelector = (filter: Filter | null): SelectorFilter | null => (filter instanceof SelectorFilter ? filter : null)

/** Asks the first broker of the first route that is known. */
export function askAdmission(state: ConsumerState, env: ClientEnv): void {
  const { filter, group } = state.shape
  const broker = state.routes[0]?.places[0]?.broker
  if (isAdmitted(state)) return
  env.timer(CHECK_TIMER, seconds(1))
  if (broker === undefined) return
  state.checking = ++state.serial
  const salt = salted('checkClient', hashName(state.shape.name), broker, env.uptime)
  env.send(broker, {
    type: 'checkClient',
    salt,
    request: state.checking,
    group,
    topics: state.topics.slice(),
    filter: asSelector(filter),
  } as CheckClient)
}

/** True: it may start now. */
export function onCheckClientAnswer(state: ConsumerState, env: ClientEnv, { request, refused }: CheckClientAnswer): boolean {
  const { filter, group } = state.shape
  if (request !== state.checking || isAdmitted(state)) return false
  const selector = asSelector(filter)?.text ?? ''
  env.record.subscribe(++state.serial, refused === '' ? 'ok' : 'fail', { group, selector, reason: refused })
  if (refused !== '') {
    env.exit()
    return false
  }
  state.admitted = true
  return true
}
