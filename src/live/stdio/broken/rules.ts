/**
 * A small durable broker, of which every decision that a guarantee depends on is a rule. With these it keeps every promise; a defect
 * overrides one of them, and the kit must convict it (defects.ts).
 */
import type { TxnOutcome } from '../../../plan/plan.ts'

export interface Rules {
  /** Is the `n`th message that this process accepts really kept? */
  keeps(n: number): boolean
  /** How long a record waits in memory before it is written: a write behind the answer. */
  writeBehindMs: number
  /** The offset that the `n`th message takes, in a queue whose next free one is `next`, with `sending` sends under way. */
  offsetOf(next: number, n: number, sending: number): number
  /** How many messages of a queue are still known after a restart that found `count`. */
  recovered(count: number): number
  /** Up to where a group's progress may move: `finished` are the offsets at and above it whose work is done. */
  progress(from: number, finished: ReadonlySet<number>): number
  /** What is kept of a group's progress when `offset` is delivered, for the next life to begin from; null: nothing, it has only begun. */
  keptAtDelivery(offset: number): number | null
  /** Whether consumers tell how far they are. */
  tellsProgress: boolean
  /** What a consumer is shown of a payload, in the `n`th delivery. */
  shown(payload: string, n: number): string
  /** How often the `n`th delivery is made. */
  copies(n: number): number
  /** Does a half become an ordinary message by this? */
  becomesVisible(outcome: TxnOutcome): boolean
  /** How long the `n`th delayed message waits, of which `asked` ms were asked; null: for ever. */
  waitsMs(asked: number, n: number): number | null
  /** Is a consumer served that subscribed for the `nth` time since the process started, in its `life`th life? */
  serves(group: string, nth: number, life: number): boolean
  /** Where a group begins in a queue of `count` messages, when its progress was found to be `stored` in the `life`th life. */
  resumes(stored: number, count: number, group: string, life: number): number
  /** The word that comes with a yes. */
  status(n: number): string
}

export const SOUND: Rules = {
  keeps: () => true,
  writeBehindMs: 0,
  offsetOf: (next) => next,
  recovered: (count) => count,
  progress(from, finished) {
    let to = from
    while (finished.has(to)) to++
    return to
  },
  keptAtDelivery: () => null,
  tellsProgress: true,
  shown: (payload) => payload,
  copies: () => 1,
  becomesVisible: (outcome) => outcome === 'commit',
  waitsMs: (asked) => asked,
  serves: () => true,
  resumes: (stored) => stored,
  status: () => 'STORED',
}
