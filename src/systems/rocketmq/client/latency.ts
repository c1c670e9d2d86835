/**
 * What a producer with `sendLatencyFaultEnable` makes of brokers that are slow or fail (RMQ-085): after each attempt it leaves the broker alone for
 * a time that goes by how long the attempt took. A time that runs already is made longer, and never shorter.
 *
 * Inferred, not measured: the times go by the producer's own wall clock, and who is sent somewhere by its caller learns of async sends alone. Left
 * out: the detector that asks brokers whether they are back (off as shipped), and what a one-way send meets.
 */
import { ms, seconds, type Us } from '../../../plan/units.ts'
import type { NodeId } from '../../../sim/system.ts'

/** From so long a latency on, a broker is not available for so long. */
export interface LatencyRow {
  readonly latencyUs: Us
  readonly notAvailableUs: Us
}

/** RMQ-085: latencyMax and notAvailableDuration. */
export const LATENCY_TABLE: readonly LatencyRow[] = [
  { latencyUs: ms(50), notAvailableUs: 0 },
  { latencyUs: ms(100), notAvailableUs: 0 },
  { latencyUs: ms(550), notAvailableUs: seconds(2) },
  { latencyUs: ms(1800), notAvailableUs: seconds(5) },
  { latencyUs: seconds(3), notAvailableUs: seconds(6) },
  { latencyUs: seconds(5), notAvailableUs: seconds(10) },
  { latencyUs: seconds(15), notAvailableUs: seconds(30) },
]
/** RMQ-085: what a failed attempt counts as, however long it took. */
export const FAILURE_LATENCY: Us = seconds(10)

/** A broker that was slow, or failed, and until when it is left alone. */
export interface Isolation {
  readonly broker: NodeId
  readonly until: Us
}

export const latencyRules = {
  /** RMQ-085: a failure counts as ten seconds, whatever it took to fail. */
  countedLatency: (latencyUs: Us, failed: boolean): Us => (failed ? FAILURE_LATENCY : latencyUs),

  /** RMQ-085: the last row that the latency reaches. */
  notAvailableFor: (latencyUs: Us, table: readonly LatencyRow[]): Us =>
    table.findLast((row) => latencyUs >= row.latencyUs)?.notAvailableUs ?? 0,

  /** RMQ-085: a broker that is left alone is not chosen in turn while another is available. */
  isAvailable: (now: Us, until: Us): boolean => now >= until,

  /** RMQ-084: the counter of a thread goes on by one queue with each look. `_send` names what is sent. */
  nextTurn: (turn: number, _send: number): number => turn + 1,
} as const

type LatencyRules = Readonly<typeof latencyRules>

/** The list after an attempt at this broker. */
export function learned(
  known: readonly Isolation[],
  rules: Pick<LatencyRules, 'countedLatency' | 'notAvailableFor'>,
  attempt: { readonly broker: NodeId; readonly now: Us; readonly latencyUs: Us; readonly failed: boolean },
): readonly Isolation[] {
  const { broker, now, latencyUs, failed } = attempt
  const forUs = rules.notAvailableFor(rules.countedLatency(latencyUs, failed), LATENCY_TABLE)
  if (forUs === 0) return known
  const until = Math.max(now + forUs, untilOf(known, broker))
  return [...known.filter((one) => one.broker !== broker), { broker, until }]
}

/** 0 where nothing is known against the broker. */
export const untilOf = (known: readonly Isolation[], broker: NodeId): Us => known.find((one) => one.broker === broker)?.until ?? 0
