/** Campaigns and controls are tested on brokers in memory, opened like any other target. */
import { z } from 'zod'
import { claimsContract } from '../../../contract/claims.ts'
import type { TargetFactory } from '../../factory.ts'
import { NO_HOOKS } from '../../hooks.ts'
import { Unavailable, type Machine } from '../../machine/machine.ts'
import { Secrets } from '../../secrets.ts'
import { BrokerDown } from '../../target.ts'
import { FakeTarget, type FakeOptions } from '../../testing/fake-target.ts'
import { openSession, type Session, type SessionSettings } from '../session.ts'

const refuse = (): Promise<never> => Promise.reject(new Unavailable('a broker in memory needs no machine'))

export const noMachine: Machine = {
  dir: '',
  spawn: refuse,
  disk: refuse,
  proxy: refuse,
  port: refuse,
  close: () => Promise.resolve(),
}

export interface Opened {
  readonly targets: FakeTarget[]
  closed: number
  /** How many were open at a time. */
  most?: number
}

/** `starts`: how often it comes up; afterwards it does not. */
export function fakeFactory(fake: FakeOptions, opened: Opened = { targets: [], closed: 0 }, starts = Infinity): TargetFactory {
  return {
    id: 'fake',
    title: 'a broker in memory',
    config: z.record(z.string(), z.json()),
    configs: { plain: {} },
    faults: ['processKill', 'gracefulRestart', 'pause'],
    missing: () => Promise.resolve(null),
    intent: () => ({ processes: ['one'], mounts: [], ports: ['none'] }),
    open() {
      if (opened.targets.length >= starts) return Promise.reject(new BrokerDown('the fake broker does not start: its log says nothing'))
      const target = new FakeTarget(fake)
      const close = target.close.bind(target)
      target.close = () => {
        opened.closed++
        return close()
      }
      opened.targets.push(target)
      opened.most = Math.max(opened.most ?? 0, opened.targets.length - opened.closed)
      return Promise.resolve(target)
    },
  }
}

export function openFake(factory: TargetFactory, changed: Partial<SessionSettings> = {}): Promise<Session> {
  return openSession({
    factory,
    config: {},
    faults: new Set(factory.faults),
    hooks: NO_HOOKS,
    secrets: new Secrets(),
    openMachine: () => Promise.resolve(noMachine),
    contractOf: () => claimsContract,
    version: '0',
    drainLimitMs: 1_000,
    ...changed,
  })
}
