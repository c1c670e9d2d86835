/** What the README and the help show is what there is: every command works, the transcript is a real one, the tables are complete. */
import { cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EXIT } from '../src/cli/io.ts'
import { registry } from '../src/cli/registry.ts'
import { CommandLine, type Ran } from '../src/cli/testing/command-line.ts'
import { VERDICTS } from '../src/contract/contract.ts'
import { removeFolder, runProgram, temporaryFolder } from './built.ts'
import { read, ROOT } from './repository.ts'
import { commandNames, shownCommands } from './shown-commands.ts'

const line = new CommandLine(registry)
const KEPT = '.mqproof/failures'

/**
 * What is run in place of what is shown: file names for placeholders, a part where the whole would take long, a fixed seed where each
 * run would draw its own.
 */
const INSTEAD: readonly (readonly [RegExp, string])[] = [
  [/\bDIR\b/, `${KEPT}/DUR-1-1a2b3c4d`],
  [/\bPLAN\.json\b/, 'plan.json'],
  [/\bHISTORY\.jsonl\b/, 'history.jsonl'],
  [/--time \S+/, '--time 500ms'],
  [/--runs \d+/, '--runs 30'],
  // A broker that is not there on every machine.
  [/^conform (?=rocketmq|rabbitmq)(?!.*--dry-run)(.*)$/, 'conform $1 --dry-run'],
  // A round on a real broker takes seconds.
  [/^conform (.*)--runs 30/, 'conform $1--runs 1'],
  [/^conform(?!.*--(?:runs|dry-run|check-adapter))/, 'conform --runs 1'],
  [/^conform(?!.*--(?:seed|dry-run|check-adapter))/, 'conform --seed 1'],
  // Which round breaks something depends on how much else the machine has to do.
  [/^conform (?=.*broken)(.*?)--runs 1\b/, 'conform $1--runs 5 --bail'],
  [/\bmy_adapter\.py\b/, join(ROOT, 'src/live/stdio/examples/queue.py')],
  [/\bnode node_modules\/mqproof\/dist\/(\S+)\.js\b/, `node --import ${import.meta.resolve('tsx')} ${join(ROOT, 'src')}/$1.ts`],
  [/^run(?!.*--(?:runs|time|run)\b)/, 'run --runs 30'],
  [/^run(?!.*--seed)/, 'run --seed 1'],
  [/^controls.*?(--json)?$/, 'controls --only DUR-2 $1'],
  [/^mutants(?!.*--only)/, 'mutants --only half-visible'],
  // Nothing is installed by a test.
  [/^provision (?!.*--dry-run)(.*)$/, 'provision $1 --dry-run'],
  [/^scenario(?!.*(?:\.scenario|-\d))/, 'scenario my-story.scenario'],
]
const bounded = (command: string): string =>
  INSTEAD.reduce((text, [shown, run]) => text.replace(shown, run), command.replace(/^mqproof /, ''))

/** The files that the examples name: a failure, its parts, a story, a contract. */
function prepare(): void {
  const [found] = readdirSync(line.path(KEPT)).filter((name) => name.startsWith('DUR-1-'))
  if (found === undefined) throw new Error('the tour kept no failure')
  const failure = line.path(`${KEPT}/${found}`)
  cpSync(failure, line.path(`${KEPT}/DUR-1-1a2b3c4d`), { recursive: true })
  for (const name of ['plan.json', 'history.jsonl', 'story.scenario']) cpSync(join(failure, name), line.path(name))
  cpSync(join(ROOT, 'scenarios/dur-1-sync-flush-survives-power-loss.scenario'), line.path('my-story.scenario'))
  writeFileSync(line.path('known.json'), '{ "format": "mqproof-known/1", "failures": [] }')
  writeFileSync(line.path('my-broker.json'), '{ "format": "mqproof-contract/1", "guarantees": { "DUR-1": "required" } }')
}

/** The files above are of a failure; without its planted bug it is gone, and everything else does what it must. */
function codeOf(command: string): number {
  if (command.includes('--without-mutant')) return EXIT.upheld
  return /^(?:replay|shrink|check|run .*--mutant|conform .*broken)/.test(command) ? EXIT.violated : EXIT.upheld
}

function expectSound(command: string, { code, out, err }: Ran): void {
  expect(`${out}\n${err}`).not.toMatch(/internal error|^\s+at .*:\d+:\d+/m)
  expect(code, `${command}\n${err}`).toBe(codeOf(command))
  if (command.includes('--json')) expect(() => JSON.parse(out) as unknown).not.toThrow()
}

