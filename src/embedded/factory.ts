/** `conform` without a target: the reference broker, in a process of its own, behind the protocol that any adapter speaks. */
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { TargetFactory } from '../live/factory.ts'
import { StdioTarget } from '../live/stdio/bridge.ts'
import { FAULT_KINDS } from '../plan/faults.ts'
import { claimsOf } from './claims.ts'
import { CONFIGS, modelOf, ReferenceConfig } from './config.ts'

const Settings = z.record(z.string(), z.json())

/** Compiled, or by whatever lets this very module run from its source. */
function command(): string[] {
  const ending = extname(import.meta.url)
  const main = fileURLToPath(new URL(`./main${ending}`, import.meta.url))
  return ending === '.ts' ? [process.execPath, '--import', import.meta.resolve('tsx'), main] : [process.execPath, main]
}

/** What hello carries: what was given, and nothing for what was left out. */
const json = (config: ReferenceConfig): z.infer<typeof Settings> => Settings.parse(JSON.parse(JSON.stringify(config)))

export const reference: TargetFactory<ReferenceConfig> = {
  id: 'reference',
  title: 'the simulated RocketMQ at the pace of the wall clock: nothing to install',
  config: ReferenceConfig,
  configs: CONFIGS,
  faults: FAULT_KINDS,
  missing: () => Promise.resolve(null),
  intent: () => ({ processes: [command().join(' ')], mounts: [], ports: [] }),
  async open(config, { machine, faults }) {
    const target = await StdioTarget.open({ machine, command: command(), config: json(config), faults })
    // For the report: it is judged by the contract of this configuration, which is finer than any claim.
    return Object.assign(target, { hello: { ...target.hello, claims: claimsOf(modelOf(config)) } })
  },
}
