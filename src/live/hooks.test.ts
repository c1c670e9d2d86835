/** A user's own commands as faults: how they are given, run, and blamed. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Fault } from '../plan/faults.ts'
import { hookedFaults, hooksShown, NO_HOOKS, parseHooks, runHook } from './hooks.ts'
import { BrokerDown, TargetBroken, type FaultActions } from './target.ts'

const root = mkdtempSync(join(tmpdir(), 'hooks-'))
afterAll(() => {
  rmSync(root, { recursive: true, force: true })
})

const logFile = join(root, 'hooks.log')

const kill: Fault = { kind: 'processKill', on: 'b1', atUs: 0, salt: 0, forUs: 1 }

describe('--hook', () => {
  it('takes a fault and a command, and what ends it', () => {
    const hooks = parseHooks(['processKill=docker kill mq', 'start=docker start mq', 'cut=iptables -A x', 'heal=iptables -D x'])
    expect([...hooks.begins]).toEqual([
      ['processKill', 'docker kill mq'],
      ['cut', 'iptables -A x'],
    ])
    expect(hooksShown(hooks)).toMatchObject({ processKill: 'docker kill mq', start: 'docker start mq', heal: 'iptables -D x' })
    expect(hooksShown(NO_HOOKS)).toEqual({})
  })

  it('keeps what stands behind the first "="', () => {
    expect(parseHooks(['gracefulRestart=env A=1 restart']).begins.get('gracefulRestart')).toBe('env A=1 restart')
  })

  it.each([
    [['docker kill mq'], 'a fault and a command'],
    [['processKill='], 'a fault and a command'],
    [['kil=x'], 'no such fault'],
    [['processKill=x'], 'also say how it ends, by --hook start='],
    [['pause=x', 'start=y'], 'by --hook heal='],
    [['start=x', 'start=y'], 'given twice'],
  ])('%j is refused', (texts, reason) => {
    expect(() => parseHooks(texts)).toThrow(reason)
  })
})

describe('a command', () => {
  it('goes through the shell, and is told what it is for', async () => {
    const file = join(root, 'said')
    await runHook({ name: 'processKill', command: `echo "$MQPROOF_FAULT on $MQPROOF_ON" > ${file}`, fault: kill, logFile })
    expect(readFileSync(file, 'utf8')).toBe('processKill on b1\n')
  })

  it('that fails is the fault of who gave it, with what it said', async () => {
    await expect(runHook({ name: 'start', command: 'echo no such container >&2; exit 3', fault: kill, logFile })).rejects.toThrow(
      '--hook start="echo no such container >&2; exit 3": it ended with exit code 3: no such container',
    )
  })

  it('may leave a broker behind, which goes on talking to nobody of ours', async () => {
    const command = 'echo "up soon" >&2; (sleep 0.3; echo "up at last" >&2) &'
    await runHook({ name: 'start', command, fault: kill, logFile })
    expect(process.getActiveResourcesInfo()).not.toContain('PipeWrap')
    await expect.poll(() => readFileSync(logFile, 'utf8')).toContain('up soon\nup at last\n')
  })

  it('that does not end is killed with all its children', async () => {
    const file = join(root, 'late')
    await expect(
      runHook({ name: 'processKill', command: `(sleep 1; touch ${file}) & sleep 5`, fault: kill, logFile, limitMs: 100 }),
    ).rejects.toThrow('had not ended after 0.1 s')
    await new Promise((resolve) => setTimeout(resolve, 1_300))
    expect(existsSync(file)).toBe(false)
  })
})

describe('a target with hooks', () => {
  const said: string[] = []
  const inner: FaultActions = {
    kinds: new Set(['cut']),
    unavailable: new Map([
      ['processKill', 'not ours'],
      ['powerLoss', 'not ours'],
    ]),
    begin: ({ kind }) => (said.push(`begin ${kind}`), Promise.resolve()),
    end: ({ kind }) => (said.push(`end ${kind}`), Promise.resolve()),
  }
  const ready = (): Promise<void> => (said.push('ready'), Promise.resolve())

  it('does what it can, and what the hooks can', async () => {
    const hooked = hookedFaults(inner, parseHooks(['processKill=true', 'start=true']), root, ready)
    expect([...hooked.kinds]).toEqual(['cut', 'processKill'])
    expect([...hooked.unavailable]).toEqual([['powerLoss', 'not ours']])
    const cut: Fault = { kind: 'cut', on: 'b1', peer: 'p1', atUs: 0, salt: 0, forUs: 1, oneWay: false }
    await hooked.begin(cut, () => said.push('effect'))
    await hooked.end(cut)
    await hooked.begin(kill, () => said.push('effect'))
    await hooked.end(kill)
    expect(said).toEqual(['begin cut', 'end cut', 'effect', 'ready'])
  })

  it('has its effect before its command, which strikes while it runs', async () => {
    const hooked = hookedFaults(inner, parseHooks([`processKill=test -e ${join(root, 'effect')}`, 'start=true']), root, ready)
    await hooked.begin(kill, () => writeFileSync(join(root, 'effect'), ''))
    rmSync(join(root, 'effect'))
    await expect(hooked.begin(kill, () => undefined)).rejects.toThrow(TargetBroken)
  })

  it('waits for the broker that a command has started', async () => {
    const answers = [new BrokerDown('not yet'), new BrokerDown('not yet')]
    const notYet = (): Promise<void> => {
      const answer = answers.pop()
      return answer === undefined ? Promise.resolve() : Promise.reject(answer)
    }
    await hookedFaults(inner, parseHooks(['processKill=true', 'start=true']), root, notYet).end(kill)
    expect(answers).toEqual([])
  })

  it('excuses silence no longer than a fault lasts', async () => {
    const excuses: string[] = []
    const elsewhere = (phase: 'begin' | 'end'): void => void excuses.push(phase)
    const hooked = hookedFaults({ ...inner, elsewhere }, parseHooks(['clockJump=true', 'processKill=true', 'start=true']), root, ready)
    await hooked.begin({ kind: 'clockJump', on: 'b1', atUs: 0, salt: 0, byUs: 1 }, () => undefined)
    expect(excuses).toEqual(['begin', 'end'])
    await hooked.begin(kill, () => undefined)
    expect(excuses).toEqual(['begin', 'end', 'begin'])
    await hooked.end(kill)
    expect(excuses).toEqual(['begin', 'end', 'begin', 'end'])
  })

  it('without any is the target itself', () => {
    expect(hookedFaults(inner, NO_HOOKS, root, ready)).toBe(inner)
  })
})
