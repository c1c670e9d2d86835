/** Presets of brokers with slaves: of masters whom nobody elects, and of those who are cut off from who elects them. */
import { standingIn } from './acting-shapes.ts'
import { failovers, failoversOfGroups } from './failover-shapes.ts'
import { handedOver } from './promotion-shapes.ts'
import { orphaned, redirected, replicated, syncReplicated } from './replica-shapes.ts'
import { zones } from './zone-shapes.ts'
import type { Preset } from './shapes.ts'

export const COPY_PRESETS: readonly Preset[] = [
  { name: 'replicated', title: 'brokers with slaves, which copy what is already acknowledged', shapes: [[1, replicated]] },
  { name: 'slave-reads', title: 'masters that are away for more than a minute, while their slaves can be read', shapes: [[1, orphaned]] },
  { name: 'redirects', title: 'consumers that are sent from masters to slaves and back', shapes: [[1, redirected]] },
  { name: 'sync-replicated', title: 'brokers that wait for their slaves', shapes: [[1, syncReplicated]] },
  {
    name: 'promotions',
    title: 'slaves that an administrator makes masters, after the end of one or in good order',
    shapes: [[1, handedOver]],
  },
  {
    name: 'acting-masters',
    title: 'slaves that stand in for masters that are away, or not heard of, while groups go on in order',
    shapes: standingIn,
  },
  {
    name: 'failover-workloads',
    title: 'masters that are succeeded while messages wait for their time, groups send back what they fail on, and transactions are open',
    shapes: failovers,
  },
  {
    name: 'dledger-workloads',
    title:
      'leaders of DLedger groups that go while messages wait for their time, groups send back what they fail on, and transactions are open',
    shapes: failoversOfGroups,
  },
  {
    name: 'zones',
    title: 'partitions between two or three zones, of brokers whose masters controllers or DLedger groups elect',
    shapes: zones,
  },
]
