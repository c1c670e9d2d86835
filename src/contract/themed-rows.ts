/** The rows of RocketMQ's contract that have a file of their own, theme by theme. */
import type { ExcuseRow } from './excuse.ts'
import { STAND_INS } from './acting-rows.ts'
import { ACCESS } from './access-rows.ts'
import { ALLOCATION } from './allocate-rows.ts'
import { CHOICES } from './choice-rows.ts'
import { CONTROLLER_ROWS } from './controller-rows.ts'
import { CHECKS } from './check-rows.ts'
import { COPIES } from './copy-rows.ts'
import { DELAYS } from './delay-rows.ts'
import { FILTERS } from './filter-rows.ts'
import { LEDGER } from './ledger-rows.ts'
import { LOCKS } from './lock-rows.ts'
import { NAMESAKES } from './missed-rows.ts'
import { ORDER } from './order-rows.ts'
import { POP_ROWS } from './pop-rows.ts'
import { RECEIVER_ROWS } from './receiver-rows.ts'
import { PROMOTIONS } from './promotion-rows.ts'
import { QUERIES } from './query-rows.ts'
import { RESIZES } from './resize-rows.ts'
import { RETRIES } from './retry-rows.ts'
import { DELETIONS } from './retention-rows.ts'
import { STARTS } from './start-rows.ts'
import { TAKEOVERS } from './takeover-rows.ts'

export const ROWS_OF_THEIR_OWN: readonly ExcuseRow[] = [
  ...RECEIVER_ROWS,
  ...LOCKS,
  ...ORDER,
  ...ALLOCATION,
  ...NAMESAKES,
  ...RESIZES,
  ...DELAYS,
  ...FILTERS,
  ...STARTS,
  ...DELETIONS,
  ...POP_ROWS,
  ...CHOICES,
  ...RETRIES,
  ...CHECKS,
  ...COPIES,
  ...QUERIES,
  ...TAKEOVERS,
  ...ACCESS,
  ...LEDGER,
  ...CONTROLLER_ROWS,
  ...PROMOTIONS,
  ...STAND_INS,
]
