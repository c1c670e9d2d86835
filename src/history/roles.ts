/** What is recorded where more than the plan decides which of a broker's processes is its master, or stands in for it. */
import type { White } from './event.ts'

/** A controller has decided, for good: `master` is it from this epoch on. Before any process hears of it. */
export type Elected = White<'elected', { broker: string; master: string; epoch: number }>
/** A controller has taken note, for good, of who has all that consumers of a broker's name are shown. */
export type InSync = White<'inSync', { broker: string; set: readonly string[] }>
/** A controller leads the others in this term of theirs, and serves: all that it found decided has taken effect. */
export type Presides = White<'presides', { term: number }>
/** A process takes up a role; its log ends here. */
export type RoleTaken = White<'role', { role: 'master' | 'slave'; epoch: number; end: number }>
/** A slave begins or ceases to stand in for its master; or a master that has come back is registered again. */
export type Acting = White<'acting', { as: 'acting master' | 'slave' | 'online' }>
