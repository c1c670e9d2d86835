/** The decisions of a receiver on which the number of effects depends; see broker/rules.ts for why they are here. */
import type { Receiver, Recipe } from '../../../../plan/plan.ts'
import type { PulledMessage } from '../../messages.ts'

export const receiverRules = {
  /** C-218: the application's own key; a message without one goes by its msgId. */
  keyOf: (by: Receiver['by'], { key, msgId }: PulledMessage): string => (by === 'key' && key !== '' ? key : msgId),

  /** C-214: key and effect are written in the transaction in which the recipe says so. */
  recipeToRun: (recipe: Recipe): Recipe => recipe,

  /** C-213: the unique index refuses a key that is there. */
  refusesInsert: (recorded: boolean): boolean => recorded,

  /** C-212: the update's condition: only what is unpaid is paid. */
  mayUpdate: (paid: boolean): boolean => !paid,

  /** A statement without an answer may have been executed or not: the listener fails, and the message comes again. */
  isDoneAfterSilence: (): boolean => false,
} as const
type Widen<F> = F extends (...args: infer A) => infer R ? (...args: A) => R : never
export type ReceiverRules = { readonly [name in keyof typeof receiverRules]: Widen<(typeof receiverRules)[name]> }
