/** Reading and writing the files that users name; what goes wrong is said with the path and without a stack. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { InputError } from '../plan/input-error.ts'
import type { Io } from './io.ts'

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a directory, not a file',
  ENOTDIR: 'a part of the path is not a directory',
  EACCES: 'no permission',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return REASONS[code] ?? (code === '' ? String(error) : code)
}

export const pathOf = (io: Io, path: string): string => resolve(io.cwd, path)

/** A path as people would type it from where they are. */
export function shownPath(io: Io, path: string): string {
  const near = relative(io.cwd, path)
  return near === '' || near.startsWith('..') ? path : near
}

export function readText(io: Io, path: string): string {
  try {
    return readFileSync(pathOf(io, path), 'utf8')
  } catch (error) {
    throw new InputError(`${path}: ${reasonOf(error)}`)
  }
}

export function writeText(io: Io, path: string, text: string): void {
  try {
    mkdirSync(dirname(pathOf(io, path)), { recursive: true })
    writeFileSync(pathOf(io, path), text)
  } catch (error) {
    throw new InputError(`${path}: could not be written: ${reasonOf(error)}`)
  }
}

export function isDirectory(io: Io, path: string): boolean {
  return statSync(pathOf(io, path), { throwIfNoEntry: false })?.isDirectory() ?? false
}
