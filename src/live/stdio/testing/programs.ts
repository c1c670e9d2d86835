/**
 * The examples and the small broker as commands. They are compiled beforehand, since a compiler in each child process would take most of
 * the time.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { afterAll } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FOLDERS = ['broken', 'examples']

function compile(): string {
  const out = mkdtempSync(join(tmpdir(), 'mqproof-programs-'))
  writeFileSync(join(out, 'package.json'), '{"type":"module"}')
  const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, rewriteRelativeImportExtensions: true }
  for (const folder of FOLDERS) {
    mkdirSync(join(out, folder))
    for (const name of readdirSync(join(ROOT, folder)).filter((one) => one.endsWith('.ts'))) {
      const { outputText } = ts.transpileModule(readFileSync(join(ROOT, folder, name), 'utf8'), { compilerOptions })
      writeFileSync(join(out, folder, name.replace('.ts', '.js')), outputText)
    }
  }
  return out
}

export const PYTHON_EXAMPLE = join(ROOT, 'examples', 'queue.py')

export interface Programs {
  readonly queuePy: readonly string[]
  readonly queueTs: readonly string[]
  readonly logTs: readonly string[]
  /** `what`: "sound", a defect or a misbehaviour. */
  readonly small: (what: string) => string[]
}

/** For one file of tests; what was compiled is removed after the last of them. */
export function openPrograms(): Programs {
  const dir = compile()
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true })
  })
  const compiled = (...path: readonly string[]): string[] => [process.execPath, join(dir, ...path)]
  return {
    queuePy: ['python3', PYTHON_EXAMPLE],
    queueTs: compiled('examples', 'queue.js'),
    logTs: compiled('examples', 'log.js'),
    small: (what) => [...compiled('broken', 'main.js'), what],
  }
}
