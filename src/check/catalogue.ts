/** Every checker there is, in the order of the catalogue. */
import { acl1 } from './acl-1.ts'
import { alo1 } from './alo-1.ts'
import { alo2 } from './alo-2.ts'
import { alo3 } from './alo-3.ts'
import { alo4 } from './alo-4.ts'
import { alo5 } from './alo-5.ts'
import { bat1 } from './bat-1.ts'
import type { Checker } from './checker.ts'
import { brc1 } from './brc-1.ts'
import { dly1 } from './dly-1.ts'
import { dly2 } from './dly-2.ts'
import { dly3 } from './dly-3.ts'
import { dly4 } from './dly-4.ts'
import { dur1 } from './dur-1.ts'
import { dur2 } from './dur-2.ts'
import { dur3 } from './dur-3.ts'
import { dur4 } from './dur-4.ts'
import { flt1 } from './flt-1.ts'
import { flt2 } from './flt-2.ts'
import { dur5 } from './dur-5.ts'
import { dur6 } from './dur-6.ts'
import { dur7 } from './dur-7.ts'
import { grp1 } from './grp-1.ts'
import { ha1 } from './ha-1.ts'
import { ha2 } from './ha-2.ts'
import { ha3 } from './ha-3.ts'
import { idm1 } from './idm-1.ts'
import { idm2 } from './idm-2.ts'
import { ord1 } from './ord-1.ts'
import { ord2 } from './ord-2.ts'
import { ord3 } from './ord-3.ts'
import { ord4 } from './ord-4.ts'
import { ord5 } from './ord-5.ts'
import { pul1 } from './pul-1.ts'
import { pul2 } from './pul-2.ts'
import { rbl3 } from './rbl-3.ts'
import { rty1 } from './rty-1.ts'
import { rty2 } from './rty-2.ts'
import { rte1 } from './rte-1.ts'
import { rte2 } from './rte-2.ts'
import { rte3 } from './rte-3.ts'
import { qry1 } from './qry-1.ts'
import { rbl1 } from './rbl-1.ts'
import { rbl2 } from './rbl-2.ts'
import { ret1 } from './ret-1.ts'
import { ret2 } from './ret-2.ts'
import { ret3 } from './ret-3.ts'
import { rte4 } from './rte-4.ts'
import { rte5 } from './rte-5.ts'
import { scl1 } from './scl-1.ts'
import { scl2 } from './scl-2.ts'
import { txn1 } from './txn-1.ts'
import { txn2 } from './txn-2.ts'
import { txn3 } from './txn-3.ts'
import { txn4 } from './txn-4.ts'

export const checkers: readonly Checker[] = [
  ord1,
  ord2,
  ord3,
  ord4,
  ord5,
  alo1,
  alo2,
  alo3,
  alo4,
  alo5,
  idm1,
  idm2,
  dur1,
  dur2,
  dur3,
  dur4,
  dur5,
  dur6,
  dur7,
  ha1,
  ha2,
  ha3,
  rte1,
  rte2,
  rte3,
  rte4,
  rte5,
  bat1,
  rbl1,
  rbl2,
  rbl3,
  grp1,
  brc1,
  rty1,
  rty2,
  dly1,
  dly2,
  dly3,
  dly4,
  txn1,
  txn2,
  txn3,
  txn4,
  flt1,
  flt2,
  ret1,
  ret2,
  ret3,
  pul1,
  pul2,
  scl1,
  scl2,
  qry1,
  acl1,
]

export const checkerOf = (id: string): Checker | undefined => checkers.find((checker) => checker.id === id)
