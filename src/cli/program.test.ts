/** The command line from the outside: exit codes, one line of complaint, documents that match their schemas. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ControlsDocument, MutantsDocument, RunDocument, ShrinkDocument } from '../report/document.ts'
import type { FailureResult } from '../report/document.ts'
import { VERSION } from '../version.ts'
import { CommandLine, toyRegistry } from './testing/command-line.ts'

const COMMANDS = ['run', 'replay', 'shrink', 'scenario', 'check', 'controls', 'doctor', 'provision', 'mutants', 'explain', 'list']

const line = new CommandLine()

const documentFrom = async (command: string, code: number): Promise<RunDocument> => {
  const ran = await line.run(command)
  expect(ran.err).toBe('')
  expect(ran.code).toBe(code)
  return RunDocument.parse(JSON.parse(ran.out))
}

const aFailure = async (): Promise<FailureResult> => {
  const { failures } = await documentFrom('run --preset many-faults --runs 60 --seed 1 --mutant forgetful --out kept --json', 1)
  const [first] = failures
  if (first === undefined) throw new Error('the toy did not fail')
  return first
}

describe('help', () => {
  it('shows every command, and examples', async () => {
    const { code, out, err } = await line.run('--help')
    expect(code).toBe(0)
    expect(err).toBe('')
    for (const name of COMMANDS) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'))
    expect(out).toContain('Examples:')
  })

  it.each(COMMANDS)('of %s has examples and --json', async (name) => {
    const { code, out } = await line.run(`${name} --help`)
    expect(code).toBe(0)
    expect(out).toContain('Examples:')
    expect(out).toContain('--json')
  })

  it('shows no command that is not there', async () => {
    const { out } = await line.run('--help')
    expect(out).not.toMatch(/explore/)
  })

  it('and the version', async () => {
    expect((await line.run('--version')).out).toBe(`${VERSION}\n`)
  })
})

describe('a mistake', () => {
  const MISTAKES: readonly (readonly [string, RegExp])[] = [
    ['runn', /unknown command 'runn'.*Did you mean/],
    ['run --sead 7', /unknown option '--sead'.*Did you mean --seed/],
    ['run --runs many', /--runs many: a whole number from 1/],
    ['run --time 10', /--time 10: a duration with its unit/],
    ['run --preset asinc', /unknown preset "asinc": did you mean async/],
    ['run --system kafka', /unknown system "kafka"/],
    ['run --only DUR-99', /unknown guarantee "DUR-99": did you mean DUR/],
    ['run --mutant forgetfull', /unknown mutant "forgetfull": did you mean forgetful\?/],
    ['run --run 3', /say which by --seed/],
    ['run --run 3 --seed 1 --runs 5', /leave out --runs and --time/],
    ['run --cluster none.json', /none\.json: there is no such file/],
    ['replay none.json', /none\.json: there is no such file/],
    ['replay', /missing required argument 'plan'/],
    ['check none.jsonl', /none\.jsonl: there is no such file/],
    ['scenario none.scenario', /none\.scenario: there is no such file/],
    ['scenario rty-1-a-clock-that-jumps-ahed', /no such scenario: did you mean rty-1-a-clock-that-jumps-ahead/],
    ['replay RTY-99', /RTY-99: there is no such file, and no such scenario/],
    ['explain DUR-99', /unknown guarantee "DUR-99"/],
    ['list', /say of what: guarantees, mutants, presets, targets, faults, scenarios/],
    ['list gaurantees', /unknown list "gaurantees": did you mean guarantees/],
    ['explain KAF-1', /KAF-1 \(Committed records and groups\) is in the catalogue and not checked yet/],
    ['run --only AMQ-1', /AMQ-1 .* is in the catalogue and not checked yet/],
    ['mutants --only nothing-near-it', /unknown mutant "nothing-near-it"/],
  ]

  it.each(MISTAKES)('%s: exit code 2 and one line', async (command, complaint) => {
    const { code, out, err } = await line.run(command)
    expect(code).toBe(2)
    expect(out).toBe('')
    expect(err).toMatch(complaint)
    expect(err).toMatch(/^mqproof: [^\n]*\n$/)
  })

  it.each([
    ['not.json', 'no json', /not\.json: not a JSON document/],
    ['plan.json', '{"format": "mqproof-plan/9"}', /plan\.json: format is /],
    ['story.scenario', 'nonsense', /story\.scenario/],
  ])('in %s is named with its place', async (name, text, complaint) => {
    writeFileSync(line.path(name), text)
    const { code, err } = await line.run(`replay ${name}`)
    expect(code).toBe(2)
    expect(err).toMatch(complaint)
    expect(err).not.toContain('    at ')
  })

  it('of our own is exit code 3, with a stack for who asks', async () => {
    const broken = new CommandLine({
      ...toyRegistry,
      subjectOf: () => {
        throw new Error('boom')
      },
    })
    const plain = await broken.run('run --runs 1')
    expect(plain.code).toBe(3)
    expect(plain.err).toBe('mqproof: internal error: boom\nSet MQPROOF_DEBUG=1 to see where.\n')
    expect((await broken.run('run --runs 1', { env: { MQPROOF_DEBUG: '1' } })).err).toContain('    at ')
  })
})

describe('run', () => {
  it('is upheld on a sound broker', async () => {
    const document = await documentFrom('run --runs 20 --seed 7 --json', 0)
    expect(document).toMatchObject({ command: 'run', seed: '7', runs: 20, failures: [] })
    expect(document.guarantees.find((one) => one.id === 'ORD-1')?.verdict).toBe('upheld')
  })

  it('draws the same runs from the same seed', async () => {
    const [one, two, other] = await Promise.all(['7', '7', '8'].map((seed) => documentFrom(`run --runs 10 --seed ${seed} --json`, 0)))
    expect(one?.traceHash).toBe(two?.traceHash)
    expect(one?.traceHash).not.toBe(other?.traceHash)
  })

  it('is inconclusive when nothing could have failed', async () => {
    const { code, out } = await line.run('run --runs 5 --seed 1 --only DUR-1')
    expect(out).toContain('not exercised')
    expect(code).toBe(3)
  })

  it('keeps what fails, and says how to see it again', async () => {
    const { code, out } = await line.run('run --preset many-faults --runs 60 --seed 1 --mutant forgetful')
    expect(code).toBe(1)
    expect(out).toMatch(/DUR-1 +violated/)
    expect(out).toMatch(/See it again: npx mqproof replay \.mqproof\/failures\/DUR-1-[0-9a-f]{8} --trace/)
  })

  it('writes JUnit beside JSON', async () => {
    await documentFrom('run --runs 5 --seed 1 --json --junit reports/junit.xml', 0)
    expect(readFileSync(line.path('reports/junit.xml'), 'utf8')).toContain('<testsuite name="mqproof run"')
  })

  it('that is interrupted prints how far it got, and exits with 130', async () => {
    const stopped = new AbortController()
    stopped.abort()
    const { code, out, err } = await line.run('run --time 1h --seed 1 --json', { signal: stopped.signal })
    expect(code).toBe(130)
    expect(err).toContain('Interrupted')
    expect(RunDocument.parse(JSON.parse(out)).runs).toBe(0)
  })

  it('repeats one run of a campaign', async () => {
    const failure = await aFailure()
    const again = `run --preset many-faults --seed 1 --run ${failure.run} --mutant forgetful --out again --json`
    const { failures } = await documentFrom(again, 1)
    expect(failures[0]).toMatchObject({ run: failure.run, traceHash: failure.traceHash })
  })
})

describe('a kept failure', () => {
  it('is replayed', async () => {
    const { dir, traceHash } = await aFailure()
    expect(readdirSync(dir).sort()).toEqual(['history.jsonl', 'original.json', 'plan.json', 'story.scenario', 'verdict.json'])
    expect(await documentFrom(`replay ${dir} --json`, 1)).toMatchObject({ command: 'replay', replay: 'reproduced', traceHash })
    expect((await line.run(`replay ${dir} --trace`)).out).toMatch(/DUR-1 violated: .*\n[^]*Reproduced: DUR-1/)
  })

  it('is gone without the planted bug', async () => {
    const { dir } = await aFailure()
    expect(await documentFrom(`replay ${dir} --without-mutant --json`, 0)).toMatchObject({ replay: 'gone' })
  })

  it('says where another trace differs', async () => {
    const { dir } = await aFailure()
    const plan = readFileSync(`${dir}/plan.json`, 'utf8')
    writeFileSync(line.path('edited.json'), plan.replace(/"traceHash": "\w+"/, '"traceHash": "00000000"'))
    const { code, out } = await line.run('replay edited.json')
    expect(code).toBe(1)
    expect(out).toContain('Violated again, but on another trace')
  })

  it('is shrunk from its first plan', async () => {
    const { dir, operations } = await aFailure()
    const { code, out } = await line.run(`shrink ${dir}/original.json --json`)
    expect(code).toBe(1)
    const document = ShrinkDocument.parse(JSON.parse(out))
    expect(document.failure?.operations).toBe(operations)
    expect(document.from.operations).toBeGreaterThanOrEqual(operations)
  })

  it('has a history that check judges by a contract file', async () => {
    const { dir } = await aFailure()
    expect(await documentFrom(`check ${dir}/history.jsonl --json`, 1)).toMatchObject({
      command: 'check',
      failures: [{ guarantee: 'DUR-1' }],
    })
    const excused = [{ anomaly: 'lost', faults: ['powerLoss'], reason: 'we said so' }]
    const contract = { format: 'mqproof-contract/1', guarantees: { 'DUR-1': { excused } } }
    writeFileSync(line.path('contract.json'), JSON.stringify(contract))
    const document = await documentFrom(`check ${dir}/history.jsonl --contract contract.json --json`, 0)
    expect(document.guarantees.find((one) => one.id === 'DUR-1')).toMatchObject({ verdict: 'allowed', excused: 1 })
  })

  it('of a system that nobody knows needs a contract', async () => {
    const { dir } = await aFailure()
    const history = readFileSync(`${dir}/history.jsonl`, 'utf8')
    writeFileSync(line.path('foreign.jsonl'), history.replace('"system":"toy"', '"system":"foreign"'))
    const { code, err } = await line.run('check foreign.jsonl')
    expect(code).toBe(2)
    expect(err).toContain('foreign.jsonl:1: system: there is no contract for "foreign": say what it promises by --contract FILE')
  })
})

describe('the proof that it can fail', () => {
  it('finds planted bugs', async () => {
    const { code, out } = await line.run('mutants --seeds 2 --json')
    expect(code).toBe(0)
    expect(MutantsDocument.parse(JSON.parse(out)).mutants).toMatchObject([{ id: 'forgetful', killed: true, blackBox: true }])
  })

  it('and says which controls did not do what they must', async () => {
    const { code, out, err } = await line.run('controls --only DUR-1 --json')
    expect(ControlsDocument.parse(JSON.parse(out)).controls.map((one) => one.control)).toEqual(['holds', 'breaks', 'breaks'])
    // The toy is never at risk, so neither of its controls can succeed.
    expect(code).toBe(1)
    expect(err).toContain('DUR-1 breaks: NOT SO')
  })
})

describe('the catalogue', () => {
  it('is explained', async () => {
    expect((await line.run('explain dur-1')).out).toContain('DUR-1: ')
    expect(JSON.parse((await line.run('explain DUR-1 --json')).out)).toMatchObject({ id: 'DUR-1' })
  })

  it('is explained by family', async () => {
    expect((await line.run('explain rty')).out).toMatch(/RTY-1 [^]*RTY-2 [^]*mqproof explain RTY-1/)
    expect(JSON.parse((await line.run('explain RTY --json')).out)).toMatchObject({
      family: 'RTY',
      guarantees: expect.arrayContaining([expect.objectContaining({ id: 'RTY-1' })]) as unknown,
    })
  })

  it.each([
    ['RMQ-038', /ASYNC_FLUSH[^]*spec\/facts\/rocketmq\.md[^]*excuses: [^\n]*async-tail/],
    ['rml-036', /Fault: power loss[^]*guarantees: [^\n]*DUR-1/],
    ['powerloss', /A fault\. The machine is gone/],
    ['forgetful', /A planted bug: Forgets what it has just acknowledged\. DUR-1 has to find it\./],
    ['faultless', /mqproof run --preset faultless/],
    ['dispatchforcedonly', /Of a RocketMQ configuration: Consumers see only forced records/],
    ['forceAttempts', /1000 attempts of 1 ms each.* When left out: 10/],
  ])('says what %s is', async (word, meaning) => {
    expect((await line.run(`explain ${word}`)).out.replace(/\s+/g, ' ')).toMatch(meaning)
    expect(Object.values(JSON.parse((await line.run(`explain ${word} --json`)).out) as object)[0]).toMatch(new RegExp(word, 'i'))
  })

  it.each(['guarantees', 'mutants', 'presets', 'faults', 'scenarios'])('lists %s', async (what) => {
    const { code, out } = await line.run(`list ${what} --json`)
    expect(code).toBe(0)
    const document = JSON.parse(out) as Record<string, { id: string; title: string }[]>
    for (const { id, title } of document[what] ?? [{ id: '', title: '' }]) expect([id, title]).not.toContain('')
    expect((await line.run(`list ${what}`)).out.split('\n').length).toBeGreaterThan(1)
  })
})

describe('a story that ships', () => {
  // The toy plays them, for what is asked is which they are.
  const named = new CommandLine({ ...toyRegistry, systems: ['toy', 'rocketmq'] })
  const filesOf = async (names: string): Promise<string[]> => {
    const { out } = await named.run(`scenario ${names} --json`)
    return (JSON.parse(out) as { scenarios: { file: string }[] }).scenarios.map(({ file }) => file.replace(/^.*\//, ''))
  }
  const STORY = 'rty-1-a-clock-that-jumps-ahead'

  it.each([STORY, `${STORY}.scenario`, `scenarios/${STORY}.scenario`])('is found as %s', async (name) => {
    expect(await filesOf(name)).toEqual([`${STORY}.scenario`])
    expect((await named.run(`replay ${name} --trace`)).err).toBe('')
  })

  it('is found by its guarantee, once', async () => {
    const files = await filesOf(`${STORY} rty-1`)
    expect(files[0]).toBe(`${STORY}.scenario`)
    expect(files.length).toBeGreaterThan(1)
    expect(new Set(files).size).toBe(files.length)
  })

  it('is passed over for a file of the same name', async () => {
    writeFileSync(named.path(`${STORY}.scenario`), 'mine')
    expect((await named.run(`scenario ${STORY}.scenario`)).err).toContain(`${STORY}.scenario:1: expected a line "----"`)
  })
})

describe('the tour', () => {
  it('upholds, finds, tells, replays, and says what is next', async () => {
    const { code, out } = await line.run('')
    expect(out).toContain('Planted: forgetful')
    expect(out).toContain('reproduced, by the same trace')
    expect(out).toContain('What to type next')
    expect(code).toBe(0)
  })
})
