/** Hands a finished report to whoever asked: a terminal, a script, a CI server. */
import type { RunDocument } from '../report/document.ts'
import { junit } from '../report/junit.ts'
import { runReport } from '../report/run-report.ts'
import type { Context } from './context.ts'
import { shownPath, writeText } from './files.ts'

export interface PublishOptions {
  readonly json?: true
  readonly junit?: string
}

export const printJson = (context: Context, document: object): void => context.print(JSON.stringify(document, null, 2))

export function publish(context: Context, document: RunDocument, options: PublishOptions, withFaults = true): void {
  if (options.junit !== undefined) writeText(context.io, options.junit, junit(document))
  if (options.json === true) return printJson(context, document)
  const failures = document.failures.map((one) => (one.dir === '' ? one : { ...one, dir: shownPath(context.io, one.dir) }))
  context.print(runReport({ ...document, failures }, context.io.columns, context.colours, withFaults))
}
