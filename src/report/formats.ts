/** The JSON Schemas of everything that is read or written, generated from the schemas that the code itself parses with. */
import { z } from 'zod'
import { Cluster, Plan } from '../plan/plan.ts'
import { EventLine, HeaderLine } from '../harness/history-file.ts'
import { VerdictFile } from '../harness/verdict-file.ts'
import { AdapterReport } from '../live/stdio/check/report.ts'
import { AdapterLine } from '../live/stdio/protocol.ts'
import { KnownFile } from '../live/conform/known.ts'
import { ConformDocument, DryRunDocument, LiveControlsDocument } from './conform-document.ts'
import { ContractFile } from './contract-file.ts'
import { DoctorDocument, ProvisionDocument } from './machine-document.ts'
import { ControlsDocument, MutantsDocument, RunDocument, ScenarioDocument, ShrinkDocument } from './document.ts'

const FORMATS: Readonly<Record<string, { readonly title: string; readonly schema: z.ZodType }>> = {
  'plan.schema.json': { title: 'A plan: cluster, workload, faults, and a seed for what these leave open', schema: Plan },
  'cluster.schema.json': { title: 'A cluster, for mqproof run --cluster: the same part of a plan', schema: Cluster },
  'history.schema.json': {
    title: 'One line of a history: the header comes first, then an event a line',
    schema: z.union([HeaderLine, EventLine]),
  },
  'contract.schema.json': { title: 'What a broker promises, for mqproof check --contract', schema: ContractFile },
  'adapter-protocol.schema.json': { title: 'One line of the adapter protocol, of either side', schema: AdapterLine },
  'verdict.schema.json': { title: 'verdict.json of a failure directory', schema: VerdictFile },
  'run.schema.json': { title: 'What run, replay and check print with --json', schema: RunDocument },
  'shrink.schema.json': { title: 'What shrink prints with --json', schema: ShrinkDocument },
  'scenario.schema.json': { title: 'What scenario prints with --json', schema: ScenarioDocument },
  'controls.schema.json': { title: 'What controls prints with --json', schema: ControlsDocument },
  'conform.schema.json': {
    title: 'What conform prints with --json, and with --controls or --dry-run besides',
    schema: z.union([ConformDocument, LiveControlsDocument, DryRunDocument]),
  },
  'adapter-report.schema.json': { title: 'What conform --check-adapter prints with --json', schema: AdapterReport },
  'known.schema.json': { title: 'Known failures, for mqproof conform --known', schema: KnownFile },
  'doctor.schema.json': { title: 'What doctor prints with --json', schema: DoctorDocument },
  'provision.schema.json': { title: 'What provision prints with --json', schema: ProvisionDocument },
  'mutants.schema.json': { title: 'What mutants prints with --json', schema: MutantsDocument },
}

/** A schema as people keep it: what a reader accepts, defaults not yet filled in. */
export function formatText(title: string, schema: z.ZodType, describe: (json: object) => object): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' })
  return `${JSON.stringify({ $schema, title, ...describe(rest) }, null, 2)}\n`
}

/** File name → text. `describe` adds what the sources say of a schema's parts. */
export function formatFiles(describe: (name: string, json: object) => object): ReadonlyMap<string, string> {
  const files = Object.entries(FORMATS).map(([name, { title, schema }]): [string, string] => [
    name,
    formatText(title, schema, (json) => describe(name, json)),
  ])
  return new Map(files)
}
