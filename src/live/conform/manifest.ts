/** What was tested, by whom and where: without it a number is worth nothing. */
import { release, type } from 'node:os'
import { FAULT_KINDS } from '../../plan/faults.ts'
import { hooksShown, type Hooks } from '../hooks.ts'
import { judgedBy, type Target } from '../target.ts'
import type { Manifest } from './document.ts'

export interface About {
  /** As the command line names the target. */
  readonly target: string
  readonly configuration: unknown
  readonly hooks: Hooks
  readonly version: string
}

export function manifestOf({ hello, faults }: Target, { target, configuration, hooks, version }: About): Manifest {
  return {
    target,
    broker: hello.system,
    version: hello.version,
    client: hello.client,
    brokers: [...hello.brokers],
    mqproof: version,
    node: process.versions.node,
    platform: process.platform,
    kernel: `${type()} ${release()}`,
    configuration,
    contract: hello.contract,
    config: judgedBy(hello).config,
    claims: hello.claims,
    faults: FAULT_KINDS.filter((kind) => faults.kinds.has(kind)),
    unavailable: Object.fromEntries(faults.unavailable),
    hooks: hooksShown(hooks),
  }
}
