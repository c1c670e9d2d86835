/** What runs rounds on an open target sees of it what the target says, and faults of others beside its own. */
import { expect, it } from 'vitest'
import { fakeFactory, openFake, type Opened } from './testing/fake.ts'

it('passes on whether consumers take over from each other, and whether the target is spent', async () => {
  const opened: Opened = { targets: [], closed: 0 }
  const session = await openFake(fakeFactory({ spent: true }, opened))
  const [fake] = opened.targets
  expect([session.target.rebalances, session.target.spent]).toEqual([false, true])
  expect(fake).toBeDefined()
  await session.close()
  expect(opened.closed).toBe(1)
})
