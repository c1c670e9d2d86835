/** The Java processes of RocketMQ: each with a home of its own, or their logs mix (RML-003). */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Machine, ManagedProcess } from '../machine/machine.ts'

export interface ServerSpec {
  readonly name: string
  readonly main: string
  /** The folder of jars. */
  readonly lib: string
  readonly dir: string
  readonly heapMegabytes: number
  /** What its file says. */
  readonly conf: string
  /** System properties, for what its file can't say. */
  readonly properties?: Readonly<Record<string, string | number>>
  /** The option that names its file; -c, but for the proxy. */
  readonly confOption?: string
}

/**
 * Outside the heap. Each thread of a broker that stores keeps a buffer as large as the largest message, 4 MiB; where that runs out, the thread
 * that delivers delayed messages fails for ever, and what was popped and not acknowledged does not come again. A limit, nothing is reserved.
 */
const DIRECT_MEGABYTES = 1024

/**
 * RML-076: as shipped, a server makes a key and a certificate each time it starts, for clients that want TLS, and loads signed jars for that:
 * more than half of the processor time of its start. Nobody speaks TLS to it here.
 */
const NO_TLS = '-Dtls.server.mode=disabled'

export const confPath = (dir: string): string => join(dir, 'server.conf')
/** Where RocketMQ writes its logs, under its user's home. */
export const logDir = (dir: string): string => join(dir, 'logs', 'rocketmqlogs')

/** Starts a server; that it is ready is for the caller to find out: "boot success" says less than it seems (RML-007). */
export async function startServer(
  machine: Machine,
  { name, main, lib, dir, heapMegabytes, conf, properties = {}, confOption = '-c' }: ServerSpec,
): Promise<ManagedProcess> {
  await mkdir(dir, { recursive: true })
  // A broker rewrites its file when its configuration is changed at run time (RML-009): each start has a new one.
  await writeFile(confPath(dir), conf)
  return machine.spawn({
    name,
    command: 'java',
    args: [
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      `-Xmx${heapMegabytes}m`,
      `-XX:MaxDirectMemorySize=${DIRECT_MEGABYTES}m`,
      NO_TLS,
      `-Duser.home=${dir}`,
      ...Object.entries(properties).map(([name, value]) => `-D${name}=${value}`),
      '-cp',
      `${lib}/*`,
      main,
      confOption,
      confPath(dir),
    ],
    env: { ROCKETMQ_HOME: dir },
    cwd: dir,
  })
}
