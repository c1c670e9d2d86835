/** What RocketMQ does not promise of masters and their slaves, row by row. */
import type { ExcuseRow } from './excuse.ts'
import { CUTS, GHOST } from './lost.ts'

/** Whatever keeps a consumer from its master for a while. */
const AWAY = [
  'processKill',
  'gracefulRestart',
  'powerLoss',
  'diskLoss',
  'pause',
  'cut',
  'netLoss',
  'netDelay',
  'clockJump',
  'clockOffset',
] as const

const AHEAD =
  'a slave that holds more than its master is believed: what it says counts for records that it never had, and what it gets then does not fit ' +
  '(RMQ-062, RMQ-063, RML-040)'

const SPOILT = 'a master sends its slave the bytes that it has, and neither compares a checksum (RMQ-062)'

/** What follows from what slaves show, and what they say of progress. */
const SLAVE_READS: readonly ExcuseRow[] = [
  {
    id: 'slave-shows-what-is-lost',
    excuses: { ...GHOST, 'ALO-3': ['regressed'], 'HA-3': ['passed over'] },
    after: [CUTS],
    before: true,
    copied: true,
    slaveReads: true,
    reason:
      'a slave shows what its master has lost, or has not forced yet (RMQ-063, RMQ-066): consumers that have read it stand beyond the end of the ' +
      'log, and new messages that take the freed offsets are skipped',
  },
  {
    id: 'slave-shows-unforced',
    excuses: { 'ALO-1': ['not delivered'] },
    after: [],
    copied: true,
    slaveReads: true,
    with: { delivered: true, inAudit: true },
    reason:
      'a slave shows what its master does not show yet (RMQ-066): who comes back to the master stands beyond the end there and is sent back to it, ' +
      'and what a listener fails on after that was dropped, and counts as done (RMQ-092, RMQ-094)',
  },
  {
    id: 'slave-shows-unforced-again',
    excuses: { 'ALO-5': ['delivered twice'] },
    after: [],
    copied: true,
    slaveReads: true,
    with: { corrected: true },
    reason:
      'a slave shows what its master does not show yet (RMQ-066): who comes back to the master stands beyond the end there, is sent back to it ' +
      '(RMQ-034, RMQ-092), and is given the messages after it again',
  },
  {
    id: 'slaves-are-not-read',
    excuses: { 'HA-1': ['not served'] },
    after: [['processKill', 'gracefulRestart']],
    mastersOnly: true,
    reason:
      'slaves answer no consumer unless slaveReadEnable is on, and it is off as shipped: what a master took along waits until it is back (RMQ-069)',
  },
  {
    id: 'slave-progress-is-old',
    excuses: { 'ALO-3': ['regressed', 'redelivered below the start'] },
    after: [AWAY],
    anywhere: true,
    copied: true,
    reason: 'a slave has the progress of up to a minute ago, and is asked where the master is away (RMQ-067, RMQ-069)',
  },
  {
    id: 'slave-corruption',
    excuses: { 'ALO-4': ['corrupted'] },
    after: [['bitCorruption']],
    anywhere: true,
    copied: true,
    slaveReads: true,
    reason: 'stored bytes changed at a slave that consumers read from, and nobody compares checksums when reading',
  },
  {
    id: 'slaves-not-in-time',
    excuses: { 'ALO-5': ['delivered twice', 'stored twice'] },
    after: [],
    severalCopies: true,
    // Where attempts are not recorded, nobody can say that there was but one.
    without: { retried: false },
    reason:
      'a send whose slaves do not come in time ends as its client gives it up, and is tried again: slaveTimeout is as long as sendMsgTimeout',
  },
]

export const COPIES: readonly ExcuseRow[] = [
  ...SLAVE_READS,
  {
    id: 'nobody-waited-for',
    excuses: { 'DUR-5': ['acknowledged without copy', 'lost with the master'] },
    after: [],
    oneCopy: true,
    reason: 'SYNC_MASTER waits for nobody unless inSyncReplicas is 2 or more: as shipped it answers like ASYNC_MASTER (RMQ-057, RML-039)',
  },
  {
    id: 'slave-ahead',
    excuses: { 'DUR-5': ['acknowledged without copy'], 'DUR-6': ['parted', 'copy lost'] },
    after: [CUTS],
    before: true,
    unless: 'refuseOtherLog',
    reason: AHEAD,
  },
  {
    id: 'slave-ahead-lost',
    excuses: { 'DUR-5': ['lost with the master'] },
    after: [CUTS],
    before: true,
    unless: 'refuseOtherLog',
    // What was acknowledged before the master lost anything is at a slave.
    with: { afterLoss: true },
    reason: AHEAD,
  },
  {
    id: 'slave-lost-too',
    excuses: { 'DUR-5': ['lost with the master'], 'DUR-6': ['copy lost'] },
    after: [CUTS],
    anywhere: true,
    with: { slaveStruck: true },
    reason: 'a slave acknowledges what is in its page cache (RMQ-064): who loses master and slave together may lose what both had',
  },
  {
    id: 'slave-queue-spoilt',
    excuses: { 'DUR-5': ['lost with the master'], 'DUR-6': ['copy lost'] },
    after: [['bitCorruption']],
    anywhere: true,
    before: true,
    with: { slaveSpoilt: true },
    reason:
      'an entry of a queue that went bad at a slave ends the queue when the slave starts again, and is not built anew where others lie behind it: what ' +
      'comes later to that queue takes its place there (RMQ-045, RMQ-046)',
  },
  {
    id: 'copied-corruption',
    excuses: { 'DUR-6': ['copy lost'] },
    after: [['bitCorruption']],
    before: true,
    reason: SPOILT,
  },
  {
    id: 'copied-corruption-lost',
    excuses: { 'DUR-5': ['lost with the master'] },
    after: [['bitCorruption']],
    before: true,
    with: { afterLoss: true },
    reason: SPOILT,
  },
]