const readme = read('README.md')
const TRANSCRIPT = /(?<=<!-- transcript -->\n```\n)(.*?)(?=```\n<!-- \/transcript -->)/s
const firstColumn = (heading: string): string[] =>
  [...(readme.split(`| ${heading} |`)[1]?.split('\n\n')[0] ?? '').matchAll(/^\| (?!-)`?([^|`]+?)`? \|/gm)].map((match) => match[1] ?? '')

let tour: Ran
beforeAll(async () => {
  tour = await line.run('')
  prepare()
}, 120_000)
afterAll(() => removeFolder(line.cwd))

describe('the tour', () => {
  it('ends well', () => {
    expect(tour.code, tour.err).toBe(EXIT.upheld)
  })

  it('is what the README shows; UPDATE=1 rewrites it', () => {
    const story = `${tour.out.slice(tour.out.indexOf('Would it notice a bug?'), tour.out.indexOf('Replayed from its plan')).trim()}\n`
    if (process.env['UPDATE'] !== undefined)
      writeFileSync(
        join(ROOT, 'README.md'),
        readme.replace(TRANSCRIPT, () => story),
      )
    expect(TRANSCRIPT.exec(read('README.md'))?.[0]).toBe(story)
    expect(story).toContain('DUR-1 violated')
  })

  it('ends with a replay', () => {
    expect(tour.out).toMatch(/Replayed from its plan: reproduced, by the same trace/)
  })

  it('proposes commands that work', async () => {
    const proposed = [...tour.out.matchAll(/^ {2}npx mqproof (\S.*?) {2,}/gm)].map((match) => bounded(match[1] ?? ''))
    expect(proposed.length).toBeGreaterThan(3)
    for (const command of proposed) expectSound(command, await line.run(command))
  })
})

const shown = await shownCommands(line)

describe('a command that is shown', () => {
  /** What commands printed: many that are shown are the same one once they are bounded. */
  const once = new Map<string, Ran>()
  const own = shown.filter(({ command }) => command.startsWith('mqproof '))

  it('is found by this test', async () => {
    const used = new Set(own.map(({ command }) => command.split(' ')[1]))
    expect(used).toEqual(new Set(commandNames((await line.run('--help')).out)))
    expect(own.length).toBeGreaterThan(25)
  })

  it.each(own)('works: $command ($where)', async ({ command }) => {
    const run = bounded(command)
    const ran = once.get(run) ?? (await line.run(run))
    once.set(run, ran)
    expectSound(run, ran)
  })

  it.each(shown.filter(({ command }) => !command.startsWith('mqproof ')))('exists: $command ($where)', ({ command }) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const [verb = '', name = ''] = command.replace(/^npm |^npx vitest /, '').split(' ')
    if (command.startsWith('npx vitest')) expect(existsSync(join(ROOT, name)), name).toBe(true)
    else if (verb !== 'ci' && verb !== 'install') expect(Object.keys(scripts)).toContain(verb === 'run' ? name : verb)
  })
})

describe('the README', () => {
  it('lists the commands', async () => {
    const { out } = await line.run('--help')
    expect(firstColumn('command').map((one) => one.split(' ')[1])).toEqual(commandNames(out))
  })

  it('lists the exit codes and the verdicts', () => {
    expect(firstColumn('code')).toEqual(Object.values(EXIT).map(String))
    expect(firstColumn('verdict')).toEqual([...VERDICTS])
  })

  it('says what a failure directory holds', () => {
    const [files] = /A failure's directory holds.*?\n\n/s.exec(readme) ?? ['']
    const named = [...files.matchAll(/`([a-z]+\.[a-z]+)`/g)].map((match) => match[1] ?? '')
    expect(new Set(named)).toEqual(new Set(readdirSync(line.path(`${KEPT}/DUR-1-1a2b3c4d`))))
  })

  it('shows a library example that runs, and that the library shows too', () => {
    const code = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? ''
    expect(read('src/index.ts').replace(/^ \* ?/gm, '')).toContain(code)
    const folder = temporaryFolder()
    const file = join(folder, 'example.mts')
    writeFileSync(file, code.replace("'mqproof'", JSON.stringify(pathToFileURL(join(ROOT, 'src/index.ts')).href)))
    const said = runProgram(process.execPath, ['--import', 'tsx', file], ROOT)
    removeFolder(folder)
    expect(said).toMatch(/^DUR-1 (?:upheld|allowed)/m)
    expect(said).not.toContain('violated')
  })
})
