/** What a broker left behind, copied beside a kept failure. What can't be copied, or must not be, is said there. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { messageOf } from '../../plan/message-of.ts'
import type { Secrets } from '../secrets.ts'

/** A larger file can't be searched for secrets. */
const SEARCHED_MAX = 256 << 20

/** Disk images are mostly holes, which a plain copy would fill. */
function copy(from: string, to: string): void {
  const { status } = spawnSync('cp', ['-r', '--sparse=always', from, to], { stdio: 'ignore' })
  if (status !== 0) cpSync(from, to, { recursive: true })
}

/** Logs of two brokers may have one name. */
function freeName(dir: string, path: string): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? basename(path) : `${n}-${basename(path)}`
    if (!existsSync(join(dir, name))) return join(dir, name)
  }
}

function filesUnder(path: string): string[] {
  const about = lstatSync(path)
  if (about.isDirectory()) return readdirSync(path).flatMap((name) => filesUnder(join(path, name)))
  return about.isFile() ? [path] : []
}

/** A log may repeat what its broker was called with. Gives what had to be left out, and why. */
function withoutSecrets(path: string, secrets: Secrets): string[] {
  return filesUnder(path).flatMap((file) => {
    if (statSync(file).size > SEARCHED_MAX) {
      rmSync(file)
      return [`${file}: too large to be searched for passwords`]
    }
    // Byte for byte, whatever it holds.
    const text = readFileSync(file, 'latin1')
    const hidden = secrets.hideWords(text)
    if (hidden !== text) writeFileSync(file, hidden, 'latin1')
    return []
  })
}

/** Copies what is still there: evidence that can't be read must not cost the failure itself. */
export function copyEvidence(dir: string, paths: readonly string[], secrets: Secrets): void {
  const folder = join(dir, 'evidence')
  mkdirSync(folder)
  const missed: string[] = []
  for (const path of paths) {
    const to = freeName(folder, path)
    try {
      copy(path, to)
      if (secrets.any) missed.push(...withoutSecrets(to, secrets))
    } catch (error) {
      missed.push(`${path}: ${messageOf(error)}`)
      if (secrets.any) rmSync(to, { recursive: true, force: true })
    }
  }
  if (missed.length > 0) writeFileSync(join(folder, 'not-copied.txt'), `${missed.join('\n')}\n`)
}
