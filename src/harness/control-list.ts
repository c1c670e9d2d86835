/** The controls of the catalogue. "Holds" is the strictest place where the guarantee is promised; "breaks" a place where it can't be kept. */
import type { Config } from '../generate/shapes.ts'
import type { FaultKind } from '../plan/faults.ts'
import type { Receiver } from '../plan/plan.ts'
import { ms, seconds } from '../plan/units.ts'
import { ELECTIONS } from './control-elections.ts'
import {
  async,
  asyncShipped,
  at,
  breaks,
  CRASHES,
  holds,
  KILLS,
  loose,
  NET,
  strict,
  sync,
  syncShipped,
  type Place,
} from './control-places.ts'
import type { Control } from './controls.ts'
import { COPIES } from './copy-controls.ts'
import { notKeptControls } from './not-kept.ts'
import { LEDGER } from './ledger-controls.ts'

/** A page cache that takes little. */
const hasty: Config = { ...sync, parameters: { dirtyBytesMax: 400 } }
const STALLS: readonly FaultKind[] = ['diskStall', 'diskSlow', 'processKill', 'netLoss']
/** Small files roll within a short run. */
const rolling = (config: Config): Config => ({ ...config, parameters: { segmentBytes: 4096 } })

const polls: Place = { ...strict, preset: 'polling', config: { ...sync, recordPolls: true } }
const members: Place = { ...strict, preset: 'broadcast', cell: 'SYNC_FLUSH, hardened, a group that broadcasts' }

/** Routes are the same with every flush mode. */
const routes: Place = { ...strict, preset: 'cluster' }

/** Producers that leave slow and failing brokers alone. */
const tolerant: Place = {
  ...strict,
  preset: 'latency-tolerance',
  config: { ...sync, sendLatencyFaultEnable: true },
  cell: 'SYNC_FLUSH, hardened, sendLatencyFaultEnable',
}

/** Applications of all sorts. */
const receiving: Place = { ...strict, preset: 'receivers' }
const by = (recipe: Receiver['recipe'], of: Receiver['by'] = 'key'): Pick<Place, 'receiver'> => ({ receiver: { recipe, by: of } })

/** Each with the fault that it can't bear, and no other. */
const BROKEN_RECIPES: readonly (readonly [cell: string, more: Partial<Place>])[] = [
  ['no deduplication', { ...by('plain'), kinds: [] }],
  ['one transaction, by msgId', { ...by('transaction', 'msgId'), kinds: [] }],
  ['the key in a transaction before', { ...by('insert-first'), kinds: ['processKill'] }],
  ['check, then act', { ...by('check-then-act'), kinds: [] }],
  ['a map in memory', { ...by('in-process-map'), kinds: ['processKill'] }],
  ['a key that expires', { ...by('ttl-cache'), kinds: [], config: { ...sync, parameters: { keyLifeUs: ms(500) } } }],
  ['a lock with a lease', { ...by('lock'), kinds: ['pause'], config: { ...sync, parameters: { lockLeaseUs: ms(20) } } }],
]
/** Groups that begin elsewhere, in queues that are old at once. */
const moved: Place = { ...strict, preset: 'start-positions', cell: 'SYNC_FLUSH, hardened, groups that are moved' }
const orderly: Place = { ...strict, preset: 'ordered-topic' }
const keyed: Place = { ...strict, preset: 'ordered-keys', cell: 'SYNC_FLUSH, hardened' }
const growing: Place = {
  ...strict,
  preset: 'ordered-scale-out',
  cell: 'SYNC_FLUSH, hardened, without power loss',
  kinds: [...NET, ...KILLS],
}
const CONCURRENT: Partial<Place> = { config: { ...sync, order: 'strict' }, mutant: 'orderly-runs-concurrently', kinds: [] }
const retryQuickly = { messageDelayLevel: '1s 1s 1s 2s 4s' } as const
const retries: Place = { ...strict, preset: 'retries', config: { ...sync, ...retryQuickly } }
const deadLetters: Place = { ...retries, preset: 'dead-letters', config: { ...sync, ...retryQuickly, retryMaxTimes: 1 } }
const delays: Place = { ...strict, preset: 'delays' }
/** Administrators who look for messages. */
const queries: Place = { ...strict, preset: 'queries' }
/** Accounts of producers and groups. */
const access: Place = { ...strict, preset: 'access', config: { ...sync, authorizationEnabled: true } }
const timers: Place = at(strict, 'SYNC_FLUSH, hardened, the timer wheel', {
  preset: 'timers',
  config: { ...sync, recallMessageEnable: true },
  runs: 200,
})
/** Groups that want some tags. */
const tagged: Place = { ...strict, preset: 'tags' }
const selecting: Place = { ...strict, preset: 'selectors', config: { ...sync, enablePropertyFilter: true } }
const RESTARTS: readonly FaultKind[] = ['processKill', 'gracefulRestart']

