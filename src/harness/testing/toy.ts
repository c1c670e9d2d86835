/**
 * A toy broker for the harness's own tests: it acknowledges a message after 1 ms and has it on disk 5 ms later, so a power loss in
 * between loses it. Everything else about it is right.
 */
import type { Contract, Term } from '../../contract/contract.ts'
import type { GuaranteeId } from '../../check/checker.ts'
import type { Event, Header } from '../../history/event.ts'
import { Recorder } from '../../history/recorder.ts'
import { FAULT_KINDS } from '../../plan/faults.ts'
import { showHash } from '../../plan/hash.ts'
import type { Plan } from '../../plan/plan.ts'
import { script, type SendStep } from '../../plan/script.ts'
import { ms } from '../../plan/units.ts'
import { choicesOf, label, recording } from '../../sim/choices.ts'
import type { Executor, Outcome, RunOptions, Subject } from '../executor.ts'

export interface ToyOptions {
  /** A loss also needs an unlucky choice. */
  readonly lucky?: boolean
  /** Only plans with a mutant lose anything. */
  readonly planted?: boolean
  /** What the contract says of DUR-1. */
  readonly term?: Term
  /** Called for every run. */
  readonly onRun?: (plan: Plan) => void
}

const ACK = ms(1)
const FORCE = ms(5)
const TEAR = label('tear')

interface Stored {
  readonly step: SendStep
  readonly ackUs: number
  offset: number
  lost: boolean
}

function headerOf(plan: Plan): Header {
  return {
    format: 'mqproof-history/1',
    version: plan.version,
    system: plan.system,
    config: plan.cluster.config,
    client: 'toy',
    groups: [],
    brokers: plan.cluster.brokers,
    records: ['send', 'pull', 'audit'],
  }
}

function queuesOf(plan: Plan): Map<string, Stored[]> {
  const queues = new Map<string, Stored[]>()
  const sends = script(plan)
    .threads.flatMap((thread) => thread.steps)
    .filter((step) => step.do === 'send')
  for (const step of [...sends].sort((x, y) => x.atUs - y.atUs || x.op - y.op)) {
    const name = `${step.topic}:${step.to?.name ?? '0'}`
    const queue = queues.get(name) ?? []
    queues.set(name, queue)
    queue.push({ step, ackUs: step.atUs + ACK, offset: queue.length, lost: false })
  }
  return queues
}

function runToy(plan: Plan, sink: (event: Event) => void, options: RunOptions, toy: ToyOptions): Outcome {
  toy.onRun?.(plan)
  const recorder = new Recorder(sink)
  const own = choicesOf(plan)
  const { choices, noise } = options.recordNoise === true ? recording(own) : { choices: own, noise: [] }
  const todo: { t: number; p: string; go: () => void }[] = []
  const at = (t: number, p: string, go: () => void): void => {
    todo.push({ t, p, go })
  }
  const queues = queuesOf(plan)
  const stored = [...queues.values()].flat()
  for (const one of stored) {
    const { step, ackUs, offset } = one
    const queue = step.to?.name ?? '0'
    at(step.atUs, 'p1', () =>
      recorder.sendInvoke(step.op, { topic: step.topic, queue, mode: step.mode, half: false, digest: step.digest, text: step.text }),
    )
    at(ackUs, 'p1', () => recorder.sendOk(step.op, step.topic, queue, offset, 'b1', step.op * 100))
  }
  for (const fault of plan.faults) {
    if (fault.kind !== 'powerLoss') continue
    const sound = toy.planted === true && plan.mutant === undefined
    at(fault.atUs, 'plan', () => {
      recorder.fault(fault.kind, fault.on, true)
      for (const one of stored) {
        const loose = !sound && one.ackUs <= fault.atUs && fault.atUs < one.ackUs + FORCE
        if (loose && (toy.lucky !== true || choices.choose(TEAR, one.step.salt, 4) === 3)) one.lost = true
      }
    })
  }
  let last = 0
  for (const { t, p, go } of todo.sort((x, y) => x.t - y.t)) {
    recorder.t = last = t
    recorder.p = p
    go()
  }
  recorder.phase('heal', '')
  recorder.phase('drained', '')
  for (const queue of queues.values()) {
    const [first] = queue
    if (first === undefined) continue
    const { topic, to } = first.step
    const name = to?.name ?? '0'
    for (const { step, offset, lost } of queue) if (!lost) recorder.pull(step.op, topic, name, offset, step.op, step.digest)
    recorder.audit(0, topic, name, 0, queue.length)
  }
  return {
    header: headerOf(plan),
    drain: { drained: true, fresh: false, reason: '' },
    steps: todo.length,
    simulatedUs: last,
    traceHash: showHash(recorder.hash),
    noise,
  }
}

export function toySubject(toy: ToyOptions = {}): Subject {
  const executor: Executor = {
    capabilities: { faults: FAULT_KINDS, records: ['send', 'pull', 'audit'] },
    run: (plan, sink, options = {}) => runToy(plan, sink, options, toy),
  }
  const contract: Contract<unknown> = () =>
    new Map<GuaranteeId, Term>([
      ['DUR-1', toy.term ?? 'required'],
      ['ORD-1', 'required'],
    ])
  return { system: 'toy', executor, contract }
}
