/**
 * What the kernel says about processes. A number alone names nobody, for it is given out again: a process is its number and its start time
 * together, and whether it is ours is told by a mark in its environment, which its descendants inherit wherever they go.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** `start` is in ticks since the boot; '' where the machine does not tell. */
export interface ProcessId {
  readonly pid: number
  readonly start: string
}

/** The variable that marks what a run started; its value is the run's directory. */
export const MARK = 'MQPROOF_RUN'

const HAS_TABLE = existsSync('/proc/self/stat')

interface Stat {
  readonly group: number
  readonly start: string
}

function readOr(path: string, other: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return other
  }
}

/** Null for what is gone, and for the dead that nobody has buried. */
function statOf(pid: number): Stat | null {
  const text = readOr(`/proc/${pid}/stat`, '')
  // The name, in brackets, may hold blanks and brackets of its own.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state, , group] = fields
  const start = fields[19]
  return start === undefined || state === 'Z' || state === 'X' ? null : { group: Number(group), start }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

export const idOf = (pid: number): ProcessId => ({ pid, start: statOf(pid)?.start ?? '' })

/** In doubt it is alive: this decides whose place may be cleaned up. */
export const mayBeAlive = ({ pid, start }: ProcessId): boolean => (HAS_TABLE && start !== '' ? statOf(pid)?.start === start : exists(pid))

/** In doubt it is another: this decides who is killed. */
export const isCertainly = ({ pid, start }: ProcessId): boolean => start !== '' && statOf(pid)?.start === start

/** Tells one boot of the machine from another; '' where there is no telling. */
export const bootId = (): string => readOr('/proc/sys/kernel/random/boot_id', '').trim()

export function isMarked(pid: number, mark: string): boolean {
  return (
    statOf(pid) !== null &&
    readOr(`/proc/${pid}/environ`, '')
      .split('\0')
      .includes(`${MARK}=${Buffer.from(mark).toString('latin1')}`)
  )
}

const everyPid = (): number[] => (HAS_TABLE ? readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : [])) : [])

/** The living processes of a group. */
export const groupMembers = (group: number): number[] => everyPid().filter((pid) => statOf(pid)?.group === group)

/** Every living process that carries the mark, but not this one. */
export const markedProcesses = (mark: string): number[] => everyPid().filter((pid) => pid !== process.pid && isMarked(pid, mark))

/** Signals to what is gone do nothing. A negative number is a group. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
