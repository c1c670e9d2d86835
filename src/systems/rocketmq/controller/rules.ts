/** A controller's decisions on which guarantees depend; see broker/rules.ts for why they are here and not in the code that asks. */
import type { Us } from '../../../plan/units.ts'

/** A replica that a controller has heard of lately. */
export interface Candidate {
  readonly replica: number
  readonly epoch: number
  readonly max: number
}

/** What an election looks at (RMQ-073). */
export interface Ballot {
  readonly set: readonly number[]
  /** In the order of their names, which stands for broker.electionPriority. */
  readonly alive: readonly Candidate[]
  readonly unclean: boolean
  /** Nobody was master before. */
  readonly first: boolean
  /** Who asks; -1: nobody. */
  readonly asker: number
}

/** RMQ-073: the newest epoch first, then the longest log. */
const best = (candidates: readonly Candidate[]): number =>
  candidates.reduce<Candidate | null>(
    (found, one) => (found === null || one.epoch > found.epoch || (one.epoch === found.epoch && one.max > found.max) ? one : found),
    null,
  )?.replica ?? -1

export const controllerRules = {
  /** RMQ-073: who is master next; -1: nobody can be. */
  elected: ({ set, alive, unclean, first, asker }: Ballot): number => {
    if (first) return asker
    const inSync = alive.filter(({ replica }) => set.includes(replica))
    return inSync.length > 0 || !unclean ? best(inSync) : best(alive)
  },

  /** RMQ-073: each election begins an epoch. */
  nextEpoch: (epoch: number): number => epoch + 1,

  /** RMQ-073: a new master is alone in its set until others have caught up. */
  setAfterElection: (master: number, _before: readonly number[]): readonly number[] => [master],

  /** RMQ-072: a replica that was silent for so long is not there. */
  isUnheard: (silentUs: Us, expiryUs: Us): boolean => silentUs > expiryUs,

  /** RMQ-072: heartbeats are looked through (#9717 forgot to). */
  looksForSilent: (): boolean => true,

  /** RMQ-074: only the master of the epoch alters its set, and only the set that it knows. */
  mayAlterSet: (
    asked: { readonly epoch: number; readonly setEpoch: number },
    known: { readonly epoch: number; readonly setEpoch: number },
  ): boolean => asked.epoch === known.epoch && asked.setEpoch === known.setEpoch,

  /** RMQ-072, Raft §5.3: of several controllers' log, what a majority has takes effect. */
  appliesUpTo: (committed: number, _end: number): number => committed,

  /** Raft §8: a leader serves once its own first entry is committed, and with it all that it has found. */
  mayServe: (applied: number, officeEnd: number): boolean => applied >= officeEnd,

  /** Repair masterLease: who has come to lead waits for as long as its predecessor may have answered heartbeats that nobody else has heard. */
  waitsOutLease: (sinceUs: Us, expiryUs: Us): boolean => sinceUs <= expiryUs,

  /** Repair masterLease: a heartbeat is answered by who has certainly led when it was heard. */
  mayVouch: (heardAt: Us, sureAt: Us): boolean => sureAt >= heardAt,
} as const

type Widen<F> = F extends (...args: infer A) => infer R ? (...args: A) => R : never
export type ControllerRules = { readonly [name in keyof typeof controllerRules]: Widen<(typeof controllerRules)[name]> }
