/** A link to one of several replicas goes where the master is: when its own is gone, and when somebody has heard of another. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Link, type Address, type Whereabouts } from './link.ts'
import { ConnectionRefused } from './remoting/connection.ts'
import { FakeBroker } from './testing/fake-broker.ts'

let one: FakeBroker
let other: FakeBroker
beforeEach(async () => {
  one = await FakeBroker.start(new Map())
  other = await FakeBroker.start(new Map())
})
afterEach(async () => {
  await one.close()
  await other.close()
})

/** Says what it was told, and counts who asks. */
class Told implements Whereabouts {
  latest: Address | null = null
  asked = 0
  told: Address | null = null

  find(): Promise<Address> {
    this.asked++
    this.latest = this.told ?? this.latest
    return this.latest === null ? Promise.reject(new ConnectionRefused('no master')) : Promise.resolve(this.latest)
  }
}

it('stays where it is until its connection ends, or another master is known', async () => {
  const where = new Told()
  const link = new Link({ address: where, connectMs: 1000 })
  await expect(link.open()).rejects.toThrow(ConnectionRefused)
  where.told = one.address
  const first = await link.open()
  expect(link.current).toBe(first)
  // A new master that nobody has heard of yet.
  where.told = other.address
  expect(await link.open()).toBe(first)
  expect(where.asked).toBe(2)
  where.latest = other.address
  expect(link.current).toBeNull()
  const second = await link.open()
  expect(second).not.toBe(first)
  expect(first.ended).not.toBeNull()
  second.destroy()
  expect(await link.open()).not.toBe(second)
  expect(where.asked).toBe(4)
  link.destroy()
})
