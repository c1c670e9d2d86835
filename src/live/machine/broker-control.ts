/** What faults do to one broker process and its disk, one after the other. */
import { existsSync } from 'node:fs'
import type { Fault } from '../../plan/faults.ts'
import type { Effect } from '../target.ts'
import type { LossyDisk, ManagedProcess } from './machine.ts'

export interface LocalBroker {
  /** Its present life, or the last; null before the first. */
  process(): ManagedProcess | null
  /** Starts it and waits until it answers its protocol. @throws BrokerDown */
  start(): Promise<void>
  /** Where its data lies, if that can lose power. */
  readonly disk: LossyDisk | null
  /** Removes its data; it is down. */
  readonly wipe: (() => Promise<void>) | null
  /** How long a stop in good order may take. */
  readonly stopLimitMs: number
}

export class BrokerControl {
  private readonly broker: LocalBroker
  private last: Promise<unknown> = Promise.resolve()
  private powered = true
  /** The file system was shut down: nothing on it works until the replay. */
  private diskIsDead = false
  /** Who must be told, when a dead disk comes back, that it has lost what was not forced; null where that is known. */
  private untold: Effect | null = null
  private readonly pauses = new Set<Fault>()
  private readonly stalls = new Set<Fault>()

  constructor(broker: LocalBroker) {
    this.broker = broker
  }

  begin(fault: Fault, effect: Effect): Promise<void> {
    return this.inTurn(() => this.strike(fault, effect))
  }

  end(fault: Fault): Promise<void> {
    return this.inTurn(() => this.mend(fault))
  }

  ready(): Promise<void> {
    return this.inTurn(async () => {
      await this.unblock()
      this.powered = true
      await this.bringUp()
    })
  }

  evidence(): string[] {
    const copy = this.broker.disk === null ? '' : copyOf(this.broker.disk)
    return existsSync(copy) ? [copy] : []
  }

  /** An action that fails does not stop those that follow. */
  private inTurn(action: () => Promise<void>): Promise<void> {
    const done = this.last.then(action)
    this.last = done.catch(() => undefined)
    return done
  }

  /** The running process. */
  private up(): ManagedProcess | null {
    const process = this.broker.process()
    return process === null || process.ended !== null ? null : process
  }

  private async strike(fault: Fault, effect: Effect): Promise<void> {
    switch (fault.kind) {
      case 'processKill':
        return this.kill(effect)
      case 'gracefulRestart':
        return this.stop(effect)
      case 'pause':
        return this.pause(fault, effect)
      case 'powerLoss':
        return this.losePower(effect)
      case 'diskLoss':
        return this.loseDisk(effect)
      case 'forceFails':
        return this.breakDisk(effect)
      case 'diskStall':
        return this.stall(fault, effect)
      default:
    }
  }

  private async mend(fault: Fault): Promise<void> {
    switch (fault.kind) {
      case 'pause':
        if (this.pauses.delete(fault) && this.pauses.size === 0) this.up()?.resume()
        return
      case 'diskStall':
        if (this.stalls.delete(fault) && this.stalls.size === 0) await this.broker.disk?.thaw()
        return
      case 'powerLoss':
        this.powered = true
        return this.bringUp()
      case 'forceFails':
        return this.bringUp()
      case 'processKill':
      case 'gracefulRestart':
      case 'diskLoss':
        if (this.up() === null) await this.bringUp()
        return
      default:
    }
  }

  private async kill(effect: Effect): Promise<void> {
    const process = this.up()
    if (process === null) return
    await this.thaw()
    const gone = process.kill()
    effect()
    await gone
    this.pauses.clear()
  }

  /** Who stands still can't be asked to stop. */
  private async stop(effect: Effect): Promise<void> {
    const process = this.up()
    if (process === null || this.pauses.size > 0) return
    await this.thaw()
    const gone = process.stop(this.broker.stopLimitMs)
    effect()
    if (await gone) return
    effect('processKill')
    this.pauses.clear()
  }

  private pause(fault: Fault, effect: Effect): void {
    const process = this.up()
    if (process === null) return
    process.pause()
    this.pauses.add(fault)
    effect()
  }

  /** First it stands still, so that no acknowledgement can come after the cut (RML-029). What is down may yet lose what it wrote. */
  private async losePower(effect: Effect): Promise<void> {
    const { disk } = this.broker
    if (disk === null) return
    const process = this.up()
    process?.pause()
    if (process !== null || !this.diskIsDead) {
      effect()
      this.untold = null
    }
    this.powered = false
    await this.thaw()
    await this.cut(disk)
    await process?.kill()
    this.pauses.clear()
  }

  private async loseDisk(effect: Effect): Promise<void> {
    const { wipe } = this.broker
    if (wipe === null) return
    await this.thaw()
    await this.kill(effect)
    await this.replayDead()
    await wipe()
    effect()
  }

  /** The disk dies and the broker is left running (RML-041, RML-042). */
  private async breakDisk(effect: Effect): Promise<void> {
    const { disk } = this.broker
    if (disk === null || this.diskIsDead || this.up() === null) return
    await this.thaw()
    await this.cut(disk)
    this.untold = effect
    effect()
  }

  private async stall(fault: Fault, effect: Effect): Promise<void> {
    const { disk } = this.broker
    if (disk === null || this.diskIsDead || this.up() === null) return
    await disk.freeze()
    this.stalls.add(fault)
    effect()
  }

  private async cut(disk: LossyDisk): Promise<void> {
    if (!this.diskIsDead) await disk.cut()
    this.diskIsDead = true
  }

  /** On a frozen file system nobody can stop or die: whatever ends the process ends the stall before. */
  private async thaw(): Promise<void> {
    this.stalls.clear()
    await this.broker.disk?.thaw()
  }

  private async unblock(): Promise<void> {
    await this.thaw()
    if (this.pauses.size > 0) this.up()?.resume()
    this.pauses.clear()
  }

  /** A dead disk comes back by a new mount, which nobody may be using; its image is kept as the loss left it. */
  private async replayDead(): Promise<void> {
    const { disk } = this.broker
    if (disk === null || !this.diskIsDead) return
    // One that ended by itself may have left helpers behind.
    await this.broker.process()?.kill()
    this.untold?.('powerLoss')
    this.untold = null
    this.pauses.clear()
    await disk.copy(copyOf(disk))
    await disk.replay()
    this.diskIsDead = false
  }

  private async bringUp(): Promise<void> {
    if (!this.powered) return
    await this.replayDead()
    if (this.up() !== null) return
    await this.thaw()
    await this.broker.start()
  }
}

const copyOf = ({ image }: LossyDisk): string => `${image}.after-loss`
