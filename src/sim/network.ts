/**
 * The network: every message takes a latency, and while a link fault acts it may be lost, held up, doubled or overtaken. Requests and
 * responses are alike to it, so lost, late and duplicate acknowledgements need no fault of their own.
 *
 * Left out: bandwidth, and the order that one TCP connection would keep between messages of the same instant.
 */
import type { FaultKind } from '../plan/faults.ts'
import { mix } from '../plan/hash.ts'
import { ms, type Us } from '../plan/units.ts'
import { label, type Choices } from './choices.ts'
import type { Medium, NodeId } from './system.ts'

/** A link fault in force. -1 stands for any node. */
export interface LinkWindow {
  readonly kind: FaultKind
  readonly from: NodeId
  readonly to: NodeId
  readonly oneWay: boolean
  readonly permille: number
  readonly until: Us
  /** The fault's name on histories: "p1>b1". */
  readonly on: string
  seen: boolean
}

const LATENCY = label('net.latency')
const LOSS = label('net.loss')
const DUPLICATE = label('net.duplicate')
const DELAY = label('net.delay')
const DELAY_BY = label('net.delay.by')
const REORDER = label('net.reorder')
const REORDER_BY = label('net.reorder.by')

const touches = (window: LinkWindow, from: NodeId, to: NodeId): boolean => {
  const forth = (window.from === -1 || window.from === from) && (window.to === -1 || window.to === to)
  if (forth || window.oneWay || window.kind !== 'cut') return forth
  return (window.from === -1 || window.from === to) && (window.to === -1 || window.to === from)
}

/** True in `permille` of a thousand cases, and never under a benign choice unless it is certain. */
const strikes = (choices: Choices, what: typeof LOSS, key: number, permille: number): boolean =>
  choices.choose(what, key, 1000) >= 1000 - permille

export interface Delivery {
  readonly afterUs: Us
  readonly key: number
}

export const baseLatency = (choices: Choices, medium: Medium, key: number): Us =>
  medium.latencyUs + choices.choose(LATENCY, key, medium.latencySpreadUs)

/** What becomes of one message: no delivery, one, or two. `struck` hears of each fault that changed something. */
export function carry(
  choices: Choices,
  medium: Medium,
  windows: readonly LinkWindow[],
  now: Us,
  from: NodeId,
  to: NodeId,
  key: number,
  struck: (window: LinkWindow) => void,
): Delivery[] {
  let afterUs = baseLatency(choices, medium, key)
  let copy = -1
  for (const window of windows) {
    if (now >= window.until || !touches(window, from, to)) continue
    switch (window.kind) {
      case 'cut':
        struck(window)
        return []
      case 'netLoss':
        if (!strikes(choices, LOSS, key, window.permille)) break
        struck(window)
        return []
      case 'netDuplicate':
        if (!strikes(choices, DUPLICATE, key, window.permille)) break
        struck(window)
        copy = baseLatency(choices, medium, mix(key, 2)) + choices.choose(DELAY_BY, mix(key, 2), ms(50))
        break
      case 'netDelay':
        if (!strikes(choices, DELAY, key, window.permille)) break
        struck(window)
        afterUs += ms(100) + choices.choose(DELAY_BY, key, ms(1900))
        break
      case 'netReorder':
        if (!strikes(choices, REORDER, key, window.permille)) break
        struck(window)
        afterUs += ms(1) + choices.choose(REORDER_BY, key, ms(30))
        break
      default:
        throw new Error(`not a link fault: ${window.kind}`)
    }
  }
  const deliveries = [{ afterUs, key }]
  if (copy >= 0) deliveries.push({ afterUs: copy, key: mix(key, 2) })
  return deliveries
}
