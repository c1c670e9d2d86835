/** What every command that runs on a live target takes from the command line, and how it opens one. */
import type { Contract } from '../contract/contract.ts'
import { CONTRACT_NAMES } from '../contract/named.ts'
import { manifestOf } from '../live/conform/manifest.ts'
import { openSession, type Session } from '../live/conform/session.ts'
import type { Manifest } from '../live/conform/document.ts'
import type { TargetFactory } from '../live/factory.ts'
import { parseHooks, type Hooks } from '../live/hooks.ts'
import { Unavailable } from '../live/machine/machine.ts'
import type { TellWaiting } from '../live/runner/waiting.ts'
import { Secrets } from '../live/secrets.ts'
import { judgedBy, type Hello, type Target } from '../live/target.ts'
import type { FaultKind } from '../plan/faults.ts'
import { InputError } from '../plan/input-error.ts'
import { VERSION } from '../version.ts'
import type { Context } from './context.ts'
import { configFor, faultKinds, targetNamed } from './target-input.ts'

export interface LiveOptions {
  readonly config?: string
  readonly faults?: string[]
  readonly hook?: string[]
  readonly url?: string
  readonly drain?: number
}

export interface LiveSettings {
  /** As it was named. */
  readonly name: string
  readonly factory: TargetFactory
  readonly config: unknown
  /** The kinds of faults that were asked for; all that the target can do when nothing was said. */
  readonly faults: ReadonlySet<FaultKind>
  readonly hooks: Hooks
  readonly url: string | undefined
  /** What none of these may show of itself in what is written down. */
  readonly secrets: Secrets
  /** What a round may take to come to rest. */
  readonly drainLimitMs: number | undefined
}

export async function liveSettings(context: Context, name: string, options: LiveOptions): Promise<LiveSettings> {
  const factory = await targetNamed(context, name)
  const hooks = parseHooks(options.hook ?? [])
  if (hooks.begins.size > 0 && options.url === undefined)
    throw new InputError('--hook is for a broker of your own: say where it is by --url')
  const faults = options.faults === undefined ? new Set([...factory.faults, ...hooks.begins.keys()]) : faultKinds(options.faults)
  const config = configFor(context, factory, options.config)
  const secrets = new Secrets(name, options.url, options.hook, config)
  return { name, factory, config, faults, hooks, url: options.url, secrets, drainLimitMs: options.drain }
}

/** @throws Unavailable when something must be installed first. */
export async function demandInstalled({ factory, url }: LiveSettings): Promise<void> {
  const missing = url === undefined ? await factory.missing() : null
  if (missing !== null) throw new Unavailable(`${factory.id}: ${missing}`)
}

/** @throws InputError when a module names no contract, or one that nobody knows. */
function contractFor({ registry }: Context, hello: Hello): Contract<unknown> {
  const contract = registry.contractOf(judgedBy(hello))
  if (contract !== null) return contract
  throw new InputError(`the target ${hello.system} says nothing of its contract: hello.contract is one of ${CONTRACT_NAMES.join(', ')}`)
}

export interface Changed {
  readonly config?: unknown
  readonly faults?: ReadonlySet<FaultKind>
  readonly signal?: AbortSignal | undefined
  readonly onWait?: TellWaiting | undefined
}

export function openLive(context: Context, settings: LiveSettings, changed: Changed): Promise<Session> {
  const { factory, hooks, url, secrets, drainLimitMs } = settings
  const { config = settings.config, faults = settings.faults, signal, onWait } = changed
  const { registry, io } = context
  const openMachine = () => registry.openMachine(io.cwd)
  const contractOf = (hello: Hello) => contractFor(context, hello)
  return openSession({
    factory,
    config,
    faults,
    hooks,
    url,
    secrets,
    openMachine,
    contractOf,
    version: VERSION,
    drainLimitMs,
    signal,
    onWait,
  })
}

export const manifestFor = (settings: LiveSettings, target: Target, configuration = settings.config): Manifest =>
  settings.secrets.hideIn(manifestOf(target, { target: settings.name, configuration, hooks: settings.hooks, version: VERSION }))
