/** The bridge over real child processes: the good examples, what a kill does, and every way to break the protocol. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { claimsContract } from '../../contract/claims.ts'
import type { Fault } from '../../plan/faults.ts'
import { BrokerDown, TargetBroken, type Consumer, type Delivery, type Producer } from '../target.ts'
import { DEADLINES, type Deadlines } from './adapter.ts'
import { StdioTarget } from './bridge.ts'
import { MISBEHAVIOURS } from './broken/misbehaviours.ts'
import { openBench } from './testing/bench.ts'
import { openPrograms } from './testing/programs.ts'

const { logTs, queuePy, queueTs, small } = openPrograms()

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

async function open(command: readonly string[], deadlines: Partial<Deadlines> = {}): Promise<StdioTarget> {
  const machine = openBench()
  opened.push(() => machine.close())
  const target = await StdioTarget.open({ machine, command, deadlines: { ...DEADLINES, ...deadlines } })
  opened.push(() => target.close())
  return target
}

interface Stage {
  readonly producer: Producer
  readonly consumer: Consumer
  readonly seen: string[]
}

async function stage(target: StdioTarget, settles: (delivery: Delivery) => boolean = () => true): Promise<Stage> {
  const topics = [{ topic: 'T', queues: 2 }]
  await target.setUp(topics, [{ group: 'g', topics: ['T'] }])
  const producer = await target.openProducer('p1', { check: () => 'commit' })
  const seen: string[] = []
  const consumer = await target.openConsumer(
    { name: 'c1', group: 'g', topics, members: ['c1'] },
    {
      delivered(delivery) {
        seen.push(`${delivery.queue}@${delivery.offset} ${Buffer.from(delivery.payload).toString()} #${delivery.attempt}`)
        void delivery.settle(settles(delivery)).catch(() => undefined)
      },
      assigned: () => undefined,
      committed: () => undefined,
    },
  )
  return { producer, consumer, seen }
}

const message = (text: string, queue: number | null = 0): Parameters<Producer['send']>[0] => ({
  topic: 'T',
  queue,
  payload: Buffer.from(text),
  mode: 'sync',
})
const kill: Fault = { kind: 'processKill', on: 'b1', atUs: 0, salt: 0, forUs: 1000 }

it('what the user configured is for the adapter alone: histories do not carry it', async () => {
  const machine = openBench()
  opened.push(() => machine.close())
  const target = await StdioTarget.open({ machine, command: queuePy, config: { password: 'hunter2' } })
  opened.push(() => target.close())
  expect(JSON.stringify(target.hello)).not.toContain('hunter2')
})

describe.each([
  ['queue.py', queuePy],
  ['queue.ts', queueTs],
  ['log.ts', logTs],
  ['the small broker', small('sound')],
])('%s', (_name, command) => {
  it('sends, delivers, delivers again what failed, and reads', async () => {
    const target = await open(command)
    const { producer, seen } = await stage(target, ({ attempt }) => attempt > 0)
    expect(await producer.send(message('one'))).toMatchObject({ type: 'ok', shown: { queue: 0, offset: 0, broker: 'b1' } })
    expect(await producer.send(message('two "quoted" \\ ü', 1))).toMatchObject({ type: 'ok', shown: { queue: 1, offset: 0 } })
    await expect.poll(() => seen.length).toBe(4)
    expect(seen.sort()).toEqual(['0@0 one #0', '0@0 one #1', '1@0 two "quoted" \\ ü #0', '1@0 two "quoted" \\ ü #1'])
    const reading = await target.read?.('T', 1)
    expect(reading).toEqual({ min: 0, max: 1, messages: [{ offset: 0, payload: Buffer.from('two "quoted" \\ ü') }] })
  })

  it('gives what a dead consumer held to the next one', async () => {
    const target = await open(command)
    const held: Stage = await stage(target)
    held.consumer.abort()
    await held.producer.send(message('for later'))
    const again = await stage(target)
    await expect.poll(() => again.seen).toEqual(['0@0 for later #0'])
  })
})

describe('a kill of the broker', () => {
  it('leaves what was acknowledged by a durable one, and its clients go on', async () => {
    const target = await open(small('sound'))
    const { producer, seen } = await stage(target)
    for (const text of ['one', 'two']) expect((await producer.send(message(text))).type).toBe('ok')
    let struck = 0
    await target.faults.begin(kill, () => struck++)
    expect(struck).toBe(1)
    expect(await producer.send(message('nobody is there'))).toEqual({ type: 'fail', status: 'the broker is down' })
    await target.faults.end(kill)
    expect(await producer.send(message('three'))).toMatchObject({ type: 'ok', shown: { offset: 2 } })
    await expect.poll(() => seen.at(-1)).toBe('0@2 three #0')
    expect((await target.read?.('T', 0))?.max).toBe(3)
  })

  it('does nothing to one that is down, and a fault that never began has no end', async () => {
    const target = await open(queuePy)
    let struck = 0
    const second = { ...kill, atUs: 1 }
    await target.faults.end(kill)
    await target.faults.begin(kill, () => struck++)
    await target.faults.begin(second, () => struck++)
    await target.faults.end(kill)
    await target.faults.end(second)
    expect(struck).toBe(1)
    await target.ready()
    await stage(target)
  })

  it('makes the silence of a paused one an info', async () => {
    const target = await open(queuePy, { answerMs: 300 })
    const { producer, seen } = await stage(target)
    const pause: Fault = { ...kill, kind: 'pause' }
    await target.faults.begin(pause, () => undefined)
    expect(await producer.send(message('who hears it'))).toEqual({ type: 'info', status: 'no answer within 0.3 s' })
    await target.faults.end(pause)
    await expect.poll(() => seen).toEqual(['0@0 who hears it #0'])
    expect((await producer.send(message('again'))).type).toBe('ok')
  })

  it('is not what a restart in good order is: the adapter may take its time', async () => {
    const hello = '{"id":1,"type":"ok","protocol":1,"system":"s","embedded":true}'
    const slow = [
      'import os, signal, sys, time',
      'def stop(*_): time.sleep(0.3); open(os.environ["MQPROOF_DATA"] + "/stopped", "w"); sys.exit(0)',
      'signal.signal(signal.SIGTERM, stop)',
      `for line in sys.stdin: print('${hello}', flush=True)`,
    ].join('\n')
    const target = await open(['python3', '-c', slow])
    const told: string[] = []
    await target.faults.begin({ ...kill, kind: 'gracefulRestart' }, (also) => told.push(also ?? 'effect'))
    expect(existsSync(join(target.adapter.dataDir, 'stopped'))).toBe(true)
    expect(told).toEqual(['effect'])
  })

  it('is a broker that is down when it does not come back', async () => {
    const once = 'import os,sys;p=os.environ["MQPROOF_DATA"]+"/once"\nif os.path.exists(p): sys.exit("no space left")\nopen(p,"w")\n'
    const echo = 'for l in sys.stdin: print(\'{"id":1,"type":"ok","protocol":1,"system":"s","embedded":true}\',flush=True)'
    const target = await open(['python3', '-c', once + echo])
    await target.faults.begin(kill, () => undefined)
    await expect(target.faults.end(kill)).rejects.toThrow(BrokerDown)
  })
})

describe("a fault of the adapter's own", () => {
  it('says what else it became, at its beginning or its end', async () => {
    const answers = [
      '{"id":1,"type":"ok","protocol":1,"system":"s","faults":["forceFails"],"brokers":["b1"]}',
      '{"id":2,"type":"ok"}',
      '{"id":3,"type":"ok","also":["powerLoss"]}',
    ]
    const target = await open(['python3', '-c', `for answer in ${JSON.stringify(answers)}: input(); print(answer, flush=True)\ninput()`])
    const effects: string[] = []
    const fault: Fault = { kind: 'forceFails', on: 'b1', atUs: 0, salt: 0, forUs: 1000 }
    await target.faults.begin(fault, (also) => effects.push(also ?? 'effect'))
    await target.faults.end(fault)
    expect(effects).toEqual(['effect', 'powerLoss'])
  })

  it('that has no end explains no silence after it', async () => {
    const answers = [
      '{"id":1,"type":"ok","protocol":1,"system":"s","faults":["clockJump"],"brokers":["b1"]}',
      '{"id":2,"type":"ok"}',
      '{"id":3,"type":"ok"}',
    ]
    const script = `import sys\nfor answer in ${JSON.stringify(answers)}: input(); print(answer, flush=True)\ninput(); input()`
    const target = await open(['python3', '-c', script], { answerMs: 200, graceMs: 50 })
    let effects = 0
    await target.faults.begin({ kind: 'clockJump', on: 'b1', atUs: 0, salt: 0, byUs: 1 }, () => effects++)
    expect(effects).toBe(1)
    await target.createTopic({ topic: 'T', queues: 1 })
    await new Promise((resolve) => setTimeout(resolve, 60))
    await expect(target.createTopic({ topic: 'U', queues: 1 })).rejects.toThrow(TargetBroken)
  })
})

describe('a fault by somebody else', () => {
  it('makes silence an info, until some time after its end', async () => {
    const target = await open(small('answers-late'), { answerMs: 200, graceMs: 100 })
    const { producer } = await stage(target)
    for (let n = 1; n < 40; n++) await producer.send(message(`m${n}`))
    target.faults.elsewhere?.('begin')
    expect(await producer.send(message('m40'))).toEqual({ type: 'info', status: 'no answer within 0.2 s' })
    target.faults.elsewhere?.('end')
    expect((await producer.send(message('m41'))).type).toBe('ok')
  })

  it('is over once the adapter says that it is ready', async () => {
    const hello = '{"id":1,"type":"ok","protocol":1,"system":"s","capabilities":{"ready":true}}'
    const target = await open([
      'python3',
      '-c',
      `print('${hello}', flush=True); input(); input(); print('{"id":2,"type":"fail","status":"no route"}', flush=True); input()`,
    ])
    await expect(target.ready()).rejects.toThrow('the adapter says that the broker is not ready: no route')
  })
})

describe('an adapter that misbehaves', () => {
  it.each(MISBEHAVIOURS)('$title: is told so, and nothing hangs', async ({ id, says }) => {
    const target = await open(small(id), { answerMs: 800 })
    const { producer } = await stage(target)
    const sends = async (): Promise<void> => {
      for (let n = 0; n < 60; n++) await producer.send(message(`m${n}`))
    }
    await expect(sends()).rejects.toThrow(TargetBroken)
    await expect(producer.send(message('once more'))).rejects.toThrow(says)
  })

  it('at its start: what it printed, or how it ended, is said', async () => {
    await expect(open(['python3', '-c', 'import sys; sys.exit("no module named pika")'])).rejects.toThrow(
      /exit code 1.*no module named pika/,
    )
    await expect(open(['python3', '-c', 'print("Listening on 5672", flush=True); input()'])).rejects.toThrow(/line 1 .*meant for stderr/)
    const claim = '{"id":1,"type":"ok","protocol":1,"system":"s","claims":[{"guarantee":"DUR1"}]}'
    await expect(open(['python3', '-c', `print('${claim}', flush=True); input()`])).rejects.toThrow(/"DUR1": one of ORD-1/)
    const one = '{"guarantee":"DUR-1","promised":true}'
    const twice = `{"id":1,"type":"ok","protocol":1,"system":"s","claims":[${one},${one}]}`
    await expect(open(['python3', '-c', `print('${twice}', flush=True); input()`])).rejects.toThrow(/two claims about DUR-1/)
    await expect(open(['python3', '-c', 'import time; time.sleep(60)'], { startMs: 300 })).rejects.toThrow(
      /hello.* was not answered within 0.3 s/,
    )
  })
})

describe('the contract of an adapter', () => {
  const config = { claims: [{ guarantee: 'DUR-1', promised: true, except: ['processKill'], source: 'the manual' }] }
  it('requires what is not mentioned, and single delivery only of quiet runs', () => {
    const quiet = claimsContract(config, new Set())
    expect([quiet.get('DUR-1'), quiet.get('ALO-1'), quiet.get('ALO-5')]).toEqual(['required', 'required', 'required'])
    const killed = claimsContract(config, new Set(['processKill']))
    expect([killed.get('ALO-1'), killed.get('ALO-5')]).toEqual([
      'required',
      { notApplicable: 'a fault took effect, and delivery is at least once' },
    ])
  })

  it('excuses what is claimed not to hold, after such a fault of a broker', () => {
    const term = claimsContract(config, new Set(['processKill'])).get('DUR-1')
    const anomaly = { guarantee: 'DUR-1', name: 'lost', summary: '', t: -1, facts: {}, events: [] } as const
    const run = (on: string): Parameters<Extract<typeof term, { excuses: unknown }>['excuses']>[1] => ({
      effective: new Set(['processKill']),
      faults: [{ kind: 'processKill', on, t: 5 }],
      brokers: ['b1'],
    })
    if (typeof term !== 'object' || !('excuses' in term)) throw new Error('no excuse')
    expect(term.excuses(anomaly, run('b1'))?.reason).toBe('not promised under processKill: the manual')
    expect(term.excuses(anomaly, run('p1'))).toBeNull()
  })
})
