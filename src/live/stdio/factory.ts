/** `stdio:"COMMAND ARGS"` as a target: what the command is allowed to do, and how it is opened. */
import { z } from 'zod'
import { FAULT_KINDS } from '../../plan/faults.ts'
import type { TargetFactory } from '../factory.ts'
import { StdioTarget } from './bridge.ts'

/** Handed to the adapter as it is, in hello. */
export const AdapterConfig = z.record(z.string(), z.json())
type Config = z.infer<typeof AdapterConfig>

/** `command`: the program and its arguments; no shell looks at them. */
export function stdioTarget(command: readonly string[]): TargetFactory<Config> {
  const shown = command.join(' ')
  return {
    id: 'stdio',
    title: `the broker behind the adapter ${shown}`,
    config: AdapterConfig,
    configs: { default: {} },
    // Only its hello says which of these it can do.
    faults: FAULT_KINDS,
    missing: () => Promise.resolve(command.length === 0 ? 'no command: name the adapter as stdio:"COMMAND ARGS"' : null),
    intent: () => ({ processes: [shown], mounts: [], ports: [] }),
    open: (config, { machine, faults, url }) => StdioTarget.open({ machine, command, config, faults, url }),
  }
}
