/** A consumer that pops: what it acknowledges, what it hides for a moment, and that it goes on. */
import { afterEach, expect, it } from 'vitest'
import type { Delivery } from '../../target.ts'
import { REQUEST } from '../remoting/codes.ts'
import { FakeBroker, soon, type Handler } from '../testing/fake-broker.ts'
import { storedBytes } from '../testing/stored.ts'
import { QUICK } from '../testing/times.ts'
import type { ListenerMode } from '../../../plan/plan.ts'
import { PopConsumer } from './pop-consumer.ts'

const times = { ...QUICK, holdMs: 20 }

let broker: FakeBroker
let consumer: PopConsumer
const deliveries: Delivery[] = []

afterEach(async () => {
  consumer.abort()
  await broker.close()
  deliveries.length = 0
})

async function open(pops: Handler, listener?: ListenerMode): Promise<void> {
  broker = await FakeBroker.start(new Map([[REQUEST.popMessage, pops]]))
  consumer = new PopConsumer(
    { name: 'c1', group: 'g', topics: [{ topic: 'T', queues: 1 }], members: ['c1'], listener },
    { delivered: (delivery) => deliveries.push(delivery), assigned: () => undefined, committed: () => undefined },
    { address: broker.address, broker: 'b1', times, retriesMax: null, onBroken: () => undefined },
  )
}

it('acknowledges what is done, and hides for a moment what failed', async () => {
  let asked = 0
  const body = Buffer.concat([0, 1].map((offset) => storedBytes({ offset })))
  await open(() =>
    asked++ === 0 ? { fields: { popTime: 1, invisibleTime: 2, reviveQid: 0, startOffsetInfo: '0 0 0' }, body } : { code: 210 },
  )
  await soon(() => deliveries.length === 2)
  await deliveries[0]?.settle(true)
  await deliveries[1]?.settle(false)
  expect(broker.of(REQUEST.ackMessage).map(({ fields }) => fields['offset'])).toEqual(['0'])
  expect(broker.of(REQUEST.changeInvisibleTime)[0]?.fields).toMatchObject({ offset: '1', invisibleTime: '20' })
})

it('goes on after an error and after a lost connection', async () => {
  let asked = 0
  await open(() => (asked++ === 0 ? { code: 1 } : { code: 210 }))
  await soon(() => broker.of(REQUEST.popMessage).length >= 3)
  broker.drop()
  const before = broker.of(REQUEST.popMessage).length
  await soon(() => broker.of(REQUEST.popMessage).length > before)
})

it('asks for one at a time where the group listens in order', async () => {
  await open(() => ({ code: 210 }), 'orderly')
  await soon(() => broker.of(REQUEST.popMessage).length > 0)
  expect(broker.of(REQUEST.popMessage)[0]?.fields).toMatchObject({ maxMsgNums: '1', order: 'true' })
})
