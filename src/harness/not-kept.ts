/**
 * What RocketMQ does not keep as it is shipped, weakness by weakness: the switch that repairs it, what happens without it, a story in which it
 * happens, and a place where it must. That place is hardened but for the one switch, so that nothing else can be what breaks there. A page is
 * generated from this list, and a test holds it against the switches.
 */
import type { GuaranteeId } from '../check/checker.ts'
import type { Config } from '../generate/shapes.ts'
import type { FaultKind } from '../plan/faults.ts'
import type { Control } from './controls.ts'

export interface Shown {
  readonly guarantee: GuaranteeId
  /** In words of the application's. */
  readonly happens: string
  /** Its name, without folder and ending. */
  readonly story: string
  /** Rows of the control table of a real broker that show it; none: it was read in the source, and not seen. */
  readonly live: readonly string[]
  readonly facts: readonly string[]
}

export interface Weakness extends Shown {
  /** The switch of `config.repairs`. */
  readonly repair: string
  readonly preset: string
  readonly config: Config
  readonly kinds: readonly FaultKind[]
  readonly runs: number
  /** Other switches that hide it: they are left out as well. */
  readonly hiddenBy?: readonly string[]
}

const STOPS: readonly FaultKind[] = ['processKill', 'gracefulRestart']
const sync = { flushDiskType: 'SYNC_FLUSH' } as const
const async = { flushDiskType: 'ASYNC_FLUSH' } as const
/** Files that roll within a short run. */
const small = { parameters: { segmentBytes: 2048 } } as const

