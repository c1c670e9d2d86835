/** The command line: parses arguments, runs one command, and turns whatever happens into an exit code and at most one line of complaint. */
import { Command, CommanderError } from 'commander'
import { WorkerLost } from '../harness/worker-pool.ts'
import { Unavailable } from '../live/machine/machine.ts'
import { BrokerDown, TargetBroken } from '../live/target.ts'
import { InputError } from '../plan/input-error.ts'
import { messageOf } from '../plan/message-of.ts'
import { addCheck } from './commands/check.ts'
import { addConform } from './commands/conform.ts'
import { addControls } from './commands/controls.ts'
import { addDoctor } from './commands/doctor.ts'
import { addExplain } from './commands/explain.ts'
import { addList } from './commands/list.ts'
import { addMutants } from './commands/mutants.ts'
import { addProvision } from './commands/provision.ts'
import { addReplay } from './commands/replay.ts'
import { addRun } from './commands/run.ts'
import { addScenario } from './commands/scenario.ts'
import { addShrink } from './commands/shrink.ts'
import type { Exit } from './commands/exit.ts'
import { contextOf } from './context.ts'
import type { Context, Registry } from './context.ts'
import { EXIT } from './io.ts'
import type { Io } from './io.ts'
import { tour } from './tour.ts'
import { VERSION } from '../version.ts'

const COMMANDS: readonly ((program: Command, context: Context, exit: Exit) => void)[] = [
  addRun,
  addReplay,
  addShrink,
  addScenario,
  addCheck,
  addControls,
  addConform,
  addDoctor,
  addProvision,
  addMutants,
  addExplain,
  addList,
]

const EPILOGUE = `
Without a command, mqproof shows what it can do in a few seconds.
Exit codes: 0 upheld, 1 violated, 2 bad usage or input, 3 could not run or inconclusive.

Examples:
  $ mqproof run --runs 1000
  $ mqproof run --preset sync --time 1m --only DUR
  $ mqproof explain DUR-1`

/** Every sub-command takes over these settings when it is added, so they come first. */
function programFor(context: Context, exit: Exit): Command {
  const { io } = context
  const program = new Command('mqproof')
    .description('Finds out which promises a message broker really keeps, and hands you the smallest run that breaks one.')
    .version(VERSION)
    .exitOverride()
    .configureHelp({ helpWidth: io.columns })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      // One line, like every other complaint.
      outputError: (text, write) =>
        write(
          `mqproof: ${text
            .replace(/^error: /, '')
            .trim()
            .replace(/\s*\n\s*/g, ' ')}\n`,
        ),
    })
    .addHelpText('after', EPILOGUE)
  for (const add of COMMANDS) add(program, context, exit)
  return program
}

const OUTAGES = [BrokerDown, TargetBroken, Unavailable, WorkerLost]
/** Something outside has failed us, and says how. */
const isOutage = (error: unknown): error is Error => OUTAGES.some((outage) => error instanceof outage)

function complain(error: unknown, io: Io): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.upheld : EXIT.badInput
  if (error instanceof InputError) {
    io.stderr.write(`mqproof: ${error.message}\n`)
    return EXIT.badInput
  }
  if (isOutage(error)) {
    io.stderr.write(`mqproof: ${error.message}\n`)
    return EXIT.couldNotRun
  }
  io.stderr.write(`mqproof: internal error: ${messageOf(error)}\n`)
  const trace = error instanceof Error ? (error.stack ?? '') : ''
  io.stderr.write(io.env['MQPROOF_DEBUG'] === undefined ? 'Set MQPROOF_DEBUG=1 to see where.\n' : `${trace}\n`)
  return EXIT.couldNotRun
}

/** Runs one command line to its exit code. Nothing here ends the process. */
export async function main(argv: readonly string[], io: Io, registry: Registry): Promise<number> {
  const context = contextOf(io, registry)
  let code: number = EXIT.couldNotRun
  try {
    if (argv.length === 0) code = await tour(context)
    else await programFor(context, (chosen) => (code = chosen)).parseAsync([...argv], { from: 'user' })
  } catch (error) {
    code = complain(error, io)
  }
  return io.signal.aborted ? EXIT.interrupted : code
}