/** Files of the log that go soon: at any time of a run where its hour is among those of `deleteWhen`. */
const brief = { segmentBytes: 2048, fileReservedUs: seconds(10), cleanFirstUs: seconds(10) }
const keeping: Place = {
  ...strict,
  preset: 'retention',
  config: { ...sync, deleteWhen: '01', parameters: brief },
  cell: 'SYNC_FLUSH, hardened, files that go after ten seconds',
}
const planted = (cell: string, mutant: string): Place => at(keeping, cell, { mutant, kinds: ['processKill'] })
const fullDisks: Place = { ...strict, preset: 'full-disk', cell: 'SYNC_FLUSH, hardened, a disk of five files', runs: 300 }
const small = { segmentBytes: 400, diskBytes: 5 * 400, cleanFirstUs: seconds(10) }
const RETENTION: readonly Control[] = [
  holds('RET-1'),
  holds('RET-1', keeping),
  breaks('RET-1', at(strict, 'a broker that deletes what was consumed', { mutant: 'consumed-is-deleted', kinds: [] })),
  holds('RET-1', at(strict, 'SYNC_FLUSH, hardened, applications that go back', { preset: 'seek' })),
  breaks('RET-1', at(strict, 'a seek that is forgotten', { preset: 'seek', mutant: 'seek-overwritten', kinds: [] })),
  holds('RET-2', keeping),
  holds('RET-2', { ...fullDisks, config: { ...sync, parameters: small } }),
  breaks('RET-2', at(keeping, 'a clock that is set forward', { kinds: ['clockJump'] })),
  breaks('RET-2', planted('only what everybody has read', 'waits-for-readers')),
  breaks('RET-2', planted('three days where ten seconds are configured', 'three-days-for-all')),
  breaks(
    'RET-2',
    at(fullDisks, 'a full disk, and files at random', {
      config: { ...sync, parameters: small },
      mutant: 'ten-at-random',
      kinds: ['diskFull'],
    }),
  ),
  holds('RET-3', keeping),
  breaks('RET-3', planted('a queue that goes on to begin at 0', 'queue-begins-at-zero')),
  breaks('RET-3', planted('a correction to the end', 'too-small-means-the-end')),
  // What nobody has read does not stay for ever.
  breaks('ALO-1', at(keeping, 'files that go whoever has not read them', { kinds: ['processKill'] })),
]

