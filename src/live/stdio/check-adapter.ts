/** `conform --check-adapter`: walks an adapter through the protocol, and tells its author what is wrong with which line. */
import { messageOf } from '../../plan/message-of.ts'
import { TargetBroken } from '../target.ts'
import type { Machine } from '../machine/machine.ts'
import { DEADLINES, type Deadlines } from './adapter.ts'
import { StdioTarget } from './bridge.ts'
import type { AdapterReport } from './check/report.ts'
import { STEPS } from './check/steps.ts'
import { Ear, Walk } from './check/walk.ts'
import type { Body } from './protocol.ts'

export interface CheckOptions {
  readonly machine: Machine
  readonly config?: Body<'hello'>['config']
  readonly url?: string | undefined
  readonly deadlines?: Deadlines
}

/** Never rejects because of the adapter: whatever it does is a finding. */
export async function checkAdapter(command: readonly string[], options: CheckOptions): Promise<AdapterReport> {
  const ear = new Ear()
  let target: StdioTarget | null = null
  try {
    target = await StdioTarget.open({ ...options, command, heard: ear.heard })
    if (ear.hello === null) throw new TargetBroken('hello was not heard')
    const walk = new Walk(target, ear.hello, ear, (options.deadlines ?? DEADLINES).answerMs)
    for (const step of STEPS) await step(walk)
  } catch (error) {
    // A TargetBroken names the line and the rule; a BrokerDown says what the broker refused.
    ear.findings.push({ level: 'error', step: error instanceof TargetBroken ? 'protocol' : 'broker', message: messageOf(error) })
  } finally {
    await target?.close()
  }
  return { command: command.join(' '), ok: ear.findings.every(({ level }) => level !== 'error'), findings: ear.findings }
}
