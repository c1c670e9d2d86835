/** What a send says of its message on the wire: a delay, by a level of the broker's table or to a time, a tag, and properties. */
import { expect, it } from 'vitest'
import { FakeBroker } from '../testing/fake-broker.ts'
import { REQUEST } from './codes.ts'
import { openConnection } from './connection.ts'
import { sendMessage, type Delay } from './sends.ts'

async function propertiesOf(delay: Delay | undefined, tag?: string, properties?: Record<string, string>): Promise<string> {
  const answer = { fields: { queueId: 0, queueOffset: 1, msgId: '0'.repeat(32) } }
  const broker = await FakeBroker.start(new Map([[REQUEST.sendMessageV2, () => answer]]))
  const connection = await openConnection(broker.address.host, broker.port, 1000, () => undefined)
  const request = {
    producerGroup: 'p',
    broker: 'b1',
    topic: 'T',
    queue: 0,
    uniqueKey: 'K',
    half: false,
    delay,
    tag,
    properties,
    body: Buffer.from('x'),
  }
  await sendMessage(connection, request, 1000)
  connection.destroy()
  await broker.close()
  return broker.of(REQUEST.sendMessageV2)[0]?.fields['i'] ?? ''
}

it.each([
  [undefined, ''],
  [{ level: 3 }, 'DELAY\u00013\u0002'],
  [{ deliverAtMs: 1_700_000_000_000 }, 'TIMER_DELIVER_MS\u00011700000000000\u0002'],
])('a delay of %o is a property', async (delay, text) => {
  expect(await propertiesOf(delay)).toBe(`UNIQ_KEY\u0001K\u0002WAIT\u0001true\u0002${text}`)
})

it.each(['a', 'with "quotes" and \\'])('the tag %s is a property', async (tag) => {
  expect(await propertiesOf(undefined, tag)).toBe(`UNIQ_KEY\u0001K\u0002WAIT\u0001true\u0002TAGS\u0001${tag}\u0002`)
})

it('its own properties come after the tag', async () => {
  expect(await propertiesOf(undefined, 'a', { amount: '5', type: 'it "is"' })).toBe(
    'UNIQ_KEY\u0001K\u0002WAIT\u0001true\u0002TAGS\u0001a\u0002amount\u00015\u0002type\u0001it "is"\u0002',
  )
})
