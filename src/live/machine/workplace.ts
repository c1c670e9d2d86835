/** The machine as live targets see it: one directory, and everything in it; undone at the latest when the process ends. */
import { join } from 'node:path'
import { realProbe, whyNoDisk } from './abilities.ts'
import type { Probe } from './abilities.ts'
import { LoopDisk } from './disk.ts'
import { guard } from './exit-guard.ts'
import { RunJournal, staleRuns } from './run-journal.ts'
import { Unavailable } from './machine.ts'
import type { LossyDisk, Machine, ManagedProcess, ProcessSpec, TcpProxy } from './machine.ts'
import { Ports } from './ports.ts'
import { OwnProcess } from './process.ts'
import { LoopProxy } from './proxy.ts'
import { sweep } from './sweep.ts'

export class Workplace implements Machine {
  readonly dir: string
  private readonly journal: RunJournal
  private readonly probe: Probe
  private readonly ports = new Ports()
  private readonly proxies = new Set<TcpProxy>()
  private readonly processes = new Set<ManagedProcess>()
  private readonly unguard: () => void
  private closing: Promise<void> | undefined

  /** Makes a directory of its own below `root`, and first cleans up what dead runs left there. */
  static open(root: string, probe: Probe = realProbe): Promise<Workplace> {
    for (const dir of staleRuns(root)) sweep(dir)
    return Promise.resolve(new Workplace(new RunJournal(root), probe))
  }

  private constructor(journal: RunJournal, probe: Probe) {
    this.journal = journal
    this.dir = journal.dir
    this.probe = probe
    this.unguard = guard(() => void sweep(this.dir))
  }

  async spawn(spec: ProcessSpec): Promise<ManagedProcess> {
    this.assertOpen()
    const started = await OwnProcess.start(spec, {
      logFile: join(this.dir, 'log', `${spec.name}.log`),
      mark: this.dir,
      started: (pid) => this.journal.process(spec.name, pid),
    })
    this.processes.add(started)
    void started.exited.then(() => this.processes.delete(started))
    return this.orUndo(started, () => started.kill())
  }

  async disk(name: string, megabytes: number): Promise<LossyDisk> {
    this.assertOpen()
    const reason = whyNoDisk(this.probe)
    if (reason !== null) throw new Unavailable(`no disk that can lose power: ${reason}`)
    const disk = await LoopDisk.make(join(this.dir, 'disks'), name, megabytes)
    return this.orUndo(disk, () => disk.remove())
  }

  async proxy(toPort: number): Promise<TcpProxy> {
    const proxy = await LoopProxy.open(await this.port(), toPort)
    this.proxies.add(proxy)
    return this.orUndo(proxy, () => proxy.close())
  }

  async port(): Promise<number> {
    this.assertOpen()
    return this.ports.next()
  }

  close(): Promise<void> {
    return (this.closing ??= this.undo())
  }

  /** @throws Unavailable: what is started after the end would be undone by nobody. */
  private assertOpen(): void {
    if (this.closing !== undefined) throw new Unavailable('the run has ended: nothing more is started')
  }

  /** The end may have come while it was being made. */
  private async orUndo<T>(made: T, undo: () => Promise<void>): Promise<T> {
    if (this.closing !== undefined) await undo()
    this.assertOpen()
    return made
  }

  private async undo(): Promise<void> {
    await Promise.allSettled([...this.proxies].map((one) => one.close()))
    if (sweep(this.dir)) await Promise.all([...this.processes].map((one) => one.exited))
    this.unguard()
  }
}
