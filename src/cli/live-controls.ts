/** `conform --controls`: the rows of the target's facts sheet, run again. */
import { FAILURES } from '../harness/keep.ts'
import { runLiveControls, type LiveControlsResult } from '../live/conform/controls.ts'
import type { ControlSheet } from '../live/control.ts'
import { InputError, parseWith } from '../plan/input-error.ts'
import { liveControlsTable } from '../report/live-controls-table.ts'
import { counted } from '../report/numbers.ts'
import { VERSION } from '../version.ts'
import type { Context } from './context.ts'
import { pathOf } from './files.ts'
import { EXIT } from './io.ts'
import { manifestFor, openLive, type LiveSettings } from './live-settings.ts'
import { tellingWaits } from './live-waits.ts'
import { printJson } from './publish.ts'
import { toStory } from './story.ts'
import { unknownName } from './suggest.ts'

/** Most of a control is waiting: for a broker to start, for a round to come to rest. */
export const SIDE_BY_SIDE = 2

interface ControlsOptions {
  readonly only?: string[]
  readonly record?: string
  readonly sideBySide?: number
  readonly out?: string
  readonly json?: true
}

/** Rows, guarantees and families of guarantees. */
function chosen(sheet: ControlSheet, only: readonly string[] | undefined): ControlSheet {
  if (only === undefined) return sheet
  const fits = (name: string, row: string, guarantee: string): boolean => {
    const wanted = name.toUpperCase()
    return row.toUpperCase() === wanted || guarantee === wanted || guarantee.startsWith(`${wanted}-`)
  }
  const rows = [
    ...sheet.controls.map(({ row, guarantee }) => ({ row, guarantee })),
    ...sheet.pending.map(({ row }) => ({ row, guarantee: '' })),
  ]
  for (const name of only) {
    if (rows.some(({ row, guarantee }) => fits(name, row, guarantee))) continue
    throw unknownName(
      'control',
      name,
      rows.map(({ row }) => row),
      'mqproof conform TARGET --controls',
    )
  }
  return {
    controls: sheet.controls.filter(({ row, guarantee }) => only.some((name) => fits(name, row, guarantee))),
    pending: sheet.pending.filter(({ row }) => only.some((name) => fits(name, row, ''))),
  }
}

function conclusion({ controls, pending }: LiveControlsResult): string {
  const failed = controls.filter((one) => !one.ok).length
  const run =
    failed === 0
      ? `All ${counted(controls.length, 'control')} did what they must`
      : `${counted(failed, 'control')} of ${controls.length} did not do what they must`
  return `${run}${pending.length === 0 ? '' : `; ${pending.length} could not be run`}.`
}

/** Nothing run is nothing shown. */
function exitOf({ controls }: LiveControlsResult): number {
  if (controls.length === 0) return EXIT.couldNotRun
  return controls.every((one) => one.ok) ? EXIT.upheld : EXIT.violated
}

export async function liveControls(context: Context, settings: LiveSettings, options: ControlsOptions): Promise<number> {
  const { io } = context
  const { factory, name } = settings
  const sheet = factory.controls
  if (sheet === undefined) throw new InputError(`${name}: it has no controls: nobody has written its facts sheet`)
  const parsed = (config: unknown): unknown => parseWith(factory.config, config, `a control of ${name}`)
  const onWait = tellingWaits(context)
  const result = await runLiveControls(chosen(sheet, options.only), {
    open: (config, faults) => openLive(context, settings, { config: parsed(config), faults, signal: io.signal, onWait }),
    manifest: (target, config) => manifestFor(settings, target, config),
    keeper: { root: pathOf(io, options.out ?? FAILURES), toStory },
    record: options.record === undefined ? undefined : pathOf(io, options.record),
    // There is but one broker at an address.
    sideBySide: settings.url === undefined ? (options.sideBySide ?? SIDE_BY_SIDE) : 1,
    signal: io.signal,
    onResult: ({ row, guarantee, expect, ok, seen }) => context.say(`${row} ${guarantee} ${expect}: ${ok ? 'ok' : 'NOT SO'} (${seen})`),
  })
  if (options.json === true) {
    const { controls, pending } = result
    printJson(context, { mqproof: VERSION, command: 'conform', target: settings.secrets.hide(name), controls, pending })
  } else context.print(`${liveControlsTable(result, io.columns, context.colours)}\n\n${conclusion(result)}`)
  return exitOf(result)
}
