/** The plan's time: who waits is woken in order and not too early, and it stands still while it is held. */
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ms } from '../../plan/units.ts'
import { Pacer, RoundClock } from './clock.ts'

function started(): Pacer {
  const clock = new RoundClock()
  clock.start()
  return new Pacer(clock)
}

describe.concurrent('a pacer', () => {
  it('wakes in the order of the times, none before its own', async () => {
    const pacer = started()
    const times = Array.from({ length: 200 }, (_, k) => ms((k * 37) % 61))
    const woken: number[] = []
    await Promise.all(
      times.map(async (dueUs) => {
        await pacer.until(dueUs)
        expect(pacer.now()).toBeGreaterThanOrEqual(dueUs)
        woken.push(dueUs)
      }),
    )
    expect(woken).toEqual([...times].sort((x, y) => x - y))
  })

  it('stands still while it is held, by however many', async () => {
    const pacer = started()
    pacer.hold()
    pacer.hold()
    const at = pacer.now()
    let woken = false
    const waiting = pacer.until(at + ms(20)).then(() => {
      woken = true
    })
    await sleep(60)
    expect(pacer.now()).toBe(at)
    pacer.release()
    await sleep(40)
    expect(woken).toBe(false)
    pacer.release()
    expect(pacer.now() - at).toBeLessThan(ms(20))
    await waiting
  })

  it('that is late lets what comes first be acted upon before it goes on', async () => {
    const pacer = started()
    const order: string[] = []
    const first = pacer.until(ms(1), true).then(async () => {
      pacer.hold()
      await sleep(20)
      order.push('first')
      pacer.release()
    })
    const second = pacer.until(ms(2)).then(() => order.push('second'))
    const startMs = performance.now()
    while (performance.now() < startMs + 5);
    await Promise.all([first, second])
    expect(order).toEqual(['first', 'second'])
  })

  it('lets others have their turn', async () => {
    const pacer = started()
    let fired = false
    setImmediate(() => {
      fired = true
    })
    await pacer.giveWay()
    expect(fired).toBe(true)
    expect(pacer.crowded).toBe(false)
  })

  it('wakes nobody once it is closed', async () => {
    const pacer = started()
    let woken = false
    void pacer.until(ms(10)).then(() => {
      woken = true
    })
    pacer.close()
    await sleep(30)
    expect(woken).toBe(false)
  })
})

describe('a round clock', () => {
  it('stands at the beginning until it is started', async () => {
    const clock = new RoundClock()
    await sleep(5)
    expect(clock.now()).toBe(0)
    clock.start()
    await sleep(5)
    expect(clock.now()).toBeGreaterThan(ms(3))
  })
})
