/** The live targets that users name: a built-in one, an adapter's command line, or a module of their own; with its configuration. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import parseArgs from 'string-argv'
import { z } from 'zod'
import type { TargetFactory } from '../live/factory.ts'
import { isHidden } from '../live/secrets.ts'
import { FAULT_KINDS, type FaultKind } from '../plan/faults.ts'
import { InputError, parseJson, parseWith } from '../plan/input-error.ts'
import { messageOf } from '../plan/message-of.ts'
import type { Context } from './context.ts'
import { pathOf, readText } from './files.ts'
import { unknownName } from './suggest.ts'

const STDIO = 'stdio:'
const LIST = 'mqproof list targets'

/** What is wanted of a failure's manifest. */
const KeptManifest = z.object({ configuration: z.json() })

const isPath = (text: string): boolean => /^\.{0,2}[/\\]/.test(text) || /\.[cm]?[jt]s$/.test(text)

/** A factory is code of the user's own: what is looked at is whether it is one at all. */
function isFactory(value: unknown): value is TargetFactory {
  if (typeof value !== 'object' || value === null) return false
  const fields: Readonly<Record<string, unknown>> = { ...value }
  const methods = ['missing', 'intent', 'open'].every((name) => typeof (value as Record<string, unknown>)[name] === 'function')
  return methods && typeof fields['id'] === 'string' && typeof fields['config'] === 'object' && Array.isArray(fields['faults'])
}

async function fromModule(context: Context, path: string): Promise<TargetFactory> {
  const file = pathOf(context.io, path)
  if (!existsSync(file)) throw new InputError(`${path}: there is no such file: a module that exports a target as its default`)
  let loaded: { readonly default?: unknown }
  try {
    loaded = (await import(pathToFileURL(file).href)) as typeof loaded
  } catch (error) {
    throw new InputError(`${path}: could not be loaded: ${messageOf(error)}`)
  }
  if (isFactory(loaded.default)) return loaded.default
  throw new InputError(`${path}: its default export is no target: one has id, title, config, configs, faults, missing, intent and open`)
}

/** The program and its arguments, split as a shell would, which is not asked. @throws InputError for what is no adapter. */
export function adapterCommand(text: string): string[] {
  const command = text.startsWith(STDIO) ? parseArgs(text.slice(STDIO.length)) : []
  if (command.length === 0) throw new InputError(`${text}: no command: name the adapter as stdio:"COMMAND ARGS"`)
  return command
}

export async function targetNamed(context: Context, text: string): Promise<TargetFactory> {
  const { targets, stdioTarget } = context.registry
  if (text.startsWith(STDIO)) return stdioTarget(adapterCommand(text))
  if (isPath(text)) return fromModule(context, text)
  const found = targets.find((one) => one.id === text)
  if (found === undefined)
    throw unknownName(
      'target',
      text,
      targets.map((one) => one.id),
      LIST,
    )
  return found
}

/** A name, a file, or JSON itself. */
function rawConfig(context: Context, factory: TargetFactory, text: string): { readonly value: unknown; readonly source: string } {
  if (text.trimStart().startsWith('{')) return { value: parseJson(text, '--config'), source: '--config' }
  if (text.endsWith('.json')) return { value: parseJson(readText(context.io, text), text), source: text }
  if (Object.hasOwn(factory.configs, text)) return { value: factory.configs[text], source: `--config ${text}` }
  throw unknownName(`configuration of ${factory.id}`, text, Object.keys(factory.configs), LIST)
}

/** The configuration as the factory parses it; its first one when none is named. */
export function configFor(context: Context, factory: TargetFactory, text: string | undefined): unknown {
  const [first] = Object.entries(factory.configs)
  const { value, source } =
    text === undefined ? { value: first?.[1] ?? {}, source: `--config ${first?.[0] ?? ''}` } : rawConfig(context, factory, text)
  return parseWith(factory.config, value, source)
}

/** What a failure in this directory was seen with. @throws InputError for a directory without a manifest, or a manifest that says nothing of it. */
export function keptConfig(context: Context, factory: TargetFactory, dir: string): unknown {
  const file = join(dir, 'manifest.json')
  const { configuration } = parseWith(KeptManifest, parseJson(readText(context.io, file), file), file)
  if (isHidden(configuration))
    throw new InputError(`${file}: the configuration held a password, which was not kept: say it again by --config`)
  return parseWith(factory.config, configuration, `${file}: configuration`)
}

/** A kind of fault as in plans, or a part of exactly one name: "kill" for processKill. */
function kindNamed(text: string): FaultKind {
  const wanted = text.toLowerCase().replace(/-/g, '')
  const exact = FAULT_KINDS.find((kind) => kind.toLowerCase() === wanted)
  if (exact !== undefined) return exact
  const [found, other] = FAULT_KINDS.filter((kind) => kind.toLowerCase().includes(wanted))
  if (found === undefined) throw unknownName('fault', text, FAULT_KINDS, 'mqproof list faults')
  if (other !== undefined) throw new InputError(`--faults ${text}: is that ${found} or ${other}? (mqproof list faults shows all)`)
  return found
}

export const faultKinds = (names: readonly string[]): ReadonlySet<FaultKind> => new Set(names.map(kindNamed))
