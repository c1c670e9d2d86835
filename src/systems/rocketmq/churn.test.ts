/** Consumers that a plan starts and stops. */
import { describe, expect, it } from 'vitest'
import type { Event } from '../../history/event.ts'
import type { Fault } from '../../plan/faults.ts'
import { PLAN_FORMAT, type Item, type Plan } from '../../plan/plan.ts'
import { seconds } from '../../plan/units.ts'
import { simulate } from '../../sim/run.ts'
import { rocketmq } from './system.ts'

const move = (act: 'start' | 'stop', client: string, atS: number): Item => ({ do: act, client, atUs: seconds(atS), salt: atS })
const send = (atS: number): Item => ({ do: 'send', client: 'p1', atUs: seconds(atS), salt: atS, topic: 'T', bytes: 10, mode: 'sync' })
const kill = (on: string, atS: number, forS: number): Fault => ({
  kind: 'processKill',
  on,
  atUs: seconds(atS),
  salt: atS,
  forUs: seconds(forS),
})

function run(workload: readonly Item[], faults: readonly Fault[] = []): { drained: boolean; lives: string[]; moves: string[] } {
  const plan: Plan = {
    format: PLAN_FORMAT,
    version: '0',
    system: 'rocketmq',
    seed: 0,
    policy: 'calm',
    cluster: {
      nameservers: ['n1'],
      brokers: ['b1'],
      producers: ['p1'],
      topics: [{ name: 'T', queues: 2 }],
      groups: [{ name: 'g', topics: ['T'], consumers: ['c1', 'c2'] }],
      config: { preset: 'rocketmq-5.5', flushDiskType: 'ASYNC_FLUSH' },
    },
    workload: [...workload],
    faults: [...faults],
  }
  const events: Event[] = []
  const { drained } = simulate(rocketmq, plan, (event) => events.push(event))
  const at = ({ t }: Event): string => `${Math.floor(t / seconds(1))} s`
  return {
    drained,
    lives: events.flatMap((event) =>
      event.type === 'white' && (event.f === 'up' || event.f === 'down') && event.p.startsWith('c')
        ? [`${event.p} ${event.f} ${at(event)}`]
        : [],
    ),
    moves: events.flatMap((event) => ('f' in event && event.f === 'churn' ? [`${event.type} ${event.v.act} ${event.p} ${at(event)}`] : [])),
  }
}

describe('a consumer', () => {
  it('whose first item is a start does not run before it', () => {
    expect(run([move('start', 'c2', 3), send(5)])).toEqual({
      drained: true,
      lives: ['c1 up 0 s', 'c2 up 3 s'],
      moves: ['ok start c2 3 s'],
    })
  })

  it('that is stopped stays away: no end of a fault and no heal brings it back', () => {
    const { drained, lives } = run([move('stop', 'c2', 3), send(9)], [kill('c2', 2, 4), kill('c2', 5, 1)])
    expect(lives).toEqual(['c1 up 0 s', 'c2 up 0 s', 'c2 down 2 s'])
    expect(drained).toBe(true)
  })

  it('that is started while it runs, or stopped while it does not, is left as it is', () => {
    const { lives, moves } = run([move('stop', 'c2', 2), move('stop', 'c2', 3), move('start', 'c2', 4), move('start', 'c2', 5), send(6)])
    expect(moves).toEqual(['ok stop c2 2 s', 'fail stop c2 3 s', 'ok start c2 4 s', 'fail start c2 5 s'])
    expect(lives).toEqual(['c1 up 0 s', 'c2 up 0 s', 'c2 down 2 s', 'c2 up 4 s'])
  })

  it('comes back at the heal where its group has nobody else', () => {
    const { drained, lives, moves } = run([send(1), move('stop', 'c1', 2), move('stop', 'c2', 2)])
    expect(moves.slice(2)).toEqual(['ok start c1 3 s', 'ok start c2 3 s'])
    expect(lives.slice(4)).toEqual(['c1 up 3 s', 'c2 up 3 s'])
    expect(drained).toBe(true)
  })
})

describe('a plan', () => {
  it('that starts a node which is no consumer is refused', () => {
    expect(() => run([move('start', 'p1', 1)])).toThrow('workload[0].client: no consumer "p1"')
  })
})
