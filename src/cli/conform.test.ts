/** `mqproof conform` from the command line: what is refused, what is shown without starting anything, and rounds on small brokers. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { ConformDocument, DryRunDocument } from '../report/conform-document.ts'
import { RunDocument, ShrinkDocument } from '../report/document.ts'
import { fakeFactory, type Opened } from '../live/conform/testing/fake.ts'
import type { TargetFactory } from '../live/factory.ts'
import { livePlan, load } from '../live/testing/live-plan.ts'
import { registry } from './registry.ts'
import { CommandLine } from './testing/command-line.ts'

const path = (name: string): string => fileURLToPath(new URL(`../live/stdio/${name}`, import.meta.url))
const queue = `stdio:"python3 ${path('examples/queue.py')}"`
/** One with a defect or a misbehaviour. */
const small = (what: string): string =>
  `stdio:"${process.execPath} --import ${import.meta.resolve('tsx')} ${path('broken/main.ts')} ${what}"`

const line = new CommandLine(registry)
const leftovers = (): string[] => (existsSync(line.path('.mqproof/live')) ? readdirSync(line.path('.mqproof/live')) : [])
afterAll(() => {
  expect(leftovers()).toEqual([])
})

writeFileSync(line.path('broken.mjs'), 'export default { id: "mine" }')
writeFileSync(line.path('typo.mjs'), 'export default {')
writeFileSync(
  line.path('mine.mjs'),
  `export default {
    id: 'mine', title: 'a module of mine', configs: { one: {} }, faults: ['pause'],
    config: { safeParse: (data) => ({ success: true, data }) },
    missing: async () => 'run "make me"', intent: () => ({ processes: ['mine'], mounts: [], ports: [] }), open: async () => { throw new Error('not called') },
  }`,
)
writeFileSync(line.path('config.json'), '{ "flushDiskType": "ASYNC" }')
writeFileSync(line.path('known.json'), '{ "format": "mqproof-known/1", "failures": [{ "guarantee": "DUR-1" }] }')

describe('what is refused', () => {
  it.each([
    ['conform referense', 'unknown target "referense": did you mean reference'],
    ['conform stdio:', 'no command: name the adapter'],
    ['conform ./nowhere.js', 'there is no such file'],
    ['conform ./broken.mjs', 'its default export is no target'],
    ['conform ./typo.mjs', 'could not be loaded'],
    ['conform --config asyn', 'unknown configuration of reference "asyn": did you mean async'],
    ['conform --config config.json', 'config.json: flushDiskType'],
    ['conform --config {"x":1}', '--config: not a JSON document'],
    ['conform --faults loss', 'is that powerLoss or diskLoss?'],
    ['conform --faults explosion', 'unknown fault "explosion"'],
    ['conform --hook processKill=x --hook start=y', 'say where it is by --url'],
    ['conform --run 3', 'say which by --seed'],
    ['conform --run 3 --seed 1 --runs 2', 'leave out --runs'],
    ['conform --known known.json', 'known.json: failures[0].reason'],
    ['conform --only DUR-77', 'DUR-77'],
    ['conform --controls', 'it has no controls'],
    ['conform --check-adapter', 'no command: name the adapter'],
  ])('%s', async (command, reason) => {
    const { code, out, err } = await line.run(command)
    expect(err).toContain(reason)
    expect(err.trim().split('\n')).toHaveLength(1)
    expect({ code, out }).toEqual({ code: 2, out: '' })
  })

  it('a target of which something must be installed', async () => {
    const { code, err } = await line.run('conform ./mine.mjs')
    expect(code).toBe(3)
    expect(err).toBe('mqproof: mine: run "make me"\n')
  })
})

describe('a dry run', () => {
  it('says what would be started, and starts nothing', async () => {
    const { code, out } = await line.run('conform --dry-run --faults kill,pause --runs 3')
    expect(code).toBe(0)
    expect(out).toContain('Faults that would be asked for:\n  processKill, pause\n')
    expect(out).toContain('Nothing was started.')
  })

  it('leaves out what can not be done, and says why', async () => {
    const sdk = (await line.run('conform rocketmq --config sdk --dry-run --json')).out
    const { faults, unavailable } = DryRunDocument.parse(JSON.parse(sdk))
    expect(faults).toEqual(['processKill', 'gracefulRestart', 'diskLoss', 'pause'])
    expect(unavailable['powerLoss']).toContain('through the proxy')
    expect(unavailable['cut']).toContain('not through one of ours')
    const { out } = await line.run('conform rabbitmq --url amqp://mq --faults kill,cut --hook processKill=x --hook start=y --dry-run')
    expect(out).toContain('Faults that would be asked for:\n  processKill\n')
    expect(out).toContain('Faults that would not be done:\n  cut: the broker is yours')
    expect((await line.run('conform rabbitmq --faults netLoss --dry-run')).out).toContain(
      'asked for: none\nFaults that would not be done:\n  netLoss: rabbitmq never has it',
    )
  })

  it('is a document, of a module of one’s own too', async () => {
    const { code, out } = await line.run('conform ./mine.mjs --dry-run --json')
    expect(code).toBe(0)
    expect(DryRunDocument.parse(JSON.parse(out))).toMatchObject({
      missing: 'run "make me"',
      processes: ['mine'],
      rounds: 20,
      faults: ['pause'],
    })
  })
})

