/** Planted bugs of brokers that keep more than one copy: slaves, elected masters, and groups with one log. */
import { anybodyElected } from './anybody-elected.ts'
import { oneControllerIsEnough } from './one-controller-is-enough.ts'
import { controllersApplyUncommitted } from './controllers-apply-uncommitted.ts'
import { begunCountsAsCopied } from './begun-counts-as-copied.ts'
import { brokerGoesWithItsMaster } from './broker-goes-with-its-master.ts'
import { copiedAgain } from './copied-again.ts'
import { deposedMasterGoesOn } from './deposed-master-goes-on.ts'
import { epochNotAdvanced } from './epoch-not-advanced.ts'
import { ledgerAckBeforeMajority } from './ledger-ack-before-majority.ts'
import { ledgerAnswersUnforced } from './ledger-answers-unforced.ts'
import { ledgerCountsWhatItSends } from './ledger-counts-what-it-sends.ts'
import { ledgerElectsWhoLacks } from './ledger-elects-who-lacks.ts'
import { ledgerMinorityDecides } from './ledger-minority-decides.ts'
import { ledgerShowsUncommitted } from './ledger-shows-uncommitted.ts'
import { ledgerVoteNotWritten } from './ledger-vote-not-written.ts'
import { ledgerVotesForEverybody } from './ledger-votes-for-everybody.ts'
import { lengthsComparedAlone } from './lengths-compared-alone.ts'
import { masterAloneIsAsked } from './master-alone-is-asked.ts'
import { membersCountedNotAsked } from './members-counted-not-asked.ts'
import { nobodyThereNobodyAwaited } from './nobody-there-nobody-awaited.ts'
import { progressNeverCopied } from './progress-never-copied.ts'
import { promotedWithOldLevels } from './promoted-with-old-levels.ts'
import { promotedWithOldOffsets } from './promoted-with-old-offsets.ts'
import { replicaNeverAwaited } from './replica-never-awaited.ts'
import { silenceUnnoticed } from './silence-unnoticed.ts'
import { slaveAheadBelieved } from './slave-ahead-believed.ts'
import { slaveCountsOneMore } from './slave-counts-one-more.ts'
import { slaveReportsFrameAhead } from './slave-reports-frame-ahead.ts'
import { slaveSendsOnToItsEnd } from './slave-sends-on-to-its-end.ts'
import { slaveSkipsLastRecord } from './slave-skips-last-record.ts'
import { slaveNeverStandsIn } from './slave-never-stands-in.ts'
import { slaveTakenForMaster } from './slave-taken-for-master.ts'
import { slaveTimeoutIsSuccess } from './slave-timeout-is-success.ts'
import { startsAtMastersEnd } from './starts-at-masters-end.ts'
import { unsetCountsAsCopied } from './unset-counts-as-copied.ts'
import { vouchesWhenDeposed } from './vouches-when-deposed.ts'
import { electsAtOnce } from './elects-at-once.ts'
import { servesBeforeItKnows } from './serves-before-it-knows.ts'
import { oldMasterBelieved } from './old-master-believed.ts'
import type { Mutant } from './mutant.ts'

export const ofReplicas: readonly Mutant[] = [
  replicaNeverAwaited,
  slaveTimeoutIsSuccess,
  slaveReportsFrameAhead,
  startsAtMastersEnd,
  slaveSkipsLastRecord,
  slaveTakenForMaster,
  slaveNeverStandsIn,
  deposedMasterGoesOn,
  membersCountedNotAsked,
  epochNotAdvanced,
  anybodyElected,
  oneControllerIsEnough,
  controllersApplyUncommitted,
  vouchesWhenDeposed,
  electsAtOnce,
  servesBeforeItKnows,
  oldMasterBelieved,
  silenceUnnoticed,
  promotedWithOldLevels,
  promotedWithOldOffsets,
  slaveAheadBelieved,
  lengthsComparedAlone,
  slaveSendsOnToItsEnd,
  slaveCountsOneMore,
  progressNeverCopied,
  unsetCountsAsCopied,
  begunCountsAsCopied,
  nobodyThereNobodyAwaited,
  copiedAgain,
  masterAloneIsAsked,
  brokerGoesWithItsMaster,
  ledgerAckBeforeMajority,
  ledgerVoteNotWritten,
  ledgerVotesForEverybody,
  ledgerElectsWhoLacks,
  ledgerMinorityDecides,
  ledgerCountsWhatItSends,
  ledgerShowsUncommitted,
  ledgerAnswersUnforced,
]
