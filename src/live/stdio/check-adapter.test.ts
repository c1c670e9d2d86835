/** `--check-adapter` finds nothing wrong with what is right, and what is wrong with what is not. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DEADLINES } from './adapter.ts'
import { checkAdapter } from './check-adapter.ts'
import { showAdapterReport, type AdapterReport, type Finding } from './check/report.ts'
import { openBench } from './testing/bench.ts'
import { openPrograms, PYTHON_EXAMPLE } from './testing/programs.ts'

const { logTs, queuePy, queueTs, small } = openPrograms()

async function check(command: readonly string[], answerMs = 800): Promise<AdapterReport> {
  const machine = openBench()
  try {
    return await checkAdapter(command, { machine, deadlines: { ...DEADLINES, answerMs } })
  } finally {
    await machine.close()
  }
}

/** The example in Python with one thing changed. */
async function spoiled(...changes: readonly (readonly [string, string])[]): Promise<AdapterReport> {
  const machine = openBench()
  const file = join(machine.dir, 'spoiled.py')
  let text = readFileSync(PYTHON_EXAMPLE, 'utf8')
  for (const [from, to] of changes) {
    expect(text).toContain(from)
    text = text.replace(from, to)
  }
  writeFileSync(file, text)
  try {
    return await checkAdapter(['python3', file], { machine, deadlines: { ...DEADLINES, answerMs: 800 } })
  } finally {
    await machine.close()
  }
}

const texts = (report: AdapterReport, level: Finding['level']): string[] =>
  report.findings.filter((one) => one.level === level).map(({ step, message }) => `${step}: ${message}`)

describe.concurrent('an adapter that is right', () => {
  it.each([
    ['queue.py', queuePy],
    ['queue.ts', queueTs],
    ['log.ts', logTs],
    ['the small broker', small('sound')],
  ])('%s', async (_name, command) => {
    const report = await check(command, 2000)
    expect(texts(report, 'error')).toEqual([])
    expect(report.ok).toBe(true)
    const costs = texts(report, 'warning').filter((text) => !text.startsWith('hello: no "'))
    expect(costs).toEqual([])
    expect(texts(report, 'ok').join('\n')).toContain('what a dead consumer held is given to the next one')
    expect(showAdapterReport(report)).toContain('It speaks the protocol')
  })
})

describe.concurrent('an adapter that is wrong', () => {
  it.each<[string, readonly (readonly [string, string])[], RegExp]>([
    [
      'prints what belongs to stderr',
      [['for line in sys.stdin:', 'print("ready", flush=True)\nfor line in sys.stdin:']],
      /line 1 of its stdout, ready: .*stderr/,
    ],
    ['forgets the offset', [['return {"queue": queue, "offset": offset}', 'return {"queue": queue}']], /lacks "offset"/],
    [
      'changes payloads',
      [['"payload": request["payload"], "attempt"', '"payload": request["payload"].upper(), "attempt"']],
      /a payload came that was not sent/,
    ],
    [
      'does not deliver again',
      [['if not request["done"]:', 'if False:']],
      /settled with "done": false, and the message did not come again/,
    ],
    [
      'keeps what a dead consumer held',
      [['for message in reversed(consumer["unsettled"].values()):', 'for message in []:']],
      /never came to c3/,
    ],
    [
      'takes away by reading',
      [['for offset, payload in enumerate(payloads)]', 'for offset, payload in enumerate(payloads[:1])]']],
      /acknowledged messages are not there/,
    ],
    [
      'delivers to one group only',
      [['for group in groups.values():\n        if', 'for group in list(groups.values())[:1]:\n        if']],
      /the second group was given nothing/,
    ],
  ])('%s', async (_name, changes, says) => {
    const report = await spoiled(...changes)
    expect(report.ok).toBe(false)
    expect(texts(report, 'error').join('\n')).toMatch(says)
    expect(showAdapterReport(report)).toContain('ERROR')
  })

  it('serves nobody after a restart', async () => {
    const report = await check(small('goes-deaf'))
    expect(texts(report, 'error')).toContainEqual(expect.stringMatching(/^processKill: what was sent after its end never came/))
  })

  it.each([
    ['says nothing to hello', 'input(); input()', /request 1 \(hello\) was not answered within 0.4 s.*flush stdout/],
    ['ends before it has said hello', 'raise SystemExit(4)', /ended by itself before it answered hello \(exit code 4\)/],
    ['closes its stdout', 'import os, time; os.close(1); time.sleep(9)', /closed its stdout and went on running/],
    [
      'fails at hello',
      'print(\'{"id":1,"type":"fail","status":"no route to mq"}\', flush=True); input()',
      /^broker: the adapter did not come up: no route to mq/,
    ],
  ])('%s', async (_name, program, says) => {
    const machine = openBench()
    try {
      const deadlines = { ...DEADLINES, startMs: program === 'input(); input()' ? 400 : 8_000 }
      const report = await checkAdapter(['python3', '-c', program], { machine, deadlines })
      expect(texts(report, 'error')).toEqual([expect.stringMatching(says)])
    } finally {
      await machine.close()
    }
  })

  it('is warned of a misspelt field, with the line', async () => {
    const report = await spoiled(['"capabilities": {"queues": 8, "offsets"', '"capabilities": {"queue": 8, "offsets"'])
    expect(texts(report, 'warning').join('\n')).toMatch(/line 1, .*"capabilities.queue": the protocol has no such field/)
    expect(report.ok).toBe(true)
  })
})
