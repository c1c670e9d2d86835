/** Groups whose queues are assigned by hand, told by hand: what nobody was told to read is owed to nobody, and two hands on one queue repeat nothing. */
import { describe, expect, it } from 'vitest'
import type { Header } from '../history/event.ts'
import type { GuaranteeId } from './checker.ts'
import { runChecks } from './run-checkers.ts'
import { DRAINED, HEADER, Story } from './testing/histories.ts'

const TOLD: Header = { ...HEADER, groups: HEADER.groups.map((group) => ({ ...group, consumption: 'pull', assign: [0] })) }
const judged = (header: Header, { events }: Story, id: GuaranteeId): { names: string[]; exercised: boolean } => {
  const found = runChecks(header, events, DRAINED, [id]).get(id)
  return { names: (found?.anomalies ?? []).map(({ name }) => name), exercised: (found?.evidence ?? null) !== null }
}
const unread = (queue: string): Story => new Story().sent(1, 0, { queue }).phase('heal').phase('drained')

describe('a group whose consumers are told their queues', () => {
  it('owes what lies there, and nothing that lies elsewhere', () => {
    expect(judged(TOLD, unread('0'), 'ALO-1')).toEqual({ names: ['not delivered'], exercised: true })
    expect(judged(TOLD, unread('1'), 'ALO-1')).toEqual({ names: [], exercised: false })
    expect(judged(HEADER, unread('1'), 'ALO-1').names).toEqual(['not delivered'])
  })

  it('is given a message by each hand, which is no repetition', () => {
    const both = new Story().sent(1, 0).deliver(1, 0, { p: 'c1' }).deliver(1, 0, { p: 'c2' })
    expect(judged(HEADER, both, 'ALO-5')).toEqual({ names: ['delivered twice'], exercised: true })
    expect(judged(TOLD, both, 'ALO-5')).toEqual({ names: [], exercised: false })
  })
})
