/** Who used the processors while something was measured: this process, the brokers that it started, or others, who make a rate say little. */
import { readdirSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'

export interface Usage {
  /** Processor time in milliseconds. */
  readonly ownMs: number
  readonly brokersMs: number
  readonly othersMs: number
  readonly wallMs: number
}

/** Linux counts in hundredths of a second, whatever the kernel's own tick is. */
const TICK_MS = 10
/** Where `ppid` and `utime`, `stime` lie among the fields behind the program's name. */
const [PARENT, USER, SYSTEM] = [1, 11, 12]

interface Entry {
  readonly pid: number
  readonly parent: number
  readonly cpuMs: number
}

function processes(): Entry[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
      const fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number)
      return [{ pid: Number(name), parent: fields[PARENT] ?? 0, cpuMs: TICK_MS * ((fields[USER] ?? 0) + (fields[SYSTEM] ?? 0)) }]
    } catch {
      // It has ended meanwhile.
      return []
    }
  })
}

/** Processor time of everything that this process has started and that still runs. */
function descendantsMs(): number {
  const all = processes()
  const ours = new Set([process.pid])
  let sum = 0
  // Parents have not always the lower number: as many passes as the tree has levels.
  for (let before = 0; before < ours.size;) {
    before = ours.size
    for (const { pid, parent, cpuMs } of all) {
      if (ours.has(pid) || !ours.has(parent)) continue
      ours.add(pid)
      sum += cpuMs
    }
  }
  return sum
}

interface Mark {
  readonly ownMs: number
  readonly brokersMs: number
  readonly busyMs: number
  readonly wallMs: number
}

function mark(): Mark {
  const { user, system } = process.cpuUsage()
  const busyMs = cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0)
  return { ownMs: (user + system) / 1000, brokersMs: descendantsMs(), busyMs, wallMs: performance.now() }
}

/** Begins to count; what it gives says what was used since. */
export function meter(): () => Usage {
  const from = mark()
  return () => {
    const to = mark()
    const [ownMs, brokersMs] = [to.ownMs - from.ownMs, to.brokersMs - from.brokersMs]
    return { ownMs, brokersMs, othersMs: Math.max(0, to.busyMs - from.busyMs - ownMs - brokersMs), wallMs: to.wallMs - from.wallMs }
  }
}