/** Groups that say how they deal out their queues. */
const groups: Place = { ...strict, preset: 'many-groups' }
const dealt = at(loose, '', { preset: 'many-groups', kinds: [], runs: 300 })
/** Groups that pop: acknowledgements and checkpoints take the place of progress. */
const pops: Place = { ...strict, preset: 'pop', cell: 'SYNC_FLUSH, hardened, groups that pop' }
const loosePops: Place = { ...loose, preset: 'pop' }
const POP: readonly Control[] = [
  ...(['ALO-1', 'ALO-2', 'ALO-3', 'ALO-4', 'ORD-3'] as const).map((id) => holds(id, pops)),
  holds('ALO-5', { ...pops, kinds: [], runs: 200 }),
  breaks(
    'ALO-1',
    at(loosePops, 'ASYNC_FLUSH: the progress of a pop is saved before its checkpoint is forced', {
      config: { ...asyncShipped, repairs: ['dispatchForcedOnly'] },
    }),
  ),
  breaks('ALO-2', at(loosePops, 'a pop consumer that acknowledges before it works', { mutant: 'ack-before-listener', kinds: [] })),
  breaks('ALO-3', at(loosePops, 'ASYNC_FLUSH, as shipped: a broker that starts again gives away again', { kinds: ['processKill'] })),
]

