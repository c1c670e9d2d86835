/** What ships beside the code, the catalogue and the scenarios: found from `src` and from `dist` alike, wherever it is installed. */
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InputError } from '../plan/input-error.ts'

/** Both src/cli and dist/cli lie two folders below the root of the package. */
export const PACKAGE_ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

export const SCENARIOS_DIR = join(PACKAGE_ROOT, 'scenarios')

/** The files of an asset folder with this ending, by name. */
export function assetFiles(folder: string, ending: string): string[] {
  const dir = join(PACKAGE_ROOT, folder)
  try {
    return readdirSync(dir)
      .filter((name) => name.endsWith(ending))
      .sort((x, y) => (x < y ? -1 : 1))
  } catch {
    throw new InputError(`${dir}: this folder of the package is missing; install mqproof again`)
  }
}

export const assetText = (...path: string[]): string => readFileSync(join(PACKAGE_ROOT, ...path), 'utf8')
