/** How a target is opened: each built-in one, and a user's module, is a factory. */
import type { z } from 'zod'
import type { FaultKind } from '../plan/faults.ts'
import type { ControlSheet } from './control.ts'
import type { Machine } from './machine/machine.ts'
import type { Target } from './target.ts'

export interface OpenOptions {
  /** Where processes, disks and ports come from. */
  readonly machine: Machine
  /** The kinds of faults that will be asked for: who needs no proxy and no disk image starts without. */
  readonly faults: ReadonlySet<FaultKind>
  /** An existing broker, of which nothing may be killed. */
  readonly url?: string | undefined
}

/** What `--dry-run` shows: what would be started, mounted and listened on, and what faults would do to it. */
export interface Intent {
  readonly processes: readonly string[]
  readonly mounts: readonly string[]
  readonly ports: readonly string[]
  /** Faults among these that can't be done with this configuration, or on this machine, with the reason. */
  readonly unavailable?: ReadonlyMap<FaultKind, string>
}

export interface TargetFactory<Config = unknown> {
  readonly id: string
  readonly title: string
  /** Parses the configuration; unknown fields are refused. */
  readonly config: z.ZodType<Config>
  /** Ready-made configurations by name; the first is the default. */
  readonly configs: Readonly<Record<string, unknown>>
  /** Kinds of faults that it can do on a machine that allows everything. */
  readonly faults: readonly FaultKind[]
  /** What is missing before it can be opened, as a reason and the command that helps, or null. */
  missing(): Promise<string | null>
  intent(config: Config, faults: ReadonlySet<FaultKind>): Intent
  /** Its facts sheet's controls, where there is one. */
  readonly controls?: ControlSheet
  /** Starts the broker, if it is one of ours, and waits until it is ready. @throws BrokerDown, Unavailable, InputError */
  open(config: Config, options: OpenOptions): Promise<Target>
}
