/** The examples and the small broker as commands. They are compiled once, since a compiler in each child process would take most of the time. */
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

const dir = compile()
afterAll(() => {
  rmSync(dir, { recursive: true, force: true })
})

export const PYTHON_EXAMPLE = join(ROOT, 'examples', 'queue.py')
export const queuePy = ['python3', PYTHON_EXAMPLE]
export const queueTs = [process.execPath, join(dir, 'examples', 'queue.js')]
export const logTs = [process.execPath, join(dir, 'examples', 'log.js')]
/** `what`: "sound", a defect or a misbehaviour. */
export const small = (what: string): string[] => [process.execPath, join(dir, 'broken', 'main.js'), what]
