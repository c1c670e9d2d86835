/** What a campaign on a real broker means to scripts: its exit code, and its cases in JUnit. */
import type { ConformDocument } from '../live/conform/document.ts'
import type { GuaranteeResult } from '../report/document.ts'
import type { Reported } from '../report/junit.ts'
import { EXIT } from './io.ts'
import { exitFor } from './verdict-exit.ts'

/** What is known to be violated fails nothing, and proves nothing either. */
function results({ guarantees, failures }: ConformDocument): GuaranteeResult[] {
  return guarantees.map((one) => {
    if (!one.known) return one
    const reason = failures.find((failure) => failure.guarantee === one.id)?.known ?? ''
    return { ...one, verdict: 'allowed', reason: `known: ${reason}` }
  })
}

export function conformExit(document: ConformDocument): number {
  if (document.broken !== '') return EXIT.couldNotRun
  const code = exitFor(results(document))
  return code !== EXIT.violated && document.downs.length > 0 ? EXIT.couldNotRun : code
}

/** A target that broke, or whose broker never came up, before anything was judged is an error too, and not an empty suite that passes. */
export function reported(document: ConformDocument): Reported {
  const { command, seed, runs, wallMs, broken, downs, failures } = document
  const guarantees = results(document)
  const target: GuaranteeResult = {
    id: document.target,
    verdict: 'unknown',
    promised: runs,
    exercised: 0,
    violations: 0,
    excused: 0,
    unknown: runs,
    excuses: {},
    reason: broken === '' ? (downs[0]?.message ?? '') : broken,
  }
  const isError = broken !== '' || (runs === 0 && downs.length > 0)
  return { command, seed, runs, wallMs, failures: [...failures], guarantees: isError ? [...guarantees, target] : guarantees }
}
