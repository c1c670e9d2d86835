/**
 * The loss matrix as a table: how messages are kept, and what may strike who keeps them. What may be lost where the two meet is no opinion of
 * this file: loss-promise.ts asks the contract, and loss-proof.ts shows it by runs. One line more here is one configuration, or one fault, more.
 */
import { strike, type Combination } from '../generate/combinations.ts'
import type { Range } from '../generate/draw.ts'
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
const SOON: Range = [ms(1), seconds(2)]
const THEN: Range = [ms(1), seconds(5)]
const AT_ONCE: Range = [1, ms(1)]

/** Faults that follow each other, in so far as it is known beforehand whom they meet: roles that change say nothing of that. */
const OF_FIXED_ROLES = { keepers: ['broker'] } as const
const OF_CHANGING_ROLES = { keepers: ['elected', 'group'] } as const

export const LOSS_FAULTS: readonly LossFault[] = [
  { id: 'kill', title: 'the process is killed', strikes: [strike('processKill', 'broker', SOON)] },
  { id: 'restart', title: 'a restart in good order', strikes: [strike('gracefulRestart', 'broker', SOON)] },
  { id: 'power-loss', title: 'power loss', strikes: [strike('powerLoss', 'broker', SOON)] },
  {
    id: 'kill-then-power-loss',
    ...OF_FIXED_ROLES,
    title: 'a kill, and later a power loss',
    strikes: [strike('processKill', 'broker', SOON), strike('powerLoss', 'broker', THEN)],
  },
  { id: 'disk-loss', title: 'the disk is lost', strikes: [strike('diskLoss', 'broker', SOON)] },
  {
    id: 'power-loss-then-disk-loss',
    ...OF_FIXED_ROLES,
    title: 'power loss, and later the disk is lost',
    strikes: [strike('powerLoss', 'broker', SOON), strike('diskLoss', 'broker', [seconds(1), seconds(30)])],
  },
  {
    id: 'failed-force-then-power-loss',
    ...OF_FIXED_ROLES,
    title: 'a force fails, then power loss',
    strikes: [strike('forceFails', 'broker'), strike('powerLoss', 'broker', THEN)],
  },
  {
    id: 'lying-disk-then-power-loss',
    ...OF_FIXED_ROLES,
    title: 'the disk lies about a force, then power loss',
    strikes: [strike('forceLies', 'broker'), strike('powerLoss', 'broker', THEN)],
  },
  { id: 'slave-power-loss', title: 'power loss of a slave', strikes: [strike('powerLoss', 'slave', SOON)] },
  { id: 'slave-disk-loss', title: "a slave's disk is lost", strikes: [strike('diskLoss', 'slave', SOON)] },
  { id: 'partition', title: 'master and slave are cut off from each other', strikes: [strike('cut', 'slave')] },
  {
    id: 'partition-then-disk-loss',
    ...OF_FIXED_ROLES,
    title: "they are cut off, then the master's disk is lost",
    strikes: [strike('cut', 'slave'), strike('diskLoss', 'broker', THEN)],
  },
  { id: 'pause', title: 'the master stands still', strikes: [strike('pause', 'broker', SOON)], ...OF_CHANGING_ROLES },
  {
    id: 'cut-from-controllers',
    title: 'the master is cut off from the controllers',
    keepers: ['elected'],
    strikes: [strike('cut', 'controller', SOON)],
  },
  {
    id: 'partition-then-kill',
    title: 'master and slave are cut off, then the master is killed',
    ...OF_CHANGING_ROLES,
    strikes: [strike('cut', 'slave'), strike('processKill', 'broker', [ms(110), seconds(8)])],
  },
  {
    id: 'power-loss-of-all',
    title: 'power loss of master and slaves at once',
    strikes: [strike('powerLoss', 'broker', SOON), strike('powerLoss', 'slaves', AT_ONCE)],
  },
  {
    id: 'disk-loss-and-slaves-power-loss',
    title: "the master's disk is lost while its slaves lose power",
    strikes: [strike('diskLoss', 'broker', SOON), strike('powerLoss', 'slaves', AT_ONCE)],
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
