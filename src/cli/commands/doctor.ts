/** `mqproof doctor`: what this machine can do to real brokers, and what would help where it can't. */
import { release } from 'node:os'
import type { Command } from 'commander'
import { abilities } from '../../live/machine/abilities.ts'
import { tryPowerLoss, type Trial } from '../../live/machine/trial.ts'
import type { DoctorDocument } from '../../report/machine-document.ts'
import { doctorTable } from '../../report/doctor-table.ts'
import { VERSION } from '../../version.ts'
import type { Context } from '../context.ts'
import { EXIT } from '../io.ts'
import { printJson } from '../publish.ts'
import type { Exit } from './exit.ts'

async function trial({ io, registry }: Context): Promise<Trial> {
  const machine = await registry.openMachine(io.cwd)
  try {
    return await tryPowerLoss(machine)
  } finally {
    await machine.close()
  }
}

export async function doctor(context: Context, options: { readonly json?: true }): Promise<number> {
  const document: DoctorDocument = {
    mqproof: VERSION,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    kernel: release(),
    machine: abilities(),
    powerLoss: await trial(context),
    targets: await Promise.all(context.registry.targets.map(async ({ id, title, missing }) => ({ id, title, missing: await missing() }))),
  }
  if (options.json === true) printJson(context, document)
  else context.print(doctorTable(document, context.io.columns, context.colours))
  return EXIT.upheld
}

const EXAMPLES = `
A power loss is tried for real, on a small disk image below .mqproof/live. What is missing costs only the faults that need it.

Examples:
  $ mqproof doctor
  $ mqproof doctor --json`

export function addDoctor(program: Command, context: Context, exit: Exit): void {
  program
    .command('doctor')
    .description('what this machine can do to real brokers, and what is missing')
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', EXAMPLES)
    .action(async (options: { json?: true }) => exit(await doctor(context, options)))
}
