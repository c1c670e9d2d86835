/** A campaign on a real broker for people: who was tested, what was done to it, how each guarantee stands, and what its papers say. */
import type { ClaimResult, ConformDocument, ConformFailure, Manifest } from '../live/conform/document.ts'
import type { FaultCounts } from '../harness/fault-tally.ts'
import type { Colours } from './colours.ts'
import { faultsTable } from './faults-table.ts'
import { counted, grouped, span } from './numbers.ts'
import { drawTable } from './table.ts'
import { verdictTable } from './terminal-table.ts'

function who({ broker, version, client, kernel, node }: Manifest): string {
  return `${broker} ${version}, client ${client} · ${kernel}, Node ${node}`
}

function headline({ runs, counts, wallMs, seed }: ConformDocument): string {
  return [counted(runs, 'round'), `${grouped(counts.acked)} acknowledged`, span(wallMs), `seed ${seed}`].join(' · ')
}

/** The numbers that people compare; where nothing was lost, what that is worth. */
function countLines({ counts, guarantees }: ConformDocument): string[] {
  const { looked, lost, duplicated, reordered, overtaken, indeterminate } = counts
  const dur1 = guarantees.find((one) => one.id === 'DUR-1')
  const bound = dur1?.lossRateMax ?? null
  return [
    [
      `lost ${grouped(lost)} of ${grouped(looked)} looked for`,
      `duplicated ${grouped(duplicated)}`,
      `reordered ${grouped(reordered)}`,
      `overtaken on delivery ${grouped(overtaken)}`,
      `indeterminate ${grouped(indeterminate)}`,
    ].join(' · '),
    ...(bound === null || dur1 === undefined
      ? []
      : [
          `None of the ${grouped(dur1.counts.looked)} in rounds that could have lost them is: with 95 % confidence fewer than ${percent(bound)} of such messages are.`,
        ]),
  ]
}

const percent = (rate: number): string => `${(rate * 100).toPrecision(2)} %`

function failureLines(failure: ConformFailure, colours: Colours): string[] {
  const { guarantee, summary, run, dir, known } = failure
  const mark = known === '' ? colours.red(guarantee) : colours.dim(`${guarantee} (known: ${known})`)
  return [`  ${mark} ${summary}`, colours.dim(`    round ${run}`) + (dir === '' ? '' : `: ${dir}`)]
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines]
}

function standing({ stands }: ClaimResult, colours: Colours): string {
  if (stands === 'contradicted') return colours.bold(colours.red(stands))
  return stands === 'not tested' ? colours.dim(stands) : stands
}

function claimText({ promised, except }: ClaimResult): string {
  if (!promised) return 'not promised'
  return except.length === 0 ? 'promised' : `promised, except under ${except.join(', ')}`
}

function claimLines({ claims }: ConformDocument, width: number, colours: Colours): string[] {
  if (claims.length === 0) return []
  const rows = claims.map((one) => [
    one.guarantee,
    standing(one, colours),
    `${claimText(one)} ${colours.dim(`(${one.source})`)}\n${one.seen}`,
  ])
  return [drawTable([{ title: 'guarantee' }, { title: 'stands' }, { title: 'the claim, and what was seen' }], rows, width, colours)]
}

/** What the broker went through, and apart from it what its clients did: a broker that nothing was done to was only tested on a good day. */
function faultLines({ faults, clientFaults, manifest, runs }: ConformDocument, width: number, colours: Colours): string[] {
  const table = (counts: FaultCounts): string[] => (Object.keys(counts).length === 0 ? [] : [faultsTable(counts, width, colours)])
  const none =
    manifest?.faults.length === 0
      ? 'No fault of the broker can be done here: what it loses when it is killed, cut off or without power was not tested.'
      : 'Nothing was done to the broker: no fault of it was asked for, or the rounds were too few to have one.'
  return [
    ...section('Done to the broker and its links', table(faults)),
    ...(runs > 0 && Object.keys(faults).length === 0 ? ['', colours.yellow(none)] : []),
    ...section('Done to clients', table(clientFaults)),
  ]
}

/** Kinds with the same reason share a line. */
export function reasonLines(unavailable: Readonly<Record<string, string>>): string[] {
  const kinds = new Map<string, string[]>()
  for (const [kind, reason] of Object.entries(unavailable)) {
    const shared = reason.replaceAll(kind, 'it')
    kinds.set(shared, [...(kinds.get(shared) ?? []), kind])
  }
  return [...kinds].map(([reason, same]) => `  ${same.join(', ')}: ${reason}`)
}

export function conformReport(document: ConformDocument, width: number, colours: Colours): string {
  const { manifest, broken, downs, failures, known } = document
  const kept = failures.find((one) => one.dir !== '')
  return [
    ...(manifest === null ? [] : [who(manifest)]),
    headline(document),
    ...countLines(document),
    ...section(colours.yellow('The target itself misbehaved, so nothing is said about its broker:'), broken === '' ? [] : [`  ${broken}`]),
    ...section(
      colours.yellow('The broker did not come up:'),
      downs.map(({ run, message, dir }) => `  round ${run}: ${message}${dir === '' ? '' : `\n    ${dir}`}`),
    ),
    ...faultLines(document, width, colours),
    ...(document.guarantees.length === 0 ? [] : ['', verdictTable(document.guarantees, width, colours)]),
    ...section('Claims against observations', claimLines(document, width, colours)),
    ...section('Faults that could not be tried here', reasonLines(manifest?.unavailable ?? {})),
    ...(failures.length === 0 ? [] : ['', ...failures.flatMap((one) => failureLines(one, colours))]),
    ...section(
      'Known failures that did not occur',
      known.gone.map((one) => `  ${one.guarantee}${one.anomaly === undefined ? '' : ` ${one.anomaly}`}: ${one.reason}`),
    ),
    ...(kept === undefined || manifest === null
      ? []
      : [
          '',
          `See it again: npx mqproof replay ${kept.dir} --target ${manifest.target.includes(' ') ? `'${manifest.target}'` : manifest.target}`,
        ]),
  ].join('\n')
}