export const NOT_KEPT: readonly Weakness[] = [
  {
    repair: 'strictRaft',
    guarantee: 'DUR-7',
    happens:
      'The members of a DLedger group say that they have what is in their page cache, whatever flushDiskType says: a power loss at several of them takes ' +
      'messages that were acknowledged.',
    story: 'dur-7-power-is-lost-at-all-members',
    live: [],
    facts: ['RMQ-079', 'RMQ-154'],
    preset: 'dledger',
    config: { ...async, commitLog: 'dledger' },
    kinds: ['powerLoss'],
    runs: 2_000,
  },
  {
    repair: 'forceRecovered',
    guarantee: 'ORD-2',
    happens:
      'A process that was killed comes back and calls all that it finds in its log flushed, without forcing it. A power loss ' +
      'then takes messages that consumers have had, and their offsets are given out again, under SYNC_FLUSH too.',
    story: 'dur-1-a-process-kill-makes-a-power-loss-worse',
    live: [],
    facts: ['RMQ-047'],
    preset: 'rocketmq-5.5',
    config: sync,
    kinds: ['processKill', 'powerLoss'],
    runs: 2_000,
  },
  {
    repair: 'checksumWholeRecord',
    guarantee: 'ALO-4',
    happens:
      'The checksum of a record covers its body alone: one that a power loss has torn elsewhere is taken for whole, and consumers are given something ' +
      'else than was sent.',
    story: 'alo-4-torn-outside-the-body',
    live: [],
    facts: ['RMQ-025', 'RMQ-048'],
    preset: 'async',
    config: async,
    kinds: ['powerLoss'],
    runs: 4_000,
  },
  {
    repair: 'checkpointAfterForce',
    guarantee: 'DUR-2',
    happens:
      'The checkpoint says of queue entries that they are safe before they are: after a power loss recovery begins too late, ' +
      'and forced messages of earlier files of the log are in no queue.',
    story: 'dur-2-the-checkpoint-runs-ahead-of-the-queue',
    live: [],
    facts: ['RMQ-042'],
    preset: 'async',
    config: { ...async, ...small },
    kinds: ['powerLoss'],
    runs: 1_000,
  },
  {
    repair: 'keepKeyIndex',
    hiddenBy: ['checkpointAfterForce'],
    guarantee: 'DUR-3',
    happens:
      'After an abnormal start the key index is built from where recovery begins: older messages are there, and are not ' +
      'found by their key.',
    story: 'dur-3-the-key-index-is-dropped',
    live: [],
    facts: ['RMQ-050'],
    preset: 'async',
    config: { ...async, ...small },
    kinds: ['processKill'],
    runs: 2_000,
  },
  {
    repair: 'stopOnForceError',
    guarantee: 'DUR-1',
    happens:
      'A force that failed once is tried again and succeeds, because nothing is left to write: a message that SYNC_FLUSH has ' +
      'acknowledged lies in memory alone, and a power loss takes it.',
    story: 'dur-1-a-failed-fsync-is-forgotten',
    live: [],
    facts: ['RMQ-040'],
    preset: 'rocketmq-5.5',
    config: sync,
    kinds: ['forceFails', 'powerLoss'],
    runs: 2_000,
  },
  {
    repair: 'dispatchForcedOnly',
    guarantee: 'ALO-1',
    happens:
      'Under ASYNC_FLUSH consumers see, and count as done, what no disk has. After a power loss others take the same ' +
      'offsets, and a consumer that is still there goes on behind them.',
    story: 'alo-1-ghost-offsets-skip-twenty-messages',
    live: ['RML-035', 'RML-037'],
    facts: ['RMQ-030', 'RMQ-031', 'RMQ-155'],
    preset: 'async',
    config: async,
    kinds: ['powerLoss'],
    runs: 1_000,
  },
  {
    repair: 'clampStoredOffsets',
    hiddenBy: ['dispatchForcedOnly', 'waitForInternalWrites'],
    guarantee: 'DLY-2',
    happens:
      'How far a delay level has come outlives the messages that it counts, and is corrected in memory alone: after a power ' +
      'loss and one more crash the messages that have taken the freed places are passed over.',
    story: 'dly-2-progress-outlives-its-queue',
    live: [],
    facts: ['RMQ-120'],
    preset: 'delays',
    config: { ...async, parameters: { delayPersistUs: 1_000_000 } },
    kinds: ['powerLoss', 'processKill'],
    runs: 2_000,
  },
  {
    repair: 'waitForInternalWrites',
    guarantee: 'DLY-2',
    happens:
      'What a broker copies by itself (delayed messages that are due, halves under check, what pop and retries keep) does ' +
      'not wait for its force, and the progress over it is saved: a power loss takes the copy, and nobody looks at the ' +
      'message again.',
    story: 'dly-2-progress-outlives-the-copy',
    live: [],
    facts: ['RMQ-058', 'RMQ-156'],
    preset: 'delays',
    config: { ...sync, parameters: { groupCommitIntervalUs: 3_000_000, delayPersistUs: 1_000_000 } },
    kinds: ['powerLoss'],
    runs: 2_000,
  },
  {
    repair: 'endTxnOnce',
    guarantee: 'TXN-2',
    happens:
      'That a half is done is on record up to three seconds after its message is stored, and an end is taken as often as it ' +
      'comes: a crash in between, or a check, and a committed message is delivered twice. It takes no fault at all.',
    story: 'alo-5-a-commit-is-delivered-twice-without-any-fault',
    live: ['RML-046'],
    facts: ['RMQ-128', 'RMQ-129'],
    preset: 'transactions',
    config: sync,
    kinds: ['processKill'],
    runs: 1_000,
  },
  {
    repair: 'wholeBatches',
    guarantee: 'BAT-1',
    happens: 'Recovery judges each record alone, and keeps a part of a batch.',
    story: 'bat-1-a-power-loss-tears-a-batch',
    live: [],
    facts: ['RMQ-047', 'RMQ-059'],
    preset: 'batches',
    config: sync,
    kinds: ['powerLoss'],
    runs: 1_000,
  },
  {
    repair: 'forceQueuesFirst',
    guarantee: 'ORD-2',
    happens:
      'Files of the log are deleted while the queue entries of their messages are not forced: after a power loss nothing is ' +
      'left to build these from, and offsets are given out again.',
    story: 'ord-2-the-cleaner-is-ahead-of-the-queue',
    live: [],
    facts: ['RMQ-038', 'RMQ-053'],
    preset: 'retention',
    config: { ...sync, deleteWhen: '01', parameters: { segmentBytes: 2048, fileReservedUs: 10_000_000, cleanFirstUs: 10_000_000 } },
    kinds: ['powerLoss'],
    runs: 2_000,
  },
  {
    repair: 'refuseOtherLog',
    guarantee: 'DUR-5',
    happens: 'A slave that is ahead of its master is believed: sends are acknowledged by two, and the slave never stores them.',
    story: 'dur-5-a-slave-that-is-ahead-is-believed',
    live: ['RML-040'],
    facts: ['RMQ-062', 'RMQ-063'],
    preset: 'sync-replicated',
    config: { ...async, brokerRole: 'SYNC_MASTER', parameters: { inSyncReplicas: 2 } },
    kinds: ['powerLoss'],
    runs: 1_000,
  },
  {
    repair: 'masterLease',
    guarantee: 'HA-2',
    happens:
      'A master that stands still, or is cut off, while controllers elect another one goes on when it can: what it acknowledges then is cut off when ' +
      'it follows its successor.',
    story: 'ha-2-a-master-that-wakes-goes-on',
    live: ['RML-044', 'RML-045'],
    facts: ['RMQ-078'],
    preset: 'controller',
    config: { ...async, enableControllerMode: true },
    kinds: ['pause', 'cut'],
    runs: 1_000,
  },
  {
    repair: 'checksReturned',
    hiddenBy: ['dispatchForcedOnly'],
    guarantee: 'RTY-1',
    happens:
      'What a consumer sends back is found by its place in the log alone: after a loss another message lies there, and that ' +
      'one is taken back.',
    story: 'rty-1-another-message-lies-at-the-place',
    live: [],
    facts: ['RMQ-113'],
    preset: 'retries',
    config: { ...async, retry: 'send-back', messageDelayLevel: '1s 1s 1s 2s 4s' },
    kinds: ['powerLoss'],
    runs: 4_000,
  },
  {
    repair: 'compareIndexedKeys',
    guarantee: 'QRY-1',
    happens:
      'A query by key counts messages whose keys have the same hash, and its client drops them: so many of them, and what was asked for is not among ' +
      'what is found.',
    story: 'qry-1-three-others-take-its-place',
    live: [],
    facts: ['RMQ-140'],
    preset: 'queries',
    config: sync,
    kinds: [],
    runs: 1_000,
  },
  {
    repair: 'waitOutLocks',
    guarantee: 'RBL-3',
    happens:
      'The locks of queues lie in memory: a broker that starts again grants them to whoever asks first, while their last ' +
      'holder may still be at work.',
    story: 'rbl-3-a-restart-forgets-the-locks',
    live: [],
    facts: ['RMQ-106', 'RMQ-109'],
    preset: 'ordered-topic',
    config: sync,
    kinds: STOPS,
    runs: 1_000,
  },
]

/** A violation is demanded where one switch alone is left as shipped. */
export const notKeptControls: readonly Control[] = NOT_KEPT.map(({ repair, hiddenBy = [], guarantee, preset, config, kinds, runs }) => {
  const without = [repair, ...hiddenBy]
  return {
    guarantee,
    control: 'breaks',
    preset,
    config: { ...config, preset: 'hardened', without },
    repair,
    cell: `hardened but for ${without.join(' and ')}`,
    kinds,
    runs,
  }
})
