/**
 * The public API: plans in, histories and verdicts out.
 *
 * ```ts
 * import { simulate, check, plans, guarantees } from 'mqproof'
 *
 * const plan = plans.draw('default', 2, 1)
 * const history = simulate(plan)
 * for (const { id, verdict, reason } of check(history)) console.log(id, verdict, reason)
 * ```
 *
 * Times are whole microseconds of simulated time, and their names end in `Us`. A mistake in what you pass throws an `InputError`, whose
 * message says what was wrong, where, and what to do. Nothing here reads a clock or draws luck: equal plans give equal histories.
 */
import { checkers } from './check/catalogue.ts'
import type { Drain } from './check/checker.ts'
import { guaranteePages } from './cli/guarantee-pages.ts'
import { registry, runReference } from './cli/registry.ts'
import { onlyOf, presetNamed } from './cli/selection.ts'
import { unknownName } from './cli/suggest.ts'
import type { Contract } from './contract/contract.ts'
import { drawer } from './harness/drawing.ts'
import type { Subject } from './harness/executor.ts'
import { drainOf, readHistory, writeHistory } from './harness/history-file.ts'
import type { Judgement } from './harness/judge.ts'
import { expecting } from './harness/keep.ts'
import { judgeHistory, runPlan } from './harness/run-plan.ts'
import { anomalyOf, shrinkFailure, type ShrinkBudget } from './harness/shrink-failure.ts'
import type { Event, History } from './history/event.ts'
import { InputError, parseJson, parseWith } from './plan/input-error.ts'
import { Cluster, Plan } from './plan/plan.ts'
import type { Us } from './plan/units.ts'
import { ContractFile, contractOf } from './report/contract-file.ts'
import { VERSION } from './version.ts'

export type { Anomaly, Drain, GuaranteeId } from './check/checker.ts'
export type { Verdict } from './contract/contract.ts'
export type { Excused, Judgement } from './harness/judge.ts'
export type { ShrinkBudget } from './harness/shrink-failure.ts'
export type { Event, Header, History } from './history/event.ts'
export type { Fault } from './plan/faults.ts'
export type { Item } from './plan/plan.ts'
export type { Cluster, ContractFile, Plan, Us }
export { InputError, VERSION }

/** A history, and how the run went that gave it. */
export interface SimulatedHistory extends History {
  /** Whether the cluster came to rest after the faults: liveness is judged only when it did. */
  readonly drain: Drain
  /** Eight hexadecimal digits over everything that happened: the same for the same plan and version, everywhere. */
  readonly traceHash: string
  /** How many things happened: messages, timers, disk completions, faults. */
  readonly steps: number
  /** How long the run took in simulated time. */
  readonly simulatedUs: Us
}

/** Knows which systems there are, and complains about others. */
function subjectOf(plan: Plan): Subject {
  if (!registry.systems.includes(plan.system)) throw unknownName('system', plan.system, registry.systems, 'mqproof list presets')
  return registry.subjectOf(plan.system)
}

/**
 * Runs a plan from boot to the audit at its end, synchronously.
 * @throws InputError when the plan is not valid, or does not fit the system that it names.
 */
export function simulate(plan: Plan): SimulatedHistory {
  const events: Event[] = []
  const { header, drain, traceHash, steps, simulatedUs } = runReference(parseWith(Plan, plan, 'plan'), (event) => events.push(event))
  return { header, events, drain, traceHash, steps, simulatedUs }
}

export interface CheckOptions {
  /** Ids or families, such as `['DUR-1', 'ORD']`; all guarantees when absent. */
  readonly only?: readonly string[] | undefined
  /** What the broker promises, for histories that are not of a system known here: `spec/formats/contract.schema.json`. */
  readonly contract?: ContractFile | undefined
}

function contractFor({ header }: History, file: ContractFile | undefined): Contract<unknown> {
  if (file !== undefined)
    return contractOf(
      parseWith(ContractFile, file, 'contract'),
      checkers.map(({ id }) => id),
    )
  const contract = registry.contractOf(header)
  if (contract !== null) return contract
  throw new InputError(`history: header.system: there is no contract for "${header.system}": pass one as { contract }`)
}