export const controls: readonly Control[] = [
  holds('ORD-1'),
  breaks('ORD-1'),
  holds('ORD-2'),
  breaks('ORD-2'),
  holds('ORD-3', at(orderly, 'SYNC_FLUSH, hardened, without pauses', { kinds: [...NET, ...RESTARTS, 'powerLoss'] })),
  breaks(
    'ORD-3',
    at(loose, 'a concurrent listener', { preset: 'ordered-topic', mutant: 'orderly-runs-concurrently', config: asyncShipped, kinds: [] }),
  ),
  holds('ORD-4', at(keyed, 'strict order, SYNC_FLUSH, hardened', { config: { ...sync, order: 'strict' } })),
  breaks('ORD-4', at(keyed, 'normal order, while brokers go and come back', { kinds: RESTARTS, runs: 1_000 })),
  breaks('ORD-4', at(keyed, 'strict order, and a concurrent listener', CONCURRENT)),
  holds('ORD-5', growing),
  holds('ORD-5', at(growing, 'strict order, SYNC_FLUSH, hardened, without power loss', { config: { ...sync, order: 'strict' } })),
  breaks(
    'ORD-5',
    at(growing, 'as shipped: an operator who leaves out a step', { config: syncShipped, kinds: ['processKill'], runs: 2_000 }),
  ),
  holds('ALO-1'),
  breaks('ALO-1'),
  holds('ALO-1', moved),
  breaks(
    'ALO-1',
    at(moved, 'a group that begins at the end again', { config: { ...sync, parameters: { inMemoryBytes: 1 } }, kinds: ['processKill'] }),
  ),
  holds('ALO-2'),
  holds('ALO-2', at(strict, 'SYNC_FLUSH, hardened, applications that ask', { preset: 'pull' })),
  holds('ALO-2', at(strict, 'SYNC_FLUSH, hardened, listeners that are given several messages at once', { preset: 'busy-consumers' })),
  breaks(
    'ALO-2',
    at(strict, 'a client that takes the message on which a batch has failed for done', {
      preset: 'busy-consumers',
      mutant: 'ack-index-one-too-far',
      kinds: [],
    }),
  ),
  breaks(
    'ALO-2',
    at(strict, 'a pull consumer that commits what it has fetched', { preset: 'pull', mutant: 'fetched-counts-as-done', kinds: [] }),
  ),
  breaks('ALO-2', at(loose, 'a client that commits before it processes', { mutant: 'commit-before-processing', kinds: ['processKill'] })),
  holds('ALO-3'),
  breaks(
    'ALO-3',
    at(loose, 'SYNC_FLUSH, as shipped, on a disk that lies', {
      preset: 'rocketmq-5.5',
      config: syncShipped,
      kinds: ['forceLies', 'powerLoss', 'processKill'],
      runs: 3_000,
    }),
  ),
  holds('ALO-4'),
  breaks(
    'ALO-4',
    at(loose, 'as shipped: the checksum covers the body alone', {
      kinds: ['bitCorruption', 'powerLoss'],
      config: rolling(asyncShipped),
      runs: 4_000,
    }),
  ),
  holds('ALO-5', { preset: 'faultless', config: sync, cell: 'SYNC_FLUSH, hardened', kinds: [], runs: 200 }),
  breaks(
    'ALO-5',
    at(loose, 'ASYNC_FLUSH, as shipped: an answer gets lost and the client sends again', { kinds: ['netLoss', 'processKill'] }),
  ),
  holds('IDM-1', at(receiving, 'one transaction, by key', by('transaction'))),
  holds('IDM-1', at(receiving, 'a state machine, by key', by('state-machine'))),
  ...BROKEN_RECIPES.map(([cell, more]) => breaks('IDM-1', at(receiving, cell, more))),
  holds('IDM-2'),
  breaks('IDM-2', at(strict, 'a client whose ids do not name its process', { mutant: 'id-without-process' })),
  holds('DUR-1'),
  breaks('DUR-1'),
  holds('DUR-2', at(strict, 'ASYNC_FLUSH, hardened', { config: async })),
  breaks(
    'DUR-2',
    at(loose, 'SYNC_FLUSH, as shipped, files that roll', {
      preset: 'sync',
      config: rolling(syncShipped),
      kinds: ['forceLies', 'powerLoss'],
    }),
  ),
  holds('DUR-3'),
  breaks(
    'DUR-3',
    at(loose, 'ASYNC_FLUSH, as shipped: the key index begins where recovery does', {
      config: rolling(asyncShipped),
      kinds: KILLS,
      runs: 2_000,
    }),
  ),
  holds('DUR-4'),
  breaks('DUR-4', at(loose, 'ASYNC_FLUSH, as shipped: the answer does not wait', { kinds: [] })),
  ...COPIES,
  ...LEDGER,
  ...ELECTIONS,
  holds('RTE-1', routes),
  breaks('RTE-1', at(routes, 'a NameServer whose clock jumps ahead', { kinds: ['clockJump'], runs: 1_000 })),
  holds('RTE-2', routes),
  breaks('RTE-2', at(routes, 'routes are polled every two minutes', { config: { ...sync, parameters: { routePollUs: seconds(120) } } })),
  holds('RTE-3', { ...routes, runs: 1_000 }),
  breaks('RTE-3', at(routes, 'a client that forgets its routes', { mutant: 'forgets-routes', kinds: ['processKill'], runs: 1_000 })),
  holds('RTE-4', at(strict, 'several brokers, SYNC_FLUSH, hardened', { preset: 'cluster' })),
  holds('RTE-4', at(strict, 'SYNC_FLUSH, hardened, brokers that are busy', { preset: 'busy-brokers', config: hasty, kinds: STALLS })),
  breaks(
    'RTE-4',
    at(strict, 'a broker that is busy for ever', { preset: 'busy-brokers', config: hasty, mutant: 'busy-for-ever', kinds: ['diskStall'] }),
  ),
  breaks(
    'RTE-4',
    at(loose, 'a producer that is held up: it measures its time itself', { preset: 'default', kinds: ['pause'], runs: 4_000 }),
  ),
  holds('RTE-5', tolerant),
  holds('RTE-5', at(strict, 'SYNC_FLUSH, hardened, the tolerance off as shipped', { preset: 'cluster' })),
  breaks('RTE-5', at(tolerant, 'a client whose tolerance does nothing, as if it were off', { mutant: 'tolerance-ignored' })),
  breaks('RTE-5', at(tolerant, 'a client that draws a queue for each send', { mutant: 'random-queues', kinds: [] })),
  breaks('RTE-5', at(tolerant, 'a producer whose clock jumps', { kinds: ['clockJump', 'processKill'], runs: 4_000 })),
  holds('BAT-1', { ...strict, preset: 'batches' }),
  breaks('BAT-1', at(loose, 'SYNC_FLUSH, as shipped: recovery judges each record alone', { preset: 'batches', config: syncShipped })),
  holds('RBL-3', at(orderly, 'SYNC_FLUSH, hardened, without pauses', { kinds: [...NET, ...RESTARTS, 'powerLoss'] })),
  breaks('RBL-3', at(loose, 'ASYNC_FLUSH, as shipped: a restart forgets the locks', { preset: 'ordered-topic', kinds: RESTARTS })),
  holds('DLY-1', delays),
  breaks('DLY-1', at(delays, 'a broker whose clock is set back', { kinds: ['clockJump'] })),
  holds('DLY-1', timers),
  breaks(
    'DLY-1',
    at(timers, 'ASYNC_FLUSH, hardened: a recall is lost', {
      config: { ...async, recallMessageEnable: true },
      kinds: ['powerLoss'],
      runs: 1_000,
    }),
  ),
  holds('DLY-2', timers),
  holds('DLY-4', timers),
  breaks('DLY-2', at(timers, 'a disk that is full for two seconds: a message that is due is given up', { kinds: ['diskFull'] })),
  holds('DLY-2', delays),
  breaks('DLY-2', at(loose, 'ASYNC_FLUSH, as shipped: progress outlives the copies', { preset: 'delays' })),
  holds('DLY-3', delays),
  breaks('DLY-3', at(delays, 'a broker that forgets the queue of what it delays', { mutant: 'delayed-to-first-queue', kinds: [] })),
  holds('DLY-4', delays),
  holds('DLY-4', at(delays, 'SYNC_FLUSH, as shipped, without power loss', { config: syncShipped, kinds: [...NET, ...KILLS] })),
  breaks('DLY-4', at(loose, 'ASYNC_FLUSH, as shipped: progress outlives the copies', { preset: 'delays' })),
  holds('RTY-1', retries),
  breaks('RTY-1', at(retries, 'a broker whose clock jumps', { kinds: ['clockJump'], runs: 1_000 })),
  holds('RTY-2', retries),
  holds('RTY-2', at(deadLetters, 'SYNC_FLUSH, hardened, one retry', {})),
  holds('RTY-2', at(retries, 'SYNC_FLUSH, hardened, orderly groups that give up', { preset: 'orderly-retries' })),
  breaks(
    'RTY-2',
    at(loose, 'ASYNC_FLUSH, as shipped: a message is taken back before its copy is forced', {
      preset: 'retries',
      config: { ...asyncShipped, ...retryQuickly },
    }),
  ),
  holds('TXN-1', { ...strict, preset: 'transactions' }),
  breaks(
    'TXN-1',
    at(loose, 'a broker that takes a half message for a message', { preset: 'transactions', mutant: 'half-visible', kinds: [] }),
  ),
  holds('TXN-2', { ...strict, preset: 'transactions' }),
  breaks(
    'TXN-2',
    at(loose, 'SYNC_FLUSH, as shipped: a commit can count twice', { preset: 'transactions', config: syncShipped, kinds: ['processKill'] }),
  ),
  breaks(
    'TXN-2',
    at(strict, 'a local transaction that runs before its half is stored', { preset: 'transactions', mutant: 'local-before-half' }),
  ),
  breaks(
    'TXN-2',
    at(strict, 'a checker that answers from memory after a restart', {
      preset: 'transactions',
      mutant: 'answers-from-memory',
      kinds: ['processKill'],
    }),
  ),
  breaks(
    'TXN-2',
    at(strict, 'two applications with one group name', { preset: 'transactions', mutant: 'answers-for-another-application' }),
  ),
  holds('TXN-3', { ...strict, preset: 'transactions' }),
  breaks('TXN-3', at(strict, 'a broker whose clock jumps', { preset: 'transactions', kinds: ['clockJump'], runs: 1_000 })),
  holds('TXN-4', { ...strict, preset: 'transactions' }),
  holds(
    'TXN-4',
    at(strict, 'SYNC_FLUSH, as shipped, without power loss', { preset: 'transactions', config: syncShipped, kinds: [...NET, ...KILLS] }),
  ),
  breaks('TXN-4', { ...loose, preset: 'transactions' }),
  holds('RBL-1', groups),
  breaks('RBL-1', at(dealt, 'members told their queues: CONFIG', { strategies: ['CONFIG'] })),
  breaks('RBL-1', at(dealt, 'brokers outside the rooms: MACHINE_ROOM', { strategies: ['MACHINE_ROOM'] })),
  breaks('RBL-1', at(dealt, 'two strategies in one group', { strategies: ['AVG', 'AVG_BY_CIRCLE'], namesakes: true })),
  holds('RBL-2', { ...strict, preset: 'default' }),
  breaks(
    'RBL-2',
    at(loose, 'a consumer that keeps what its share takes away', { preset: 'default', mutant: 'lost-queue-kept', kinds: [] }),
  ),
  holds('GRP-1', groups),
  breaks('GRP-1', at(dealt, 'two applications with one group name, and other subscriptions', { strategies: ['AVG'], namesakes: true })),
  holds('SCL-1', at(strict, 'SYNC_FLUSH, hardened, without power loss', { preset: 'queue-resize', kinds: [...NET, ...KILLS] })),
  breaks('SCL-1', at(loose, 'as shipped: an operator who closes queues out of order', { preset: 'queue-resize', kinds: [] })),
  breaks(
    'SCL-1',
    at(strict, 'a broker with one number for both sides', { preset: 'queue-resize', mutant: 'one-number-for-both', kinds: [] }),
  ),
  holds('SCL-2', at(strict, 'SYNC_FLUSH, hardened, without power loss', { preset: 'backlog', kinds: [...NET, ...KILLS] })),
  breaks('SCL-2', at(loose, 'as shipped: forwarders that do not wait, or never send', { preset: 'backlog', kinds: ['processKill'] })),
  breaks(
    'SCL-2',
    at(strict, 'a forwarder that does not wait', { preset: 'backlog', mutant: 'copy-not-awaited', kinds: [...NET, ...KILLS] }),
  ),
  holds('FLT-1', tagged),
  breaks('FLT-1', at(loose, 'two applications with one group name, and other tags', { preset: 'tags', kinds: [], namesakes: true })),
  breaks('FLT-1', at(tagged, 'a client that goes by the hash alone', { mutant: 'hash-is-enough', kinds: [] })),
  holds('FLT-2', selecting),
  breaks('FLT-2', at(selecting, 'as shipped: selectors are switched off', { config: sync, kinds: [] })),
  breaks('FLT-2', at(selecting, 'a broker that gives what it can not compare', { mutant: 'error-is-true', kinds: [] })),
  holds('PUL-1', polls),
  breaks('PUL-1', at(polls, 'a broker that neither wakes nor looks', { mutant: 'wake-up-lost', kinds: [] })),
  holds('PUL-2', polls),
  breaks('PUL-2', at(polls, 'a client that counts for itself', { mutant: 'next-counted', kinds: [] })),
  holds('BRC-1', members),
  breaks('BRC-1', at(members, 'an instance whose own disk is lost', { kinds: ['diskLoss', 'processKill'], runs: 500 })),
  holds('ACL-1', access),
  breaks('ACL-1', at(access, 'as shipped: brokers ask nobody who he is', { config: sync, kinds: [] })),
  breaks('ACL-1', at(access, 'a broker that does not compare signatures', { mutant: 'signature-not-compared', kinds: [] })),
  holds('QRY-1', queries),
  breaks('QRY-1', at(queries, 'as shipped: an index that knows hashes and whole seconds', { config: syncShipped, kinds: [], runs: 1_000 })),
  breaks('QRY-1', at(queries, 'hardened, and brokers that are down when they are asked', { kinds: [...CRASHES, 'cut'] })),
  ...POP,
  ...RETENTION,
  ...notKeptControls,
]
