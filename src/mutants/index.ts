/** Every planted bug. */
import { ackIndexOneTooFar } from './ack-index-one-too-far.ts'
import { batchFollowsItsFirst } from './batch-follows-its-first.ts'
import { expiredIsDropped } from './expired-is-dropped.ts'
import { assignedQueueDropped } from './assigned-queue-dropped.ts'
import { neverResumed } from './never-resumed.ts'
import { seekOverwritten } from './seek-overwritten.ts'
import { busyForEver } from './busy-for-ever.ts'
import { busyIsTheEnd } from './busy-is-the-end.ts'
import { bytesNeverReleased } from './bytes-never-released.ts'
import { ackBeforeForce } from './ack-before-force.ts'
import { addressNotLookedAt } from './address-not-looked-at.ts'
import { asyncNotRetried } from './async-not-retried.ts'
import { batchIsALoop } from './batch-is-a-loop.ts'
import { batchReversed } from './batch-reversed.ts'
import { answersForAnotherApplication } from './answers-for-another-application.ts'
import { answersFromMemory } from './answers-from-memory.ts'
import { checkCommitsRolledBack } from './check-commits-rolled-back.ts'
import { localBeforeHalf } from './local-before-half.ts'
import { chosenQueueRetried } from './chosen-queue-retried.ts'
import { collisionsReturned } from './collisions-returned.ts'
import { failuresTracedAsDone } from './failures-traced-as-done.ts'
import { fewLinesNeverLeave } from './few-lines-never-leave.ts'
import { commitBeforeProcessing } from './commit-before-processing.ts'
import { commitLargestFinished } from './commit-largest-finished.ts'
import { commitNotRenewed } from './commit-not-renewed.ts'
import { commitRenames } from './commit-renames.ts'
import { conditionForgotten } from './condition-forgotten.ts'
import { consumedIsGone } from './consumed-is-gone.ts'
import { denialsIgnored } from './denials-ignored.ts'
import { deniedAndStored } from './denied-and-stored.ts'
import { dispatchPastForced } from './dispatch-past-forced.ts'
import { failureCountsAsDone } from './failure-counts-as-done.ts'
import { failureStepsAside } from './failure-steps-aside.ts'
import { fetchedCountsAsDone } from './fetched-counts-as-done.ts'
import { firstRouteKept } from './first-route-kept.ts'
import { firstMeansLast } from './first-means-last.ts'
import { flushTimeoutIsSuccess } from './flush-timeout-is-success.ts'
import { flushWrongSegment } from './flush-wrong-segment.ts'
import { flushedDespiteError } from './flushed-despite-error.ts'
import { forceWakesEverybody } from './force-wakes-everybody.ts'
import { forgetsRoutes } from './forgets-routes.ts'
import { givenUpAtFirstCheck } from './given-up-at-first-check.ts'
import { halfVisible } from './half-visible.ts'
import { handOverCommitsCache } from './hand-over-commits-cache.ts'
import { holesKept } from './holes-kept.ts'
import { idForEachAttempt } from './id-for-each-attempt.ts'
import { idWithoutProcess } from './id-without-process.ts'
import { indexNotTruncated } from './index-not-truncated.ts'
import { keyTimesInMilliseconds } from './key-times-in-milliseconds.ts'
import { keyTriesNextQueue } from './key-tries-next-queue.ts'
import { keysNotRebuilt } from './keys-not-rebuilt.ts'
import { keysTwice } from './keys-twice.ts'
import { lateUnregister } from './late-unregister.ts'
import { lostQueueKept } from './lost-queue-kept.ts'
import { lockExpiresEarly } from './lock-expires-early.ts'
import { lockForAnybody } from './lock-for-anybody.ts'
import { lockNeverLapses } from './lock-never-lapses.ts'
import { membersNotSorted } from './members-not-sorted.ts'
import { neverForces } from './never-forces.ts'
import { newestKeyOnly } from './newest-key-only.ts'
import { noChecksum } from './no-checksum.ts'
import { noRedispatch } from './no-redispatch.ts'
import { offsetIdAsKey } from './offset-id-as-key.ts'
import { offsetLostOnRefusal } from './offset-lost-on-refusal.ts'
import { offsetsRestartAtZero } from './offsets-restart-at-zero.ts'
import { onewayNotLookedAt } from './oneway-not-looked-at.ts'
import { orderlyRunsConcurrently } from './orderly-runs-concurrently.ts'
import { orderConfIgnored } from './order-conf-ignored.ts'
import { outcomeDiscarded } from './outcome-discarded.ts'
import { placeShownAsId } from './place-shown-as-id.ts'
import { pollDies } from './poll-dies.ts'
import { progressAtFetch } from './progress-at-fetch.ts'
import { progressWithoutGroup } from './progress-without-group.ts'
import { pulledFailureForgotten } from './pulled-failure-forgotten.ts'
import { putExecutedTwice } from './put-executed-twice.ts'
import { queryFailureIsTheEnd } from './query-failure-is-the-end.ts'
import { queueTimeIgnored } from './queue-time-ignored.ts'
import { registersChangesOnly } from './registers-changes-only.ts'
import { refusedLockCounts } from './refused-lock-counts.ts'
import { registersWithOne } from './registers-with-one.ts'
import { remainderLeft } from './remainder-left.ts'
import { copyNotAwaited } from './copy-not-awaited.ts'
import { refusedCopyCounts } from './refused-copy-counts.ts'
import { resizeNotPersisted } from './resize-not-persisted.ts'
import { oneNumberForBoth } from './one-number-for-both.ts'
import { newQueueFromItsEnd } from './new-queue-from-its-end.ts'
import { resetOnlyStored } from './reset-only-stored.ts'
import { retryAtSameBroker } from './retry-at-same-broker.ts'
import { retryCompressesTwice } from './retry-compresses-twice.ts'
import { ringByPosition } from './ring-by-position.ts'
import { rollbackCommits } from './rollback-commits.ts'
import { scanNeverScheduled } from './scan-never-scheduled.ts'
import { selectsByMessage } from './selects-by-message.ts'
import { sharesRoundedUp } from './shares-rounded-up.ts'
import { shorterRouteRefused } from './shorter-route-refused.ts'
import { signatureNotCompared } from './signature-not-compared.ts'
import { startsWhereOthersAre } from './starts-where-others-are.ts'
import { storedAndRetried } from './stored-and-retried.ts'
import { searchFindsNothing } from './search-finds-nothing.ts'
import { silenceIsDone } from './silence-is-done.ts'
import { storedOffsetIgnored } from './stored-offset-ignored.ts'
import { timeoutIsSuccess } from './timeout-is-success.ts'
import { tornBatchAccepted } from './torn-batch-accepted.ts'
import { tornTailAccepted } from './torn-tail-accepted.ts'
import { wakeUpLost } from './wake-up-lost.ts'
import { hashIsEnough } from './hash-is-enough.ts'
import { untaggedIsEverybodys } from './untagged-is-everybodys.ts'
import { firstTagOnly } from './first-tag-only.ts'
import { rebuiltWithoutTags } from './rebuilt-without-tags.ts'
import { othersPinProgress } from './others-pin-progress.ts'
import { commitLosesTag } from './commit-loses-tag.ts'
import { unknownIsTrue } from './unknown-is-true.ts'
import { errorIsTrue } from './error-is-true.ts'
import { missingIsEmpty } from './missing-is-empty.ts'
import { nonsenseAccepted } from './nonsense-accepted.ts'
import { holdWithoutEnd } from './hold-without-end.ts'
import { nextCounted } from './next-counted.ts'
import { nextBeyondFound } from './next-beyond-found.ts'
import { correctionPastEnd } from './correction-past-end.ts'
import { localOffsetAhead } from './local-offset-ahead.ts'
import { broadcastRetries } from './broadcast-retries.ts'
import { transactionNotJoined } from './transaction-not-joined.ts'
import { uniqueIndexForgotten } from './unique-index-forgotten.ts'
import { failedDeliverySkipped } from './failed-delivery-skipped.ts'
import { delayProgressAhead } from './delay-progress-ahead.ts'
import { delayProgressUncorrected } from './delay-progress-uncorrected.ts'
import { delayProgressNeverSaved } from './delay-progress-never-saved.ts'
import { delayProgressLostAtStop } from './delay-progress-lost-at-stop.ts'
import { levelIsQueue } from './level-is-queue.ts'
import { levelBeyondTableIgnored } from './level-beyond-table-ignored.ts'
import { dueASecondEarly } from './due-a-second-early.ts'
import { rolledIsDue } from './rolled-is-due.ts'
import { recallReadTooLate } from './recall-read-too-late.ts'
import { wheelBeyondItsTopic } from './wheel-beyond-its-topic.ts'
import { wheelNeverSaved } from './wheel-never-saved.ts'
import { wheelSlotAtItsBeginning } from './wheel-slot-at-its-beginning.ts'
import { delayedToFirstQueue } from './delayed-to-first-queue.ts'
import { acksNeverMatched } from './acks-never-matched.ts'
import { retryBeginsAtEnd } from './retry-begins-at-end.ts'
import { reviveTakesNeighbour } from './revive-takes-neighbour.ts'
import { popProgressTooEarly } from './pop-progress-too-early.ts'
import { flagLostOnRevive } from './flag-lost-on-revive.ts'
import { failedReviveForgotten } from './failed-revive-forgotten.ts'
import { orderlyPopSkips } from './orderly-pop-skips.ts'
import { ackBeforeListener } from './ack-before-listener.ts'
import { randomQueues } from './random-queues.ts'
import { failureNotIsolated } from './failure-not-isolated.ts'
import { slowIsGoodEnough } from './slow-is-good-enough.ts'
import { toleranceIgnored } from './tolerance-ignored.ts'
import { keysByRange } from './keys-by-range.ts'
import { endsNotNoted } from './ends-not-noted.ts'
import { firstGroupDecides } from './first-group-decides.ts'
import type { Mutant } from './mutant.ts'
import { retryNotDelayed } from './retry-not-delayed.ts'
import { retryLevelsFromOne } from './retry-levels-from-one.ts'
import { retryInOwnTopic } from './retry-in-own-topic.ts'
import { retryRenames } from './retry-renames.ts'
import { failuresNotCounted } from './failures-not-counted.ts'
import { oneRetryMore } from './one-retry-more.ts'
import { givenUpTooEarly } from './given-up-too-early.ts'
import { deadLettersDropped } from './dead-letters-dropped.ts'
import { refusedReturnCounts } from './refused-return-counts.ts'
import { orderlyGivesUpEarly } from './orderly-gives-up-early.ts'
import { orderlyBatchForgotten } from './orderly-batch-forgotten.ts'
import { orderlyFailuresNotCounted } from './orderly-failures-not-counted.ts'
import { returnAcceptedUnstored } from './return-accepted-unstored.ts'
import { consumedIsDeleted } from './consumed-is-deleted.ts'
import { replayLeavesFirstOut } from './replay-leaves-first-out.ts'
import { tenAtRandom } from './ten-at-random.ts'
import { waitsForReaders } from './waits-for-readers.ts'
import { threeDaysForAll } from './three-days-for-all.ts'
import { fullNeverMarked } from './full-never-marked.ts'
import { queueBeginsAtZero } from './queue-begins-at-zero.ts'
import { queueBeginsTooLate } from './queue-begins-too-late.ts'
import { tooSmallMeansTheEnd } from './too-small-means-the-end.ts'
import { checkedAtOnce } from './checked-at-once.ts'
import { sameHalfAskedTwice } from './same-half-asked-twice.ts'
import { askedWithoutEnd } from './asked-without-end.ts'
import { finishedHalvesAsked } from './finished-halves-asked.ts'
import { nobodyAsked } from './nobody-asked.ts'
import { openHalvesSkipped } from './open-halves-skipped.ts'
import { checkLostWithNobodyThere } from './check-lost-with-nobody-there.ts'
import { firstOpenHalfSkipped } from './first-open-half-skipped.ts'
import { ofReplicas } from './of-replicas.ts'