describe('a module that leaves a timer running', () => {
  it('does not keep the process', () => {
    const path = line.path('restless.mjs')
    writeFileSync(path, `setInterval(() => {}, 1000)\n${readFileSync(line.path('mine.mjs'), 'utf8')}`)
    const main = fileURLToPath(new URL('./main.ts', import.meta.url))
    const args = ['--import', import.meta.resolve('tsx'), main, 'conform', path, '--dry-run', '--json']
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000, killSignal: 'SIGKILL' })
    expect(status).toBe(0)
    expect(DryRunDocument.parse(JSON.parse(stdout))).toMatchObject({ processes: ['mine'] })
  })
})

describe('the list of targets', () => {
  it('has what each can do, and what it lacks', async () => {
    const { out } = await line.run('list targets --json')
    const { targets } = JSON.parse(out) as { targets: { id: string; missing: string; faults: string[] }[] }
    expect(targets[0]).toMatchObject({ id: 'reference', missing: '' })
    expect(targets.map(({ id }) => id)).toEqual(registry.targets.map(({ id }) => id))
  })
})

describe('rounds', () => {
  it('on an adapter are a document', async () => {
    const { code, out, err } = await line.run(`conform ${queue} --runs 1 --seed 1 --faults pause --json --junit report.xml`)
    expect(code, err).toBe(0)
    const document = ConformDocument.parse(JSON.parse(out))
    expect(document).toMatchObject({ runs: 1, seed: '1', broken: '', manifest: { broker: 'queue-py' } })
    expect(document.counts.acked).toBeGreaterThan(100)
    expect(readFileSync(line.path('report.xml'), 'utf8')).toContain('<testsuite name="mqproof conform"')
  })

  it('on one that breaks its protocol prove nothing, in JUnit too', async () => {
    const { code, out, err } = await line.run(`conform ${small('prints-garbage')} --runs 3 --seed 3 --junit broken.xml`)
    expect(code).toBe(3)
    expect(out.match(/was it meant for stderr\?/g)).toHaveLength(1)
    expect(err).not.toContain('no failures')
    expect(out).not.toContain('violated  ')
    expect(readFileSync(line.path('broken.xml'), 'utf8')).toMatch(/<error message="unknown: /)
  })

  it('on one that fails at its hello are a document all the same', async () => {
    const refuses = line.path('refuses.py')
    writeFileSync(refuses, `import sys\nprint('{"id":1,"type":"fail","status":"no route to mq"}', flush=True)\nsys.stdin.read()\n`)
    const { code, out, err } = await line.run(`conform stdio:"python3 ${refuses}" --runs 2 --json --junit refused.xml`)
    expect(code, err).toBe(3)
    expect(ConformDocument.parse(JSON.parse(out))).toMatchObject({
      runs: 0,
      downs: [{ run: 1, message: expect.stringContaining('no route') as string }],
    })
    expect(readFileSync(line.path('refused.xml'), 'utf8')).toContain('no route to mq')
  })

  it('on one that can not be started could not be run', async () => {
    const { code, err } = await line.run('conform stdio:"no-such-program" --runs 1')
    expect(code).toBe(3)
    expect(err).not.toMatch(/internal error/)
  })
})

describe('a password', () => {
  const fake = fakeFactory({ quirks: { losesEvery: 50 } })
  const open: TargetFactory['open'] = async (config, site) => {
    const target = await fake.open(config, site)
    const log = onFake.path('broker.log')
    writeFileSync(log, `started for ${site.url}\n`)
    const faults = { ...target.faults, unavailable: new Map([['powerLoss', `${site.url} is not ours`] as const]) }
    return Object.assign(target, { faults, evidence: () => [log] })
  }
  const onFake = new CommandLine({ ...registry, targets: [{ ...fake, open }] })
  writeFileSync(onFake.path('secret.json'), '{ "user": "app", "password": "hunter2" }')

  it('is in nothing that is kept or shown', async () => {
    const { code, out, err } = await onFake.run(
      'conform fake --url amqp://app:correcthorse@mq --config secret.json --runs 1 --seed 1 --drain 1s --json',
    )
    expect(code, err).toBe(1)
    const kept = readdirSync(onFake.cwd, { recursive: true, encoding: 'utf8' }).filter((name) => name.startsWith('.mqproof/failures/'))
    const texts = kept.flatMap((name) => (statSync(onFake.path(name)).isFile() ? [readFileSync(onFake.path(name), 'utf8')] : []))
    expect(texts).toContain('started for amqp://app:***@mq\n')
    for (const text of [...texts, out, err]) expect(text).not.toMatch(/hunter2|correcthorse/)
    const [dir] = kept.filter((name) => name.endsWith('/plan.json')).map((name) => name.slice(0, -'/plan.json'.length))
    expect((await onFake.run(`replay ${dir} --target fake`)).err).toContain('held a password, which was not kept: say it again by --config')
  })
})

describe('a failure of a real broker', () => {
  const opened: Opened = { targets: [], closed: 0 }
  const fake = fakeFactory({ quirks: { losesEvery: 50 } }, opened)
  const configs: unknown[] = []
  const open: TargetFactory['open'] = (config, site) => {
    configs.push(config)
    return fake.open(config, site)
  }
  const onFake = new CommandLine({ ...registry, targets: [{ ...fake, open }] })
  const plan = { ...livePlan({ workload: [load(100)] }), expect: { guarantee: 'ALO-1', traceHash: '' } }
  mkdirSync(onFake.path('dir'))
  writeFileSync(onFake.path('dir/plan.json'), JSON.stringify(plan))
  writeFileSync(onFake.path('dir/manifest.json'), '{ "target": "fake", "configuration": { "flush": "sync" } }')

  it('is not for the simulation', async () => {
    for (const command of ['replay dir', 'shrink dir']) {
      const { code, err } = await onFake.run(command)
      expect(err).toContain('a failure of a real broker (fake): say on what to run it by --target')
      expect(code).toBe(2)
    }
  })

  it('is replayed with how often it shows', async () => {
    const { code, out, err } = await onFake.run('replay dir --target fake --times 2 --drain 1s --json')
    expect(code, err).toBe(1)
    expect(RunDocument.parse(JSON.parse(out))).toMatchObject({ replay: 'reproduced', reproduced: { times: 2, of: 2 } })
    expect((await onFake.run('replay dir --target fake --times 1 --drain 1s')).out).toContain('Reproduced 1 of 1 time.')
  })

  it('is run with the configuration that it was seen with, unless another is named', async () => {
    configs.length = 0
    await onFake.run('replay dir --target fake --times 1 --drain 1s')
    await onFake.run('replay dir --target fake --times 1 --drain 1s --config plain')
    expect(configs).toEqual([{ flush: 'sync' }, {}])
  })

  it.each([
    ['replay dir/plan.json --target fake', 'name it by --config'],
    ['shrink dir/plan.json --target fake', 'name it by --config'],
    ['replay bare --target fake', 'bare/manifest.json: there is no such file'],
    ['replay odd --target fake', 'odd/manifest.json: configuration'],
  ])('is not run with just any: %s', async (command, reason) => {
    for (const dir of ['bare', 'odd']) {
      mkdirSync(onFake.path(dir), { recursive: true })
      writeFileSync(onFake.path(`${dir}/plan.json`), JSON.stringify(plan))
    }
    writeFileSync(onFake.path('odd/manifest.json'), '{}')
    const { code, err } = await onFake.run(command)
    expect(err).toContain(reason)
    expect(code).toBe(2)
  })

  it('is shrunk by running each candidate, and kept with how often it shows', async () => {
    const { code, out, err } = await onFake.run('shrink dir --target fake --times 1 --time 3s --drain 1s --json')
    expect(code, err).toBe(1)
    const { failure, reproduced, from } = ShrinkDocument.parse(JSON.parse(out))
    expect(from).toEqual({ operations: 100, faults: 0 })
    expect(reproduced).toMatchObject({ of: 1 })
    expect(readdirSync(failure?.dir ?? '')).toContain('manifest.json')
    expect(opened.closed).toBe(opened.targets.length)
  })

  it('may be gone', async () => {
    writeFileSync(onFake.path('sound.json'), JSON.stringify({ ...livePlan({ workload: [load(10)] }), expect: plan.expect }))
    const { code, out } = await onFake.run('shrink sound.json --target fake --config plain --times 1 --drain 1s')
    expect(code).toBe(0)
    expect(out).toContain('Reproduced 0 of 1 time. There is nothing to shrink.')
  })
})
