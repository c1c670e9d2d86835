/** The decisions of access control; see rules.ts for why they are here and not in the code that asks. */
import { deniedTo, type Account, type Wish } from '../../../plan/access.ts'

export const accessRules = {
  /** RMQ-143: why an account may not do all that is wished for, or null. */
  denies: (account: Account, wishes: readonly Wish[]): string | null => deniedTo(account, wishes),

  /** RMQ-143: what wants no answer is looked at like everything else. */
  looksAtOneway: (): boolean => true,

  /** RMQ-143: nothing is done of what is denied. */
  stopsAtDenial: (): boolean => true,
} as const
