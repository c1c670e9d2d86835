/** Brokers that break a promise, each by one rule, and the guarantee that must convict it. */
import type { GuaranteeId } from '../../../check/checker.ts'
import { SOUND, type Rules } from './rules.ts'

export interface Defect {
  readonly id: string
  readonly title: string
  readonly convicts: GuaranteeId
  readonly rules: Partial<Rules>
}

/** One more than the largest. */
const beyond = (finished: ReadonlySet<number>): number => [...finished].reduce((top, one) => Math.max(top, one), -1) + 1

const flipped = (payload: string): string => {
  const middle = payload.length >> 1
  return payload.slice(0, middle) + (payload[middle] === 'x' ? 'y' : 'x') + payload.slice(middle + 1)
}

export const DEFECTS: readonly Defect[] = [
  {
    id: 'loses',
    title: 'acknowledges every thousandth message and drops it',
    convicts: 'ALO-1',
    rules: { keeps: (n) => n % 1000 !== 0 },
  },
  {
    id: 'writes-behind',
    title: 'answers before it writes, and is killed in between',
    convicts: 'DUR-1',
    rules: { writeBehindMs: 250 },
  },
  {
    id: 'reorders',
    title: 'under load, now and then gives a message a place behind later ones',
    convicts: 'ORD-1',
    rules: { offsetOf: (next, n, sending) => (n % 50 === 0 && sending > 1 ? next + 2 * sending : next) },
  },
  {
    id: 'reuses-offsets',
    title: 'after a restart gives the last offset of each queue to another message',
    convicts: 'ORD-2',
    rules: { recovered: (count) => Math.max(0, count - 1) },
  },
  {
    id: 'commits-ahead',
    title: 'moves the progress of a group to the largest finished offset, past what is unfinished',
    convicts: 'ALO-2',
    rules: { progress: (from, finished) => Math.max(from, beyond(finished)) },
  },
  {
    id: 'forgets-unfinished',
    title: 'after a restart begins behind everything that was delivered, finished or not',
    convicts: 'ALO-1',
    rules: { keptAtDelivery: (offset) => offset + 1, tellsProgress: false },
  },
  {
    id: 'corrupts',
    title: 'changes a character of every two hundredth delivery',
    convicts: 'ALO-4',
    rules: { shown: (payload, n) => (n % 200 === 0 ? flipped(payload) : payload) },
  },
  {
    id: 'invents',
    title: 'now and then delivers something that nobody sent',
    convicts: 'ALO-4',
    rules: { shown: (payload, n) => (n % 200 === 0 ? 'a message from nowhere' : payload) },
  },
  {
    id: 'repeats',
    title: 'makes every hundredth delivery twice, with nothing wrong',
    convicts: 'ALO-5',
    rules: { copies: (n) => (n % 100 === 0 ? 2 : 1) },
  },
  {
    id: 'shows-rolled-back',
    title: 'shows messages whose transaction was rolled back',
    convicts: 'TXN-1',
    rules: { becomesVisible: (outcome) => outcome !== 'unknown' },
  },
  {
    id: 'delivers-early',
    title: 'delivers delayed messages when half of their time is over',
    convicts: 'DLY-1',
    rules: { waitsMs: (asked) => asked / 2 },
  },
  {
    id: 'forgets-delayed',
    title: 'acknowledges every third delayed message and never delivers it',
    convicts: 'DLY-2',
    rules: { waitsMs: (asked, n) => (n % 3 === 0 ? null : asked) },
  },
  {
    id: 'goes-deaf',
    title: 'after a restart serves nobody until he subscribes a second time',
    convicts: 'ALO-1',
    rules: { serves: (_group, nth, life) => life === 1 || nth > 1 },
  },
  {
    id: 'skips-backlog',
    title: 'after a restart begins at the end of each queue',
    convicts: 'ALO-1',
    rules: { resumes: (stored, count, _group, life) => (life === 1 ? stored : count) },
  },
  {
    id: 'says-yes-to-errors',
    title: 'answers "ok" with a status that is an error',
    convicts: 'DUR-4',
    rules: { status: (n) => (n % 100 === 0 ? 'DISK_TIMEOUT' : 'STORED') },
  },
]

/** The rules of the sound broker with one defect, or none. */
export function rulesWith(id: string): Rules | null {
  if (id === 'sound') return SOUND
  const defect = DEFECTS.find((one) => one.id === id)
  return defect === undefined ? null : { ...SOUND, ...defect.rules }
}
