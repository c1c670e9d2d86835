/** `conform --dry-run`: what would be started, mounted, listened on and done, for people who are asked to let it run as root. */
import type { DryRunDocument } from '../report/conform-document.ts'
import { FAULT_KINDS } from '../plan/faults.ts'
import { hooksShown } from '../live/hooks.ts'
import { span } from '../report/numbers.ts'
import { VERSION } from '../version.ts'
import type { Context } from './context.ts'
import { EXIT } from './io.ts'
import type { LiveSettings } from './live-settings.ts'
import { printJson } from './publish.ts'

interface DryRunOptions {
  readonly json?: true | undefined
  readonly runs?: number | undefined
  readonly timeMs?: number | undefined
}

const listed = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [`${title}: none`] : [`${title}:`, ...lines.map((line) => `  ${line}`)]

function shown(document: DryRunDocument): string[] {
  const { target, title, missing, rounds, timeMs, processes, mounts, ports, faults, hooks } = document
  const extent = [...(rounds === null ? [] : [`${rounds} rounds`]), ...(timeMs === null ? [] : [`at most ${span(timeMs)}`])]
  return [
    `${target}: ${title}`,
    `Configuration: ${JSON.stringify(document.configuration)}`,
    `Extent: ${extent.join(', ')}`,
    ...(missing === null ? [] : [`Missing: ${missing}`]),
    ...listed('Processes that would be started', processes),
    ...listed('Mounts', mounts),
    ...listed('Ports', ports),
    ...listed(
      'Faults that would be asked for',
      [faults.join(', ')].filter((line) => line !== ''),
    ),
    ...listed(
      'Your commands',
      Object.entries(hooks).map(([name, command]) => `${name}: ${command}`),
    ),
    'Nothing was started.',
  ]
}

export async function dryRun(context: Context, settings: LiveSettings, options: DryRunOptions): Promise<number> {
  const { factory, config, faults, hooks, url, name, secrets } = settings
  const own = url === undefined
  const intent = own ? factory.intent(config, faults) : { processes: [], mounts: [], ports: [] }
  const document: DryRunDocument = secrets.hideIn({
    mqproof: VERSION,
    command: 'conform',
    target: name,
    title: factory.title,
    configuration: config,
    missing: own ? await factory.missing() : null,
    rounds: options.runs ?? null,
    timeMs: options.timeMs ?? null,
    processes: [...intent.processes],
    mounts: [...intent.mounts],
    ports: [...intent.ports],
    faults: FAULT_KINDS.filter((kind) => faults.has(kind)),
    hooks: hooksShown(hooks),
  })
  if (options.json === true) printJson(context, document)
  else context.print(shown(document).join('\n'))
  return EXIT.upheld
}
