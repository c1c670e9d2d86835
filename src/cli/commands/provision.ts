/** `mqproof provision`: gets a broker onto this machine, by a recipe that is shown before it is followed. */
import type { Command } from 'commander'
import { isProvisioned, provision as follow, ProvisionFailed, shownStep } from '../../live/provision.ts'
import type { Recipe } from '../../live/recipe.ts'
import { InputError } from '../../plan/input-error.ts'
import type { ProvisionDocument } from '../../report/machine-document.ts'
import { VERSION } from '../../version.ts'
import type { Context } from '../context.ts'
import { EXIT } from '../io.ts'
import { printJson } from '../publish.ts'
import { unknownName } from '../suggest.ts'
import type { Exit } from './exit.ts'

interface ProvisionOptions {
  readonly yes?: true
  readonly dryRun?: true
  readonly json?: true
}

type Outcome = Pick<ProvisionDocument, 'outcome' | 'reason'>

function show({ say }: Context, { title, steps, files }: Recipe): void {
  say(`${title}\n`)
  for (const { path } of files) say(`  writes ${path}`)
  for (const step of steps) say(`  ${step.title}\n    ${shownStep(step)}`)
  say('')
}

/** Nothing is installed without a yes. */
async function agreed({ io }: Context, recipe: Recipe, options: ProvisionOptions): Promise<boolean> {
  if (options.yes === true) return true
  if (io.ask === null) throw new InputError(`provision ${recipe.id}: nobody is there to ask: say --yes, or --dry-run to see the steps`)
  return /^y(es)?$/i.test((await io.ask('Shall I? [y/N] ')).trim())
}

async function outcomeOf(context: Context, recipe: Recipe, options: ProvisionOptions): Promise<Outcome> {
  if (isProvisioned(recipe)) return { outcome: 'present', reason: '' }
  show(context, recipe)
  if (options.dryRun === true || !(await agreed(context, recipe, options))) return { outcome: 'planned', reason: '' }
  const { stderr, signal } = context.io
  try {
    await follow(recipe, { output: (text) => stderr.write(text), signal })
    return { outcome: 'done', reason: '' }
  } catch (error) {
    if (!(error instanceof ProvisionFailed)) throw error
    return { outcome: 'failed', reason: error.message }
  }
}

const TOLD: Readonly<Record<ProvisionDocument['outcome'], string>> = {
  present: 'It is here already.',
  planned: 'Nothing was done.',
  done: 'Done.',
  failed: 'It could not be done.',
}

export async function provision(context: Context, name: string, options: ProvisionOptions): Promise<number> {
  const recipes = context.registry.recipes()
  const recipe = recipes.find((one) => one.id === name)
  if (recipe === undefined) {
    const known = recipes.map((one) => one.id)
    throw unknownName('broker', name, known, 'mqproof provision --help')
  }
  const { outcome, reason } = await outcomeOf(context, recipe, options)
  const steps = recipe.steps.map((step) => ({ title: step.title, command: shownStep(step) }))
  if (reason !== '') context.say(`mqproof: ${reason}`)
  if (options.json === true) {
    printJson(context, { mqproof: VERSION, broker: recipe.id, title: recipe.title, outcome, steps, reason } satisfies ProvisionDocument)
  } else context.print(TOLD[outcome])
  return outcome === 'failed' ? EXIT.couldNotRun : EXIT.upheld
}

const EXAMPLES = `
Brokers are kept in ~/.cache/mqproof/brokers, or below MQPROOF_HOME. What is here already is left alone.

Exit codes: 0 it is here, or nothing was wanted; 3 a step failed.

Examples:
  $ mqproof provision rocketmq
  $ mqproof provision rabbitmq --dry-run`

export function addProvision(program: Command, context: Context, exit: Exit): void {
  const names = context.registry.recipes().map(({ id }) => id)
  program
    .command('provision')
    .description('get a broker onto this machine, after a look at the steps')
    .argument('<broker>', names.join(' | '))
    .option('--yes', 'do not ask')
    .option('--dry-run', 'show the steps, and do nothing')
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, options: ProvisionOptions) => exit(await provision(context, name, options)))
}