export const mutants: readonly Mutant[] = [
  ackBeforeForce,
  asyncNotRetried,
  batchIsALoop,
  batchReversed,
  checkCommitsRolledBack,
  localBeforeHalf,
  answersFromMemory,
  answersForAnotherApplication,
  chosenQueueRetried,
  commitBeforeProcessing,
  commitLargestFinished,
  commitNotRenewed,
  commitRenames,
  conditionForgotten,
  consumedIsGone,
  dispatchPastForced,
  failureCountsAsDone,
  failureStepsAside,
  firstRouteKept,
  flushTimeoutIsSuccess,
  flushWrongSegment,
  flushedDespiteError,
  forceWakesEverybody,
  forgetsRoutes,
  givenUpAtFirstCheck,
  halfVisible,
  holesKept,
  idForEachAttempt,
  idWithoutProcess,
  indexNotTruncated,
  keyTriesNextQueue,
  lateUnregister,
  lostQueueKept,
  lockExpiresEarly,
  lockForAnybody,
  lockNeverLapses,
  membersNotSorted,
  neverForces,
  noChecksum,
  noRedispatch,
  offsetIdAsKey,
  offsetLostOnRefusal,
  offsetsRestartAtZero,
  orderlyRunsConcurrently,
  orderConfIgnored,
  outcomeDiscarded,
  placeShownAsId,
  pollDies,
  progressAtFetch,
  progressWithoutGroup,
  putExecutedTwice,
  queryFailureIsTheEnd,
  queueTimeIgnored,
  registersChangesOnly,
  refusedLockCounts,
  registersWithOne,
  remainderLeft,
  resizeNotPersisted,
  oneNumberForBoth,
  newQueueFromItsEnd,
  copyNotAwaited,
  refusedCopyCounts,
  retryAtSameBroker,
  retryCompressesTwice,
  ringByPosition,
  rollbackCommits,
  scanNeverScheduled,
  selectsByMessage,
  sharesRoundedUp,
  shorterRouteRefused,
  startsWhereOthersAre,
  storedAndRetried,
  silenceIsDone,
  storedOffsetIgnored,
  timeoutIsSuccess,
  tornBatchAccepted,
  tornTailAccepted,
  wakeUpLost,
  holdWithoutEnd,
  nextCounted,
  nextBeyondFound,
  correctionPastEnd,
  firstMeansLast,
  searchFindsNothing,
  resetOnlyStored,
  fetchedCountsAsDone,
  handOverCommitsCache,
  pulledFailureForgotten,
  localOffsetAhead,
  broadcastRetries,
  transactionNotJoined,
  uniqueIndexForgotten,
  failedDeliverySkipped,
  delayProgressAhead,
  delayProgressUncorrected,
  delayProgressNeverSaved,
  delayProgressLostAtStop,
  levelIsQueue,
  levelBeyondTableIgnored,
  dueASecondEarly,
  delayedToFirstQueue,
  wheelSlotAtItsBeginning,
  rolledIsDue,
  recallReadTooLate,
  wheelBeyondItsTopic,
  wheelNeverSaved,
  acksNeverMatched,
  retryBeginsAtEnd,
  reviveTakesNeighbour,
  popProgressTooEarly,
  flagLostOnRevive,
  failedReviveForgotten,
  orderlyPopSkips,
  hashIsEnough,
  untaggedIsEverybodys,
  firstTagOnly,
  rebuiltWithoutTags,
  othersPinProgress,
  commitLosesTag,
  unknownIsTrue,
  errorIsTrue,
  missingIsEmpty,
  nonsenseAccepted,
  ackBeforeListener,
  randomQueues,
  failureNotIsolated,
  slowIsGoodEnough,
  toleranceIgnored,
  retryNotDelayed,
  retryLevelsFromOne,
  retryInOwnTopic,
  retryRenames,
  failuresNotCounted,
  oneRetryMore,
  givenUpTooEarly,
  deadLettersDropped,
  refusedReturnCounts,
  returnAcceptedUnstored,
  orderlyBatchForgotten,
  orderlyFailuresNotCounted,
  orderlyGivesUpEarly,
  keysByRange,
  endsNotNoted,
  firstGroupDecides,
  consumedIsDeleted,
  replayLeavesFirstOut,
  tenAtRandom,
  waitsForReaders,
  threeDaysForAll,
  fullNeverMarked,
  queueBeginsAtZero,
  queueBeginsTooLate,
  tooSmallMeansTheEnd,
  checkedAtOnce,
  sameHalfAskedTwice,
  askedWithoutEnd,
  finishedHalvesAsked,
  nobodyAsked,
  openHalvesSkipped,
  firstOpenHalfSkipped,
  checkLostWithNobodyThere,
  ackIndexOneTooFar,
  batchFollowsItsFirst,
  bytesNeverReleased,
  busyForEver,
  busyIsTheEnd,
  seekOverwritten,
  neverResumed,
  assignedQueueDropped,
  expiredIsDropped,
  collisionsReturned,
  failuresTracedAsDone,
  fewLinesNeverLeave,
  newestKeyOnly,
  keysNotRebuilt,
  keysTwice,
  keyTimesInMilliseconds,
  deniedAndStored,
  onewayNotLookedAt,
  signatureNotCompared,
  addressNotLookedAt,
  denialsIgnored,
  ...ofReplicas,
]
