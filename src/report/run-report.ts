/** A run for people: what was done, how each guarantee stands, what was kept, and what to type next. */
import type { Colours } from './colours.ts'
import type { FailureResult, RunDocument } from './document.ts'
import { faultsTable } from './faults-table.ts'
import { counted, grouped, short, span } from './numbers.ts'
import { verdictTable } from './terminal-table.ts'

function headline(document: RunDocument): string {
  const seconds = Math.max(document.wallMs, 1) / 1000
  return [
    counted(document.runs, 'run'),
    `${short(document.steps)} steps (${short(document.steps / seconds)}/s)`,
    `${span(document.simulatedMs)} simulated in ${span(document.wallMs)}`,
    ...(document.seed === '' ? [] : [`seed ${document.seed}`]),
  ].join(' · ')
}

function failureLines(failure: FailureResult, colours: Colours): string[] {
  const size = `${counted(failure.operations, 'operation')}, ${counted(failure.faults, 'fault')}`
  return [
    `  ${colours.red(failure.guarantee)} ${failure.summary}`,
    colours.dim(`    run ${failure.run}, shrunk to ${size}`) + (failure.dir === '' ? '' : `: ${failure.dir}`),
  ]
}

/** The faults that were injected, on one line: the table is for who asks. */
function faultLine({ faults }: RunDocument): string {
  const counts = Object.values(faults)
  const injected = counts.reduce((sum, one) => sum + one.injected, 0)
  const effective = counts.reduce((sum, one) => sum + one.effective, 0)
  return injected === 0 ? 'no faults' : `${grouped(injected)} faults injected, ${grouped(effective)} took effect`
}

export function runReport(document: RunDocument, width: number, colours: Colours, withFaults: boolean): string {
  const kept = document.failures.find((one) => one.dir !== '')
  return [
    headline(document),
    faultLine(document),
    ...(withFaults && Object.keys(document.faults).length > 0 ? ['', faultsTable(document.faults, width, colours)] : []),
    '',
    verdictTable(document.guarantees, width, colours),
    ...(document.failures.length === 0 ? [] : ['', ...document.failures.flatMap((one) => failureLines(one, colours))]),
    ...(kept === undefined ? [] : ['', `See it again: npx mqproof replay ${kept.dir} --trace`]),
  ].join('\n')
}
