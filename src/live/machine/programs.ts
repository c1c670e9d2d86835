/** Finds programs as a shell would, and also where administrators' programs lie: the path of an ordinary user often lacks those. */
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const ADMIN = ['/usr/local/sbin', '/usr/sbin', '/sbin']

function runnable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/** Its full path, or null. */
export function findProgram(name: string, path: string = process.env['PATH'] ?? ''): string | null {
  if (name.includes('/')) return runnable(name) ? name : null
  const folders = [...path.split(delimiter).filter((folder) => folder !== ''), ...ADMIN]
  return folders.map((folder) => join(folder, name)).find(runnable) ?? null
}
