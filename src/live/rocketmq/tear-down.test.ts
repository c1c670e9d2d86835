/** What a round made is removed as far as possible: one refusal does not keep the rest. */
import { expect, it } from 'vitest'
import { REQUEST } from './remoting/codes.ts'
import { openTarget } from './testing/opened.ts'

it('goes on after what the broker refuses to remove', async () => {
  const { broker, target } = await openTarget([[REQUEST.deleteTopic, () => ({ code: 16 })]])
  const topics = ['T', 'U'].map((topic) => ({ topic, queues: 1 }))
  await target.tearDown(topics, [{ group: 'g', topics: ['T', 'U'] }])
  expect(broker.of(REQUEST.deleteTopic)).toHaveLength(2)
  expect(broker.of(REQUEST.deleteGroup)).toHaveLength(1)
  await target.close()
  await broker.close()
})
