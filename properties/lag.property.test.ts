/** How far a group is behind, as its broker says: the figures are the broker's own, and say in the end what is done. */
import { describe, expect, it } from 'vitest'
import { simulate, type Event, type Plan } from '../src/index.ts'
import { script } from '../src/plan/script.ts'
import { anyPlan, holds } from './keeps.ts'

/** The plan, and somebody who asks about each of its groups every so often. */
function asked(plan: Plan): Plan {
  const [client] = plan.cluster.producers
  if (client === undefined) return plan
  const { healUs } = script(plan)
  const questions = plan.cluster.groups.flatMap(({ name: group, topics }) =>
    topics.flatMap((topic, k) =>
      [0.3, 0.6, 1].map((part, nth) => ({
        do: 'consumeStats' as const,
        client,
        atUs: Math.floor(healUs * part),
        salt: 7 + k * 10 + nth,
        topic,
        group,
      })),
    ),
  )
  return {
    ...plan,
    workload: [...plan.workload, ...questions.filter(({ topic }) => plan.cluster.topics.some(({ name }) => name === topic))],
  }
}

/** How many figures were told; none is more than its broker knew by then. */
function figuresOf(events: readonly Event[]): number {
  const progress = new Map<string, number>()
  const ends = new Map<string, number>()
  let figures = 0
  for (const event of events) {
    if (event.type === 'white' && event.f === 'dispatch') ends.set(`${event.v.topic} ${event.v.queue}`, event.v.offset + 1)
    else if (event.type === 'white' && event.f === 'storedOffset' && !event.v.durable) {
      progress.set(`${event.v.group} ${event.v.topic} ${event.v.queue}`, event.v.offset)
    } else if (event.type === 'ok' && event.f === 'lag') {
      const { group, topic, queues } = event.v
      for (const { queue, brokerOffset, consumerOffset } of queues) {
        figures++
        expect(brokerOffset).toBeLessThanOrEqual(ends.get(`${topic} ${queue}`) ?? 0)
        expect(consumerOffset).toBeLessThanOrEqual(progress.get(`${group} ${topic} ${queue}`) ?? 0)
      }
    }
  }
  return figures
}

describe('progress', () => {
  it('is never told to be more than the broker was told', () => {
    let figures = 0
    holds(anyPlan('faultless'), 60, (plan) => {
      figures += figuresOf(simulate(asked(plan)).events)
    })
    expect(figures).toBeGreaterThan(50)
  })
})