/**
 * Judges a history, from `simulate` or from anywhere else: one entry a guarantee, in the order of the catalogue. How the run ended is taken
 * from `drain`, or else from the phases in the history.
 * @throws InputError for a guarantee that does not exist, or a history without a contract.
 */
export function check(history: History & { readonly drain?: Drain }, options: CheckOptions = {}): readonly Judgement[] {
  const { header, events, drain = drainOf(events) } = history
  const only = onlyOf(options.only === undefined ? undefined : [...options.only])
  return judgeHistory(contractFor(history, options.contract), header, events, drain, { only }).judgements
}

export interface DrawOptions {
  /** A bug to plant: an id of `mqproof list mutants`. */
  readonly mutant?: string | undefined
  /** Takes the place of the clusters that the preset would draw. */
  readonly cluster?: Cluster | undefined
}

function draw(preset: string, seed: string | number, run: number, options: DrawOptions = {}): Plan {
  if (!Number.isSafeInteger(run) || run < 1) throw new InputError(`run: ${run}: runs are numbered from 1`)
  const [system = ''] = registry.systems
  const { mutant } = options
  const ids = registry.mutants.map(({ id }) => id)
  if (mutant !== undefined && !ids.includes(mutant)) throw unknownName('mutant', mutant, ids, 'mqproof list mutants')
  const cluster = options.cluster === undefined ? undefined : parseWith(Cluster, options.cluster, 'cluster')
  return drawer(registry.subjectOf(system), { preset: presetNamed(preset), seed: String(seed), version: VERSION, mutant, cluster })(run)
}

const parse = (plan: unknown): Plan => parseWith(Plan, typeof plan === 'string' ? parseJson(plan, 'plan') : plan, 'plan')

async function shrink(plan: Plan, guarantee: string, budget: ShrinkBudget = {}): Promise<Plan> {
  const parsed = parseWith(Plan, plan, 'plan')
  const [id] = onlyOf([guarantee]) ?? []
  if (id === undefined) throw new InputError(`${guarantee}: name one guarantee`)
  const subject = subjectOf(parsed)
  const first = await runPlan(subject, parsed)
  const target = { guarantee: id }
  if (anomalyOf(first, target) === undefined) throw new InputError(`plan: it does not violate ${id}, so there is nothing to shrink`)
  return expecting(await shrinkFailure(subject, first, target, budget))
}

export const plans = {
  /**
   * Run `run` (from 1) of the campaign `seed` under a preset of `mqproof list presets`: the plan that `mqproof run --seed S --run K` runs.
   * @throws InputError for names that do not exist.
   */
  draw,
  /**
   * A plan from JSON text or from a value of unknown origin.
   * @throws InputError naming the first field that is wrong.
   */
  parse,
  /**
   * The smallest plan found that violates the same guarantee in the same way; its `expect` says which, and on what trace. Takes at most
   * 10 s unless the budget says otherwise.
   * @throws InputError (as a rejection) when the plan does not violate the guarantee.
   */
  shrink,
}

export const histories = {
  /**
   * A history from JSON lines: a header, then an event a line (`spec/formats/history.schema.json`).
   * @throws InputError naming the line and the field.
   */
  parse: (text: string): History => readHistory(text, 'history'),
  /** The same history as JSON lines. */
  format: ({ header, events }: History): string => writeHistory({ header, events }),
}

export interface Guarantee {
  readonly id: string
  readonly title: string
  /** The promise in one sentence. */
  readonly statement: string
  /** The file of its page, within the package. */
  readonly path: string
  /** The page, in Markdown: when it holds, how it breaks, what is excused. */
  readonly text: string
}

/** Every guarantee that can be checked. */
export const guarantees: readonly Guarantee[] = guaranteePages().map((page) => ({ ...page, path: `spec/guarantees/${page.id}.md` }))
