/** JUnit XML, which every CI server reads: one test case a guarantee. What was not exercised is skipped, never passed. */
import type { FailureResult, GuaranteeResult, RunDocument } from './document.ts'

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/** XML 1.0 has no way at all to write most control characters. */
function escape(text: string): string {
  const printable = [...text].filter((c) => c >= ' ' || c === '\n' || c === '\t').join('')
  return printable.replace(/[&<>"']/g, (c) => ESCAPES[c] ?? c)
}

function evidence(failures: readonly FailureResult[]): string {
  return failures.map((one) => `run ${one.run}: ${one.summary}${one.dir === '' ? '' : `\nkept in ${one.dir}`}`).join('\n')
}

function testCase(suite: string, result: GuaranteeResult, failures: readonly FailureResult[]): string {
  const open = `    <testcase classname="${escape(suite)}" name="${escape(result.id)}" time="0"`
  const child = (tag: string, message: string, body = ''): string =>
    `${open}>\n      <${tag} message="${escape(message)}">${escape(body)}</${tag}>\n    </testcase>`
  switch (result.verdict) {
    case 'upheld':
      return `${open}/>`
    case 'violated':
      return child('failure', `${result.id} violated in ${result.violations} of ${result.promised} runs`, evidence(failures))
    case 'unknown':
      return child('error', `unknown: ${result.reason}`)
    case 'allowed':
    case 'not-exercised':
      return child('skipped', result.reason === '' ? result.verdict : `${result.verdict}: ${result.reason}`)
  }
}

/** Of any document that judges guarantees. */
export type Reported = Pick<RunDocument, 'guarantees' | 'failures' | 'seed' | 'runs' | 'wallMs'> & { readonly command: string }

export function junit(document: Reported): string {
  const suite = `mqproof ${document.command}`
  const number = (...verdicts: string[]): number => document.guarantees.filter((one) => verdicts.includes(one.verdict)).length
  const totals = [
    `tests="${document.guarantees.length}"`,
    `failures="${number('violated')}"`,
    `errors="${number('unknown')}"`,
    `skipped="${number('allowed', 'not-exercised')}"`,
  ].join(' ')
  const cases = document.guarantees.map((one) =>
    testCase(
      suite,
      one,
      document.failures.filter((failure) => failure.guarantee === one.id),
    ),
  )
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals}>`,
    `  <testsuite name="${suite}" ${totals} time="${(document.wallMs / 1000).toFixed(3)}">`,
    `    <properties><property name="seed" value="${escape(document.seed)}"/><property name="runs" value="${document.runs}"/></properties>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}
