/** From verdicts to the exit code. */
import type { Verdict } from '../contract/contract.ts'
import { EXIT } from './io.ts'

/** Nothing exercised is inconclusive: a run that could not have failed must not turn a pipeline green. */
export function exitFor(results: readonly { readonly verdict: Verdict }[]): number {
  const verdicts = new Set(results.map((one) => one.verdict))
  if (verdicts.has('violated')) return EXIT.violated
  if (verdicts.has('unknown')) return EXIT.couldNotRun
  return verdicts.has('upheld') || verdicts.has('allowed') ? EXIT.upheld : EXIT.couldNotRun
}
