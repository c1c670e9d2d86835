/** The package as it would be published, built from the present sources into a folder of its own, so that no test trusts a stale build. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './repository.ts'

const SHIPPED = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'spec', 'scenarios']
export const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')

export const temporaryFolder = (): string => realpathSync(mkdtempSync(join(tmpdir(), 'mqproof-')))
export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true })

/** However it ends. */
export function runAnyway(program: string, args: readonly string[], cwd: string): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 26 })
  if (error !== undefined) throw error
  return { code: status, out: stdout, err: stderr }
}

/** Fails with what the program said, which an exit code alone would hide. */
export function runProgram(program: string, args: readonly string[], cwd: string): string {
  const { code, out, err } = runAnyway(program, args, cwd)
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: exit code ${String(code)}\n${out}\n${err}`)
  return out
}

/** Much quicker, for who only runs what was built: types are checked elsewhere. */
export const CODE_ALONE = ['--noCheck', '--declaration', 'false']

/** Gives the folder; its `dist` runs as it stands, with the dependencies of this checkout. */
export function buildPackage(flags: readonly string[] = []): string {
  const folder = temporaryFolder()
  for (const name of SHIPPED) cpSync(join(ROOT, name), join(folder, name), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  runProgram(process.execPath, [TSC, '-p', join(ROOT, 'tsconfig.build.json'), '--outDir', join(folder, 'dist'), ...flags], ROOT)
  return folder
}

/** npm, quiet, and without asking anybody where its cache suffices. */
export const npm = (args: readonly string[], cwd: string): string =>
  runProgram('npm', [...args, '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'], cwd)
