/**
 * What live targets need of the machine: a private place with processes, disks, proxies and ports of its own. Nothing outside of it is
 * ever touched, and all of it is undone on any exit; what a dead run left behind is found and cleaned by the next.
 */

/** A fault or a provisioning step that this machine can't do, with the reason and what would help. */
export class Unavailable extends Error {
  override name = 'Unavailable'
}

export interface ProcessSpec {
  /** Names its log file, and the process in messages. */
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** A daemon's own pid file, where the started program is not the broker itself. */
  readonly pidFile?: string
  /** Keep stdin and stdout as pipes (an adapter); otherwise output goes to the log file. */
  readonly pipes?: boolean
}

/** A process group of our own. Signals to what is gone do nothing. */
export interface ManagedProcess {
  readonly name: string
  readonly pid: number
  readonly logFile: string
  /** How it ended, or null while it runs. */
  readonly ended: string | null
  readonly exited: Promise<string>
  readonly stdin: NodeJS.WritableStream | null
  readonly stdout: NodeJS.ReadableStream | null
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>
  /** SIGTERM; SIGKILL after the limit. Gives whether it stopped by itself. */
  stop(limitMs: number): Promise<boolean>
  pause(): void
  resume(): void
  /** The last lines of its log. */
  tail(lines: number): string
}

/** A loop-mounted ext4 image whose file system can be shut down without flushing (RML-029). */
export interface LossyDisk {
  /** Where it is mounted. */
  readonly mount: string
  readonly image: string
  /** Makes all that was written so far durable: once, after the warm-up (RAB-144). */
  sync(): Promise<void>
  /** Shuts the file system down: what was not forced is gone. The writer should be paused, then killed. */
  cut(): Promise<void>
  /** Unmounts and mounts again, so that the journal is replayed. The writer must be gone. */
  replay(): Promise<void>
  /** Writes everything out, then lets whoever writes, or reads a mapped page, wait until the thaw (RML-030). Not after a cut. */
  freeze(): Promise<void>
  thaw(): Promise<void>
  /** Copies the image as it is now, without its holes: between cut and replay it is what the loss left. */
  copy(to: string): Promise<void>
  /** Unmounts and removes it. */
  remove(): Promise<void>
}

export type Direction = 'requests' | 'responses' | 'both'

/** A TCP proxy on loopback before one port. Several faults may overlap; each is undone by its own handle. */
export interface TcpProxy {
  readonly port: number
  /** Swallows bytes, silently, until undone; connections that lost bytes are then reset. `effect` is called when the first are dropped. */
  cut(direction: Direction, effect: () => void): () => void
  /** Holds bytes back, in order. `effect` is called when the first are held. */
  delay(direction: Direction, byMs: number, effect: () => void): () => void
  close(): Promise<void>
}

export interface Machine {
  /** The private directory. */
  readonly dir: string
  spawn(spec: ProcessSpec): Promise<ManagedProcess>
  /** @throws Unavailable without root, loop devices, mkfs.ext4 or xfs_io. */
  disk(name: string, megabytes: number): Promise<LossyDisk>
  proxy(toPort: number): Promise<TcpProxy>
  /** A loopback port that is free now, with two below it and five above it, and given out once. */
  port(): Promise<number>
  /** Kills, unmounts, closes and removes everything; from then on all else throws Unavailable. Never throws. */
  close(): Promise<void>
}
