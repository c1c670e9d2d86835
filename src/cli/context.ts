/**
 * What commands are given: the process through `Io`, and through `Registry` everything that can be tested, so that no command
 * names a system.
 */
import type { GuaranteeId } from '../check/checker.ts'
import type { Contract } from '../contract/contract.ts'
import type { Declared } from '../contract/named.ts'
import type { Subject } from '../harness/executor.ts'
import type { WorkerThread } from '../harness/worker-pool.ts'
import type { TargetFactory } from '../live/factory.ts'
import type { Machine } from '../live/machine/machine.ts'
import type { Recipe } from '../live/recipe.ts'
import type { Colours } from '../report/colours.ts'
import { coloursFor } from '../report/colours.ts'
import type { Io } from './io.ts'
import { unknownName } from './suggest.ts'

/** A planted bug, as data. */
export interface MutantInfo {
  readonly id: string
  readonly title: string
  /** The guarantee that it must break. */
  readonly guarantee: GuaranteeId
  /** The historical bug that it re-enacts. */
  readonly bug: string
  /** The generator preset under which it has a chance to show. */
  readonly preset: string
}

export interface Registry {
  /** Ids of systems; the first is the default. */
  readonly systems: readonly string[]
  readonly mutants: readonly MutantInfo[]
  /** What runs plans of this system, planted bugs included: a plan names its mutant itself. */
  subjectOf(system: string): Subject
  /** Starts a thread that has this registry, to share the work with; null where it can't be had in another thread. */
  readonly newWorker: (() => WorkerThread) | null
  /** Live targets; the first is the default. */
  readonly targets: readonly TargetFactory[]
  /** The broker behind an adapter, which is a program and its arguments. */
  stdioTarget(command: readonly string[]): TargetFactory
  /** How brokers get onto this machine. */
  recipes(): readonly Recipe[]
  /** What a history is judged by; null where nobody has written that down. */
  contractOf(declared: Declared): Contract<unknown> | null
  /** A private place for processes, disks and ports, below the working directory. */
  openMachine(cwd: string): Promise<Machine>
}

export interface Context {
  readonly io: Io
  readonly registry: Registry
  readonly colours: Colours
  /** Prose and progress; never standard output under --json. */
  say(text: string): void
  /** Results. */
  print(text: string): void
}

export const contextOf = (io: Io, registry: Registry): Context => ({
  io,
  registry,
  colours: coloursFor(io.colour),
  say: (text) => io.stderr.write(`${text}\n`),
  print: (text) => io.stdout.write(`${text}\n`),
})

export function subjectFor(context: Context, system: string | undefined): Subject {
  const { systems } = context.registry
  const wanted = system ?? systems[0] ?? ''
  if (!systems.includes(wanted)) throw unknownName('system', wanted, systems, 'mqproof run --help')
  return context.registry.subjectOf(wanted)
}

export function mutantFor(context: Context, id: string): MutantInfo {
  const found = context.registry.mutants.find((one) => one.id === id)
  if (found === undefined)
    throw unknownName(
      'mutant',
      id,
      context.registry.mutants.map((one) => one.id),
      'mqproof list mutants',
    )
  return found
}
