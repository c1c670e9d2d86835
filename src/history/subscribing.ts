/** How a consumer learns whether a broker understands what its group wants, where that is written as a selector. */
import type { Op } from './event.ts'

/** `ok`: the broker takes the selector. `fail`: it does not, and says why; the consumer does not start. */
export type Subscribe = Op<'ok' | 'fail', 'subscribe', { readonly group: string; readonly selector: string; readonly reason: string }>
