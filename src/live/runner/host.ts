/** A client as faults see it: a name whose process is up or down, and which is started again until it comes up. */
import { TargetBroken } from '../target.ts'
import { messageOf } from '../../plan/message-of.ts'
import { pause, within } from '../waits.ts'
import type { Trouble } from './trouble.ts'
import type { ClientProcess } from './process.ts'

const OPEN_LIMIT_MS = 30_000
const CLOSE_LIMIT_MS = 15_000
const RETRY_MS = 250

export class ClientHost<Process extends ClientProcess = ClientProcess> {
  readonly name: string
  process: Process | null = null
  /** The plan has it run; otherwise it is neither started nor waited for. */
  wanted: boolean
  private readonly openProcess: () => Promise<Process>
  private readonly trouble: Trouble
  /** Counts what puts an end to a process, also to one that is only about to open. */
  private life = 0
  private starting = false
  private problem = 'it is not started'

  constructor(name: string, open: () => Promise<Process>, trouble: Trouble, wanted = true) {
    this.name = name
    this.wanted = wanted
    this.openProcess = open
    this.trouble = trouble
  }

  /** The first start: what goes wrong is not tried again. */
  async open(): Promise<void> {
    if (!this.wanted) return
    const { life } = this
    const process = await within(OPEN_LIMIT_MS, `opening ${this.name}`, this.openProcess())
    if (life === this.life) this.process = process
    else process.abort()
  }

  /** Starts it unless it is up, again and again while the broker can't be reached. */
  async start(): Promise<void> {
    if (this.process !== null || this.starting || !this.wanted) return
    const { life } = this
    this.starting = true
    while (this.process === null && life === this.life && !this.trouble.raised) await this.attempt(life)
    if (life === this.life) this.starting = false
  }

  private async attempt(life: number): Promise<void> {
    try {
      const process = await within(OPEN_LIMIT_MS, `opening ${this.name}`, this.openProcess())
      if (life !== this.life) return process.abort()
      this.process = process
      process.start()
    } catch (error) {
      if (life !== this.life) return
      if (error instanceof TargetBroken) this.trouble.raise(error)
      this.problem = messageOf(error)
      await pause(RETRY_MS)
    }
  }

  private leave(): Process | null {
    const { process } = this
    this.process = null
    this.life++
    this.starting = false
    this.problem = 'it is down'
    return process
  }

  /** Whether there was something to kill. */
  kill(): boolean {
    const process = this.leave()
    process?.abort()
    return process !== null
  }

  /** In good order; done once it is closed. */
  async stop(): Promise<void> {
    const process = this.leave()
    if (process !== null) await within(CLOSE_LIMIT_MS, `closing ${this.name}`, process.close())
  }

  get unsettled(): string | null {
    if (!this.wanted) return null
    return this.process === null ? `${this.name} has not come back: ${this.problem}` : this.process.unsettled
  }
}
