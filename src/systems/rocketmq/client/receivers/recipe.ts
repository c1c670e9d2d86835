/** What a recipe is: the steps of a listener in order. Between two steps the process may die, pause, or be overtaken by another. */
import type { Us } from '../../../../plan/units.ts'
import type { Statement } from './tables.ts'

/** What statements are made from: the key, who asks, and how long things last. */
export interface Terms {
  readonly key: string
  readonly owner: number
  readonly keyLifeUs: Us
  readonly lockLeaseUs: Us
}

/** next: the next step. done: success is reported, nothing more to do. again: failure is reported, and the message comes again. */
type Next = 'next' | 'done' | 'again'

export interface Ask {
  /** The tables of the whole group, or a map in the memory of this process. */
  readonly of: 'database' | 'process'
  readonly statement: (terms: Terms) => Statement
  readonly yes: Next
  readonly no: Next
}

/** What takes the time, before the effect is written. */
export const WORK = 'work'
export type Step = typeof WORK | Ask

export interface ReceiverRecipe {
  readonly steps: readonly Step[]
  /** Asked before the end, whatever it is or after a failure only, but not when the first step was the last. */
  readonly atEnd: { readonly ask: Ask; readonly when: 'always' | 'failure' } | null
}

/** Its answer decides nothing. */
export const anyway = (of: Ask['of'], statement: Ask['statement']): Ask => ({ of, statement, yes: 'next', no: 'next' })
/** Goes on where the answer is yes. */
export const onlyIf = (of: Ask['of'], statement: Ask['statement'], no: Next): Ask => ({ of, statement, yes: 'next', no })
/** Goes on where the answer is no, and has nothing to do where it is yes. */
export const unless = (of: Ask['of'], statement: Ask['statement']): Ask => ({ of, statement, yes: 'done', no: 'next' })
