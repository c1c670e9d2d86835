/** What RocketMQ does not promise where an administrator says which of a broker's processes is its master, row by row. */
import type { FaultKind } from '../plan/faults.ts'
import type { Excused, ExcuseRow } from './excuse.ts'
import { ANOTHER_LOG, CUTS } from './lost.ts'

const PROMOTED: readonly (readonly FaultKind[])[] = [['promotion']]
const LOST: Excused = { 'HA-2': ['lost in a failover'] }

/** What outlives the change of masters is HA-2's to say; the rest goes by whose copy it is. */
const WORK: readonly ExcuseRow[] = [
  {
    id: 'another-copy',
    excuses: ANOTHER_LOG,
    after: PROMOTED,
    anywhere: true,
    copied: true,
    before: true,
    reason:
      'who is promoted goes by his own copy, of the log and of the progress of a minute ago: it may lack what consumers were shown, since a master ' +
      'shows what nobody has copied yet, and, where nobody is waited for, what was acknowledged (RMQ-030, RMQ-065, RMQ-067, RMQ-070)',
  },
  {
    id: 'locks-of-another-process',
    excuses: { 'ORD-3': ['overlap', 'overtaken'], 'RBL-3': ['granted twice', 'processed without lock', 'outlived its lock'] },
    after: PROMOTED,
    anywhere: true,
    copied: true,
    reason: "locks lie in a master's memory alone: who is promoted knows of none (RMQ-106, RMQ-109)",
  },
  {
    id: 'changed-at-another-copy',
    excuses: { 'ORD-2': ['changed'] },
    after: [['bitCorruption']],
    anywhere: true,
    copied: true,
    with: { corrupted: false },
    reason: 'stored bytes changed at the copy that was read first, and a sound one is read now: nobody compares checksums when reading',
  },
]

/** What a master and some of its slaves had, and who is promoted has not. */
const LOST_BY_SEVERAL = {
  excuses: LOST,
  anywhere: true,
  copied: true,
  before: true,
  severalCopies: true,
} as const satisfies Partial<ExcuseRow>

const MASTERS: readonly ExcuseRow[] = [
  {
    id: 'promoted-without-the-end',
    excuses: LOST,
    after: PROMOTED,
    anywhere: true,
    copied: true,
    before: true,
    oneCopy: true,
    reason:
      'a master that waits for nobody acknowledges what no slave has: who is promoted lacks it, and nobody compares (RMQ-065, RMQ-070)',
  },
  {
    id: 'promoted-out-of-several',
    ...LOST_BY_SEVERAL,
    after: PROMOTED,
    with: { slaves: 'several' },
    reason:
      'whichever slaves come first are waited for, and any may be promoted: an administrator has to look who has the longest log (RMQ-064)',
  },
  {
    id: 'promoted-from-page-cache',
    ...LOST_BY_SEVERAL,
    after: [CUTS, ['promotion']],
    reason: 'a slave acknowledges what is in its page cache (RMQ-064), and can be promoted when it has lost that',
  },
  {
    id: 'promoted-and-struck',
    ...LOST_BY_SEVERAL,
    after: [['promotion'], CUTS],
    reason: 'a slave acknowledges what is in its page cache (RMQ-064), and loses that as well while it is promoted, or as the master',
  },
  {
    id: 'two-masters-by-hand',
    excuses: { 'HA-2': ['two masters', 'acknowledged by a deposed master'] },
    after: PROMOTED,
    anywhere: true,
    copied: true,
    deed: true,
    reason:
      'whoever is started as a master is one: nobody asks whether there is another, NameServers send clients to the one that has registered last, and ' +
      'both acknowledge (RMQ-009, RMQ-070)',
  },
  {
    id: 'lost-with-a-second-master',
    excuses: LOST,
    after: PROMOTED,
    anywhere: true,
    copied: true,
    before: true,
    with: { twoMasters: true },
    deed: true,
    reason: 'what one of two masters took is not in the log of the other, and is gone when that one is left (RMQ-062, RMQ-070)',
  },
  {
    id: 'ahead-of-who-was-promoted',
    ...LOST_BY_SEVERAL,
    after: PROMOTED,
    unless: 'refuseOtherLog',
    reason:
      'the old master comes back as a slave with what it had not copied yet: it is ahead of its new master, counts for records that it never had, and ' +
      'takes what does not fit (RMQ-062, RMQ-063)',
  },
]

export const PROMOTIONS: readonly ExcuseRow[] = [...WORK, ...MASTERS]
