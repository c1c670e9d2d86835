/**
 * The loss matrix as a table: how messages are kept, and what may strike who keeps them. What may be lost where the two meet is no opinion of
 * this file: loss-promise.ts asks the contract, and loss-proof.ts shows it by runs. One line more here is one configuration, or one fault, more.
 */
import type { Combination } from '../generate/combinations.ts'
import { ms, seconds } from '../plan/units.ts'
import { COPIES, MODES, type Copies, type Keeper, type Mode } from './loss-copies.ts'

/** What strikes, one after the other. */
export interface LossFault {
  readonly id: string
  readonly title: string
  readonly strikes: Combination
  /** Whom it says something of; everybody, if nothing is said. */
  readonly keepers?: readonly Keeper[]
}

export interface LossCell {
  readonly id: string
  readonly mode: Mode
  readonly copies: Copies
  readonly fault: LossFault
}

/** Soon after a message was sent: acknowledged, and not yet forced or copied everywhere. */
const SOON = { after: [ms(1), seconds(2)] } as const
const THEN = { after: [ms(1), seconds(5)] } as const
const AT_ONCE = { after: [1, ms(1)] } as const

/** Faults that follow each other, in so far as it is known beforehand whom they meet: roles that change say nothing of that. */
const OF_FIXED_ROLES = { keepers: ['broker'] } as const
const OF_CHANGING_ROLES = { keepers: ['elected', 'group'] } as const

export const LOSS_FAULTS: readonly LossFault[] = [
  { id: 'kill', title: 'the process is killed', strikes: [{ kind: 'processKill', role: 'broker', ...SOON }] },
  { id: 'restart', title: 'a restart in good order', strikes: [{ kind: 'gracefulRestart', role: 'broker', ...SOON }] },
  { id: 'power-loss', title: 'power loss', strikes: [{ kind: 'powerLoss', role: 'broker', ...SOON }] },
  {
    id: 'kill-then-power-loss',
    ...OF_FIXED_ROLES,
    title: 'a kill, and later a power loss',
    strikes: [
      { kind: 'processKill', role: 'broker', ...SOON },
      { kind: 'powerLoss', role: 'broker', ...THEN },
    ],
  },
  { id: 'disk-loss', title: 'the disk is lost', strikes: [{ kind: 'diskLoss', role: 'broker', ...SOON }] },
  {
    id: 'power-loss-then-disk-loss',
    ...OF_FIXED_ROLES,
    title: 'power loss, and later the disk is lost',
    strikes: [
      { kind: 'powerLoss', role: 'broker', ...SOON },
      { kind: 'diskLoss', role: 'broker', after: [seconds(1), seconds(30)] },
    ],
  },
  {
    id: 'failed-force-then-power-loss',
    ...OF_FIXED_ROLES,
    title: 'a force fails, then power loss',
    strikes: [
      { kind: 'forceFails', role: 'broker' },
      { kind: 'powerLoss', role: 'broker', ...THEN },
    ],
  },
  {
    id: 'lying-disk-then-power-loss',
    ...OF_FIXED_ROLES,
    title: 'the disk lies about a force, then power loss',
    strikes: [
      { kind: 'forceLies', role: 'broker' },
      { kind: 'powerLoss', role: 'broker', ...THEN },
    ],
  },
  { id: 'slave-power-loss', title: 'power loss of a slave', strikes: [{ kind: 'powerLoss', role: 'slave', ...SOON }] },
  { id: 'slave-disk-loss', title: "a slave's disk is lost", strikes: [{ kind: 'diskLoss', role: 'slave', ...SOON }] },
  { id: 'partition', title: 'master and slave are cut off from each other', strikes: [{ kind: 'cut', role: 'slave' }] },
  {
    id: 'partition-then-disk-loss',
    ...OF_FIXED_ROLES,
    title: "they are cut off, then the master's disk is lost",
    strikes: [
      { kind: 'cut', role: 'slave' },
      { kind: 'diskLoss', role: 'broker', ...THEN },
    ],
  },
  { id: 'pause', title: 'the master stands still', strikes: [{ kind: 'pause', role: 'broker', ...SOON }], ...OF_CHANGING_ROLES },
  {
    id: 'cut-from-controllers',
    title: 'the master is cut off from the controllers',
    keepers: ['elected'],
    strikes: [{ kind: 'cut', role: 'controller', ...SOON }],
  },
  {
    id: 'partition-then-kill',
    title: 'master and slave are cut off, then the master is killed',
    ...OF_CHANGING_ROLES,
    strikes: [
      { kind: 'cut', role: 'slave' },
      { kind: 'processKill', role: 'broker', after: [ms(110), seconds(8)] },
    ],
  },
  {
    id: 'power-loss-of-all',
    title: 'power loss of master and slaves at once',
    strikes: [
      { kind: 'powerLoss', role: 'broker', ...SOON },
      { kind: 'powerLoss', role: 'slaves', ...AT_ONCE },
    ],
  },
  {
    id: 'disk-loss-and-slaves-power-loss',
    title: "the master's disk is lost while its slaves lose power",
    strikes: [
      { kind: 'diskLoss', role: 'broker', ...SOON },
      { kind: 'powerLoss', role: 'slaves', ...AT_ONCE },
    ],
  },
]

/** A fault of slaves says nothing of a broker that has none. */
export const concerns = ({ strikes, keepers }: LossFault, { slaves, keeper }: Copies): boolean =>
  (slaves > 0 || strikes.every(({ role }) => role === 'broker')) && keepers?.includes(keeper) !== false

export const LOSS_CELLS: readonly LossCell[] = MODES.flatMap((mode) =>
  COPIES.flatMap((copies) =>
    LOSS_FAULTS.filter((fault) => concerns(fault, copies)).map((fault) => ({
      id: `${mode.id}/${copies.id}/${fault.id}`,
      mode,
      copies,
      fault,
    })),
  ),
)

export function cellNamed(id: string): LossCell {
  const found = LOSS_CELLS.find((cell) => cell.id === id)
  if (found === undefined) throw new Error(`the loss matrix has no cell ${id}`)
  return found
}

/** What all cells together are called, and the family of guarantees that they are about. */
const WHOLE = ['loss', 'dur']

/** "loss" for all, one cell, or whatever has a part of this name: a flush mode, a way to keep copies, a fault. */
export function cellsCalled(name: string): readonly LossCell[] {
  const wanted = name.toLowerCase()
  if (WHOLE.includes(wanted)) return LOSS_CELLS
  return LOSS_CELLS.filter(({ id, mode, copies, fault }) => [id, mode.id, copies.id, fault.id].includes(wanted))
}
