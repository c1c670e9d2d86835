/**
 * A run's own directory, and the journal in it of who owns it and what was started. Before anything is started the directory is there,
 * and everything carries its name: processes in their environment, mounts and images by lying in it. So a run that died at any moment
 * leaves nothing that can't be told as its own; the journal's process numbers are for programs that clear their environment.
 */
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { bootId, idOf, mayBeAlive } from './process-table.ts'
import type { ProcessId } from './process-table.ts'

const PREFIX = 'run-'
const FILE = 'journal.jsonl'

type Entry =
  | { readonly kind: 'owner'; readonly pid: number; readonly start: string; readonly boot: string }
  | { readonly kind: 'process'; readonly pid: number; readonly start: string; readonly name: string }

export class RunJournal {
  /** The run's directory. */
  readonly dir: string

  constructor(root: string) {
    mkdirSync(root, { recursive: true })
    // The kernel names mounts by their real paths.
    this.dir = mkdtempSync(join(realpathSync(root), `${PREFIX}${process.pid}-`))
    this.write({ kind: 'owner', ...idOf(process.pid), boot: bootId() })
  }

  process(name: string, pid: number): void {
    this.write({ kind: 'process', ...idOf(pid), name })
  }

  private write(entry: Entry): void {
    appendFileSync(join(this.dir, FILE), `${JSON.stringify(entry)}\n`)
  }
}

/** The last line may be torn: its writer died. */
function entriesOf(dir: string): Entry[] {
  try {
    const lines = readFileSync(join(dir, FILE), 'utf8').split('\n').slice(0, -1)
    return lines.map((line) => JSON.parse(line) as Entry)
  } catch {
    return []
  }
}

/** The processes that the journal names; none after another boot, when the same numbers mean others. */
export function journalProcesses(dir: string): ProcessId[] {
  const entries = entriesOf(dir)
  const sameBoot = entries.some((entry) => entry.kind === 'owner' && entry.boot === bootId())
  return sameBoot ? entries.filter((entry) => entry.kind === 'process') : []
}

function isStale(dir: string, name: string): boolean {
  const owner = entriesOf(dir).find((entry) => entry.kind === 'owner')
  // Not yet written, or never: the name tells the owner's number.
  if (owner === undefined) return !mayBeAlive({ pid: Number(name.split('-')[1]), start: '' })
  return owner.boot !== bootId() || !mayBeAlive(owner)
}

/** The directories of runs whose owner is dead. */
export function staleRuns(root: string): string[] {
  try {
    const place = realpathSync(root)
    const names = readdirSync(place).filter((name) => /^run-\d+-/.test(name))
    return names.flatMap((name) => (isStale(join(place, name), name) ? [join(place, name)] : []))
  } catch {
    return []
  }
}
