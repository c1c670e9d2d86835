/** Tries a power loss, since all its parts may be there and yet not work together: a container may forbid to mount. */
import { closeSync, existsSync, fsyncSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../plan/message-of.ts'
import type { Machine } from './machine.ts'

const MEGABYTES = 16

export interface Trial {
  readonly works: boolean
  /** What was seen, or what stood in the way. */
  readonly seen: string
}

function writeForced(path: string): void {
  const file = openSync(path, 'w')
  writeFileSync(file, 'forced')
  fsyncSync(file)
  closeSync(file)
}

async function losePower(machine: Machine): Promise<Trial> {
  const disk = await machine.disk('trial', MEGABYTES)
  const [forced, loose] = [join(disk.mount, 'forced'), join(disk.mount, 'loose')]
  writeForced(forced)
  writeFileSync(loose, 'loose')
  await disk.cut()
  await disk.replay()
  const [kept, alsoKept] = [existsSync(forced), existsSync(loose)]
  await disk.remove()
  if (!kept) return { works: false, seen: 'a file that was forced is gone' }
  if (alsoKept) return { works: false, seen: 'a file that was not forced is still there' }
  return { works: true, seen: 'what was forced stayed, and the rest was gone' }
}

export async function tryPowerLoss(machine: Machine): Promise<Trial> {
  try {
    return await losePower(machine)
  } catch (error) {
    return { works: false, seen: messageOf(error) }
  }
}
