/** How a client sends, as the header of a history says it: what RTE-4 holds its attempts to. */
import type { Us } from '../plan/units.ts'

/** How a client sends, where that is known: how long, how often, and again after which endings. */
export interface Sending {
  /** Of all attempts together. */
  readonly timeoutUs: Us
  /** In all; where the caller has chosen the queue, a sync send has one. */
  readonly attempts: { readonly sync: number; readonly async: number }
  /** After these endings of an attempt there is another, while attempts and time are left. */
  readonly retried: { readonly sync: readonly string[]; readonly async: readonly string[] }
  /** Where it leaves brokers alone that were slow or failed. */
  readonly isolation?: IsolationTable | undefined
}

/** For how long a client leaves a broker alone after an attempt that took at least so long; a failed attempt counts as one of `failureLatencyUs`. */
export interface IsolationTable {
  readonly table: readonly { readonly latencyUs: Us; readonly notAvailableUs: Us }[]
  readonly failureLatencyUs: Us
}
