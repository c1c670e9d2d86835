/** The kit must not accuse a broker that keeps its promises, and must convict one that does not: both through the whole way of `conform`. */
import { describe, expect, it } from 'vitest'
import type { GuaranteeId } from '../check/checker.ts'
import type { RunResult } from '../harness/run-plan.ts'
import type { FaultKind } from '../plan/faults.ts'
import { rounds } from './testing/round.ts'

const ROUNDS = 20

const convicted = ({ judgements }: RunResult): GuaranteeId[] =>
  judgements.filter(({ verdict }) => verdict === 'violated').map(({ id }) => id)
const unsure = ({ judgements, outcome }: RunResult): string[] =>
  judgements.filter(({ verdict }) => verdict === 'unknown').map(({ id, reason }) => `${id}: ${reason} (${outcome.drain.reason})`)

describe('a good reference', () => {
  it.each([
    ['as shipped, SYNC_FLUSH', {}],
    ['as shipped, ASYNC_FLUSH', { flushDiskType: 'ASYNC_FLUSH' }],
    ['hardened', { preset: 'hardened' }],
  ])('%s, is never convicted, and never in doubt', async (_, config) => {
    const results = await rounds({ config, rounds: ROUNDS, messages: 40 }, () => false)
    expect(results.flatMap(convicted)).toEqual([])
    expect(results.flatMap(unsure)).toEqual([])
    const upheld = new Set(
      results.flatMap(({ judgements }) => judgements.filter(({ verdict }) => verdict === 'upheld').map(({ id }) => id)),
    )
    expect([...upheld]).toEqual(expect.arrayContaining(['ORD-1', 'ORD-2', 'ALO-1', 'ALO-2', 'ALO-4', 'TXN-1']))
  })
})

const CUTS: readonly FaultKind[] = ['powerLoss']
const DEATHS: readonly FaultKind[] = ['processKill', 'gracefulRestart']
/** Planted bugs that a client can see within seconds: the guarantee that each breaks, the faults that bring it out, the load that it needs. */
const VISIBLE: readonly (readonly [mutant: string, breaks: GuaranteeId, faults: readonly FaultKind[], messages: number])[] = [
  ['ack-before-force', 'DUR-1', CUTS, 1000],
  ['commit-before-processing', 'ALO-2', [], 40],
  ['commit-largest-finished', 'ALO-2', [], 100],
  ['half-visible', 'TXN-1', [], 40],
  ['rollback-commits', 'TXN-2', [], 40],
  ['outcome-discarded', 'TXN-2', [], 40],
  ['put-executed-twice', 'ALO-5', [], 40],
  ['offsets-restart-at-zero', 'ORD-1', DEATHS, 100],
]

describe('a planted bug', () => {
  it.each(VISIBLE)('%s is convicted by %s in less than twenty rounds', async (mutant, breaks, faults, messages) => {
    const results = await rounds({ config: { mutant }, faults, rounds: ROUNDS - 1, messages }, (result) =>
      convicted(result).includes(breaks),
    )
    expect(results.flatMap(convicted)).toContain(breaks)
  })
})
