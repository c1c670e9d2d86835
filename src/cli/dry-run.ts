/** `conform --dry-run`: what would be started, mounted, listened on and done, for people who are asked to let it run as root. */
import type { DryRunDocument } from '../report/conform-document.ts'
import { FAULT_KINDS, type FaultKind } from '../plan/faults.ts'
import type { Intent } from '../live/factory.ts'
import { reasonLines } from '../report/conform-report.ts'
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
      `Faults that would be asked for${target.startsWith('stdio:') ? ', as far as the adapter offers them' : ''}`,
      [faults.join(', ')].filter((line) => line !== ''),
    ),
    ...(Object.keys(document.unavailable).length === 0 ? [] : ['Faults that would not be done:', ...reasonLines(document.unavailable)]),
    ...listed(
      'Your commands',
      Object.entries(hooks).map(([name, command]) => `${name}: ${command}`),
    ),
    'Nothing was started.',
  ]
}

/** Kinds that were asked for, or that the target has on other days, and why they would not be drawn. */
function lacking(
  { factory, faults, hooks, url }: LiveSettings,
  { unavailable = new Map<FaultKind, string>() }: Intent,
): Map<FaultKind, string> {
  const whyNot = (kind: FaultKind): string | undefined => {
    if (hooks.begins.has(kind)) return undefined
    if (url !== undefined && factory.id !== 'stdio') return `the broker is yours: give a command for it, --hook ${kind}="COMMAND"`
    return factory.faults.includes(kind) ? unavailable.get(kind) : `${factory.id} never has ${kind}`
  }
  return new Map(
    FAULT_KINDS.flatMap((kind): [FaultKind, string][] => {
      const reason = faults.has(kind) ? whyNot(kind) : undefined
      return reason === undefined ? [] : [[kind, reason]]
    }),
  )
}

export async function dryRun(context: Context, settings: LiveSettings, options: DryRunOptions): Promise<number> {
  const { factory, config, faults, hooks, url, name, secrets } = settings
  const own = url === undefined
  const intent = own ? factory.intent(config, faults) : { processes: [], mounts: [], ports: [] }
  const unavailable = lacking(settings, intent)
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
    faults: FAULT_KINDS.filter((kind) => faults.has(kind) && !unavailable.has(kind)),
    unavailable: Object.fromEntries(unavailable),
    hooks: hooksShown(hooks),
  })
  if (options.json === true) printJson(context, document)
  else context.print(shown(document).join('\n'))
  return EXIT.upheld
}
