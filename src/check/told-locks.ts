/** What an orderly consumer was last told of the lock of a queue, and whether it keeps to it: it begins work only while that is valid. */
import type { ConsumeInvoke } from '../history/event.ts'
import type { Us } from '../plan/units.ts'
import type { Anomaly } from './checker.ts'
import { PAUSES } from './fault-log.ts'
import type { Ledger } from './ledger.ts'
import { showPlace } from './per-queue.ts'

export interface Told {
  readonly t: Us
  readonly validUs: Us
  /** It was refused since, or has given the lock back. */
  over: boolean
}

export const isValid = (told: Told, t: Us): boolean => !told.over && t - told.t <= told.validUs

/** The anomaly of a consumer that began without a valid lock, or null. */
export function withoutLock(event: ConsumeInvoke, told: Told | undefined, ledger: Ledger): Anomaly | null {
  const { p, t, v } = event
  if (told !== undefined && isValid(told, t)) return null
  const why = told === undefined ? 'never held' : told.over ? 'held no more' : `was last told of ${Math.round((t - told.t) / 1e6)} s before`
  const { group, topic, queue, message } = v
  return {
    guarantee: 'RBL-3',
    name: 'processed without lock',
    summary: `${p} began ${ledger.names.of(message)} (${showPlace(v)}) for ${group} under a lock that it ${why}`,
    t,
    facts: { group, topic, queue, consumer: p, message, paused: ledger.faults.hasStruck(PAUSES, p) },
    events: [event.i],
  }
}
