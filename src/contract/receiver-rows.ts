/** What the recipes of applications do not promise: each breaks in a way of its own, whatever the broker does. */
import type { ExcuseRow } from './excuse.ts'

const REPEATED = { 'IDM-1': ['repeated effect'] } as const
const LOST = { 'IDM-1': ['lost effect'] } as const
const BOTH = { 'IDM-1': ['repeated effect', 'lost effect'] } as const

export const RECEIVER_ROWS: readonly ExcuseRow[] = [
  {
    id: 'no-deduplication',
    excuses: REPEATED,
    after: [],
    receiver: { recipe: 'plain' },
    reason: 'delivery is at least once, and an application that does not deduplicate acts on every delivery (C-211, RMQ-086)',
  },
  {
    id: 'id-of-the-send',
    excuses: REPEATED,
    after: [],
    receiver: { by: 'msgId' },
    with: { sameSend: false },
    reason: 'an application that sends again gets a new msgId: only a key of its own tells that it is the same (C-218, RMQ-086)',
  },
  {
    id: 'insert-first',
    excuses: BOTH,
    after: [],
    receiver: { recipe: 'insert-first' },
    reason: 'a key that is recorded in a transaction before that of its effect outlives a crash between the two (C-213)',
  },
  {
    id: 'check-then-act',
    excuses: REPEATED,
    after: [],
    receiver: { recipe: 'check-then-act' },
    reason: 'two deliveries may both look before either has recorded its key, or one may die before it records it (C-215)',
  },
  {
    id: 'in-process-map',
    excuses: REPEATED,
    after: [],
    receiver: { recipe: 'in-process-map' },
    reason: 'a map in memory knows neither other processes nor the time before a restart (C-216)',
  },
  {
    id: 'skipped-while-at-work',
    excuses: LOST,
    after: [],
    receiver: { recipe: 'in-process-map' },
    reason: 'what is skipped because another copy is being worked on has no effect if that work is never done (C-216)',
  },
  {
    id: 'ttl-cache',
    excuses: BOTH,
    after: [],
    receiver: { recipe: 'ttl-cache' },
    reason: 'a key in a cache expires, and is recorded before its effect (C-217)',
  },
  {
    id: 'lock-lease',
    excuses: REPEATED,
    after: [],
    receiver: { recipe: 'lock' },
    reason: 'a lock with a lease can expire while its holder still believes that it has it (C-217)',
  },
]
