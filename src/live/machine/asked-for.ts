/** What the faults that will be asked for need of the machine before a broker starts: a disk that can lose power, proxies on the way to it. */
import type { FaultKind } from '../../plan/faults.ts'
import { whyNoDisk } from './abilities.ts'
import { Unavailable, type LossyDisk, type Machine } from './machine.ts'

export const DISK_KINDS = ['powerLoss', 'forceFails', 'diskStall'] as const satisfies readonly FaultKind[]
export const LINK_KINDS = ['cut', 'netDelay'] as const satisfies readonly FaultKind[]

export const wants = (faults: ReadonlySet<FaultKind>, kinds: readonly FaultKind[]): boolean => kinds.some((kind) => faults.has(kind))

/** What none of these can be done without, where this machine has no disk that can lose power: for who only wants to know. */
export function lackingDisk(kinds: readonly FaultKind[]): Map<FaultKind, string> {
  const why = whyNoDisk()
  return new Map(why === null ? [] : kinds.map((kind) => [kind, why]))
}

/** A disk that can lose power, where one can be had; otherwise the reason. */
export async function diskOrReason(machine: Machine, isWanted: boolean, name: string, megabytes: number): Promise<LossyDisk | string> {
  if (!isWanted) return 'the broker was started without a disk image'
  try {
    return await machine.disk(name, megabytes)
  } catch (error) {
    if (error instanceof Unavailable) return error.message
    throw error
  }
}
