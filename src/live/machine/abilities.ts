/** What this machine can do, and what would help where it can't. The questions are injected, since a test can't choose its machine. */
import { existsSync } from 'node:fs'
import { findProgram } from './programs.ts'

export interface Probe {
  isRoot(): boolean
  exists(path: string): boolean
  program(name: string): string | null
}

export const realProbe: Probe = {
  isRoot: () => process.getuid?.() === 0,
  exists: existsSync,
  program: (name) => findProgram(name),
}

export interface Ability {
  readonly id: string
  /** What needs it. */
  readonly purpose: string
  /** Where it is, or null. */
  readonly found: string | null
  /** The command, or the advice, that brings it here. */
  readonly install: string
}

const LOOP = '/dev/loop-control'

/** Without these there is no disk that can lose power. */
const DISK_PROGRAMS: readonly { readonly program: string; readonly purpose: string; readonly install: string }[] = [
  { program: 'mkfs.ext4', purpose: 'power loss: makes the image', install: 'apt-get install -y e2fsprogs' },
  { program: 'mount', purpose: 'power loss: mounts it', install: 'apt-get install -y mount' },
  { program: 'xfs_io', purpose: 'power loss and failing disk: shuts it down without flushing', install: 'apt-get install -y xfsprogs' },
]
const OTHER_PROGRAMS: typeof DISK_PROGRAMS = [
  { program: 'fsfreeze', purpose: 'stalled disk', install: 'apt-get install -y util-linux' },
  { program: 'java', purpose: 'RocketMQ', install: 'apt-get install -y default-jre-headless' },
  { program: 'mvn', purpose: 'fetching RocketMQ', install: 'apt-get install -y maven' },
  { program: 'python3', purpose: 'example adapters', install: 'apt-get install -y python3' },
]

const programsFound = (probe: Probe, wanted: typeof DISK_PROGRAMS): Ability[] =>
  wanted.map(({ program, purpose, install }) => ({ id: program, purpose, found: probe.program(program), install }))

function diskAbilities(probe: Probe): Ability[] {
  return [
    { id: 'root', purpose: 'power loss: mounting', found: probe.isRoot() ? 'yes' : null, install: 'run mqproof as root' },
    {
      id: 'loop devices',
      purpose: 'power loss: a disk in a file',
      found: probe.exists(LOOP) ? LOOP : null,
      install: 'modprobe loop; in a container, pass the devices in',
    },
    ...programsFound(probe, DISK_PROGRAMS),
  ]
}

export const abilities = (probe: Probe = realProbe): Ability[] => [...diskAbilities(probe), ...programsFound(probe, OTHER_PROGRAMS)]

/** Why this machine has no disk that can lose power, and what would help; null if it has. */
export function whyNoDisk(probe: Probe = realProbe): string | null {
  const missing = diskAbilities(probe).filter(({ found }) => found === null)
  if (missing.length === 0) return null
  return `it needs ${missing.map(({ id, install }) => `${id} (${install})`).join(' and ')}`
}
