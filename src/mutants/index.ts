/** Every planted bug. */
import { ackBeforeForce } from './ack-before-force.ts'
import { commitNotRenewed } from './commit-not-renewed.ts'
import { dispatchPastForced } from './dispatch-past-forced.ts'
import { flushWrongSegment } from './flush-wrong-segment.ts'
import { flushedDespiteError } from './flushed-despite-error.ts'
import { forceWakesEverybody } from './force-wakes-everybody.ts'
import { givenUpAtFirstCheck } from './given-up-at-first-check.ts'
import { halfVisible } from './half-visible.ts'
import { holesKept } from './holes-kept.ts'
import { indexNotTruncated } from './index-not-truncated.ts'
import { noChecksum } from './no-checksum.ts'
import { noRedispatch } from './no-redispatch.ts'
import { offsetLostOnRefusal } from './offset-lost-on-refusal.ts'
import { offsetsRestartAtZero } from './offsets-restart-at-zero.ts'
import { progressAtFetch } from './progress-at-fetch.ts'
import { putExecutedTwice } from './put-executed-twice.ts'
import { queueTimeIgnored } from './queue-time-ignored.ts'
import { rollbackCommits } from './rollback-commits.ts'
import { tornTailAccepted } from './torn-tail-accepted.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  ackBeforeForce,
  commitNotRenewed,
  dispatchPastForced,
  flushWrongSegment,
  flushedDespiteError,
  forceWakesEverybody,
  givenUpAtFirstCheck,
  halfVisible,
  holesKept,
  indexNotTruncated,
  noChecksum,
  noRedispatch,
  offsetLostOnRefusal,
  offsetsRestartAtZero,
  progressAtFetch,
  putExecutedTwice,
  queueTimeIgnored,
  rollbackCommits,
  tornTailAccepted,
]
