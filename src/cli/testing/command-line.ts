/** Runs command lines without a process, against a toy broker that is sound unless a bug is planted. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import parseArgs from 'string-argv'
import { toySubject } from '../../harness/testing/toy.ts'
import type { Subject } from '../../harness/executor.ts'
import { liveRoot } from '../../live/machine/places.ts'
import { Workplace } from '../../live/machine/workplace.ts'
import { stdioTarget } from '../../live/stdio/factory.ts'
import type { Registry } from '../context.ts'
import type { Io } from '../io.ts'
import { main } from '../program.ts'

const forgetful = toySubject()

/** Without the bug the toy never loses power, and so loses nothing. */
const toy: Subject = {
  ...forgetful,
  executor: {
    capabilities: forgetful.executor.capabilities,
    run: (plan, sink, options) => forgetful.executor.run(plan.mutant === undefined ? { ...plan, faults: [] } : plan, sink, options),
  },
}

export const toyRegistry: Registry = {
  systems: ['toy'],
  mutants: [{ id: 'forgetful', title: 'Forgets what it has just acknowledged.', guarantee: 'DUR-1', bug: 'none', preset: 'many-faults' }],
  subjectOf: () => toy,
  newWorker: null,
  targets: [],
  stdioTarget,
  contractOf: ({ system }) => (system === 'toy' ? toy.contract : null),
  recipes: () => [],
  openMachine: (cwd) => Workplace.open(liveRoot(cwd)),
}

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

export class CommandLine {
  readonly cwd = mkdtempSync(join(tmpdir(), 'mqproof-'))
  private readonly registry: Registry

  constructor(registry: Registry = toyRegistry) {
    this.registry = registry
  }

  async run(line: string, change: Partial<Io> = {}): Promise<Ran> {
    const written = { out: '', err: '' }
    const io: Io = {
      stdout: { write: (text) => void (written.out += text) },
      stderr: { write: (text) => void (written.err += text) },
      isTTY: false,
      colour: false,
      columns: 120,
      cwd: this.cwd,
      env: {},
      ask: null,
      signal: new AbortController().signal,
      nowMs: () => performance.now(),
      ...change,
    }
    const code = await main(
      parseArgs(line).map((word) => word.replace(/["']/g, '')),
      io,
      this.registry,
    )
    return { code, ...written }
  }

  path(name: string): string {
    return join(this.cwd, name)
  }
}
