/** What a broker remembers where slaves stand in for masters (RMQ-071). */
import type { NodeId } from '../../../sim/system.ts'

export interface ActingState {
  /** Of a slave: nobody comes before it, and it stands in for its master. */
  acts: boolean
  /** Which of the NameServers is asked who of its name is there, and whether an answer is due. */
  chosen: number
  asked: boolean
  /** Of a master that has come back, and is isolated until it is done with what it does before; null where nothing is left to do. */
  returning: Returning | null
}

export interface Returning {
  /** Slaves that have connected. */
  readonly met: readonly NodeId[]
  /** Slaves that are registered, as it was told last; null: nobody has told it yet. */
  readonly slaves: readonly NodeId[] | null
  /** The first of them has told what it knows of progress. */
  readonly told: boolean
}

export const newActing = (isMaster: boolean): ActingState => ({
  acts: false,
  chosen: 0,
  asked: false,
  returning: isMaster ? { met: [], slaves: null, told: false } : null,
})

export const forkActing = (acting: ActingState): ActingState => ({ ...acting })
