/** Hand-made histories of accounts, good and bad. */
import { describe, expect, it } from 'vitest'
import type { Account } from '../plan/access.ts'
import type { Header } from '../history/event.ts'
import { DRAINED, HEADER, judged, namesIn, sabotaged, Story, story } from './testing/histories.ts'

const may = (of: string, resource: string, decision: 'ALLOW' | 'DENY' = 'ALLOW', signature: Account['signature'] = 'right'): Account => ({
  of,
  signature,
  address: '10.0.0.1',
  policies: [{ resource, actions: ['All'], decision }],
})
const given = (...accounts: Account[]): Header => ({
  ...HEADER,
  queries: true,
  access: { enabled: true, accounts, groups: [{ name: 'g', topics: ['T'] }] },
})
const names = (told: Story, ...accounts: Account[]): string[] => namesIn('ACL-1', told, DRAINED, given(...accounts))

class Operated extends Story {
  /** Wants the group to be moved. */
  asks(p: string): this {
    return this.add({ p, type: 'invoke', f: 'resetOffset', op: 9, v: { group: 'g', topic: 'T', queue: '0', offset: 0, timestampUs: -1 } })
  }

  resized(type: 'ok' | 'info'): this {
    const v = { topic: 'T', brokers: ['b1'], readQueues: 1, writeQueues: 1, drained: false }
    return this.add({ p: 'p1', type, f: 'resize', op: 9, v })
  }

  lag(): this {
    return this.add({ p: 'p1', type: 'ok', f: 'lag', op: 9, v: { group: 'g', topic: 'T', queues: [] } })
  }
}

describe('ACL-1', () => {
  const denied = may('p1', 'topic:U')

  it('wants what is denied to be refused, and to come to nothing', () => {
    const good = story().invoke(1).refused(1, 'NO_PERMISSION')
    expect(judged('ACL-1', good, DRAINED, given(denied))).toMatchObject({ anomalies: [], evidence: { chances: 1 } })
    expect(sabotaged('ACL-1', good, given(denied))?.anomalies.map(({ name }) => name)).toEqual(['accepted'])
    expect(names(story().sent(1, 0), denied)).toEqual(['accepted'])
    expect(names(story().invoke(1).append(1, 0).refused(1, 'NO_PERMISSION'), denied)).toEqual(['stored'])
    expect(names(story().invoke(1).refused(1, 'NO_PERMISSION').consumed(1, 0), denied)).toEqual(['stored'])
    expect(names(story().invoke(1).refused(1, 'NO_PERMISSION').audit([1]), denied)).toEqual(['stored'])
    expect(names(story().sent(1, 0), may('p1', 'topic:T', 'ALLOW', 'wrong'))).toEqual(['accepted'])
    expect(names(story().sent(1, 0), may('p1', 'topic:T'))).toEqual([])
  })

  it('wants what is allowed not to be refused', () => {
    expect(names(story().invoke(1).refused(1, 'NO_PERMISSION'), may('p1', 'topic:T'))).toEqual(['refused'])
    expect(names(story().invoke(1).refused(1, 'NO_PERMISSION'), may('p2', 'topic:T'))).toEqual([])
  })

  it('wants nothing to be shown to who may not read', () => {
    expect(names(story().sent(1, 0).consumed(1, 0), may('g', 'topic:T'))).toEqual(['leaked'])
    const reader: Account = { ...may('g', 'topic:T'), policies: [...may('g', 'topic:T').policies, ...may('g', 'group:g').policies] }
    expect(names(story().sent(1, 0).consumed(1, 0), reader)).toEqual([])
    const found = { message: 1, topic: 'T', queue: '0', offset: 0, broker: 'b1', at: 0, storedUs: 0 }
    expect(names(story().query(9).found(9, [found]), denied)).toEqual(['leaked'])
    expect(names(story().query(9).found(9, []), denied)).toEqual([])
    const half = { ...found, topic: 'RMQ_SYS_TRANS_HALF_TOPIC' }
    expect(names(story().invoke(1, { half: true }).query(9).found(9, [half]), may('p1', 'topic:T'))).toEqual([])
  })

  it('wants nothing to obey who may not change anything', () => {
    const told = (): Operated => new Operated()
    expect(names(told().asks('p1').reset(0), denied)).toEqual(['obeyed'])
    expect(names(told().asks('p1'), denied)).toEqual([])
    // Somebody may.
    expect(names(told().asks('p1').asks('p2').reset(0), denied)).toEqual([])
    expect(names(told().asks('p1').reset(0), may('p1', 'group:g'))).toEqual([])
    expect(names(told().resized('ok'), denied)).toEqual(['obeyed'])
    expect(names(told().resized('info'), denied)).toEqual([])
    expect(names(told().resized('ok'), may('p1', 'topic:T'))).toEqual([])
    expect(names(told().lag(), denied)).toEqual(['leaked'])
  })

  it('has nothing to say where nobody has an account', () => {
    expect(judged('ACL-1', story().sent(1, 0), DRAINED, HEADER).notExercised).toMatch(/account/)
  })
})
