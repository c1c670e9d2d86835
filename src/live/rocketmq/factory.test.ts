/** What can be said of the target without starting it: its configurations, what it would start, and its controls. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rocketmqContract, settingOf } from '../../contract/rocketmq.ts'
import { InputError, parseWith } from '../../plan/input-error.ts'
import { Plan } from '../../plan/plan.ts'
import type { Machine } from '../machine/machine.ts'
import { contractConfig, RocketmqLiveConfig } from './config.ts'
import { ROCKETMQ_CONTROLS } from './controls.ts'
import { emptyStore, rocketmqTarget } from './factory.ts'
import { Link } from './link.ts'
import { brokerProperties, propertiesText, proxySettings } from './properties.ts'
import { masterPort, slaveIsThere } from './remoting/admin.ts'
import { REQUEST } from './remoting/codes.ts'
import { FakeBroker } from './testing/fake-broker.ts'

const facts = readFileSync(new URL('../../../spec/facts/rocketmq-live.md', import.meta.url), 'utf8')
/** A row of the control table, or a fact outside of it. */
const isFact = (row: string): boolean => facts.includes(`| ${row} |`) || facts.includes(`**${row}**`)

describe('a configuration', () => {
  it('has what the contract decides by', () => {
    for (const config of Object.values(rocketmqTarget.configs)) {
      const parsed = parseWith(rocketmqTarget.config, config, 'it')
      expect(settingOf(contractConfig(parsed))).toMatchObject({
        flushDiskType: parsed.flushDiskType,
        disk: 'ext4',
        flushThoroughUs: 10_000_000,
      })
    }
  })

  it('refuses what it does not know', () => {
    expect(() => parseWith(rocketmqTarget.config, { flush: 'SYNC_FLUSH' }, 'it')).toThrow(InputError)
    expect(() => parseWith(rocketmqTarget.config, { transactions: { timeoutMs: 0 } }, 'it')).toThrow(/transactions\.timeoutMs/)
  })

  it("becomes the broker's file", () => {
    const config = RocketmqLiveConfig.parse({ flushDiskType: 'SYNC_FLUSH', syncFlushTimeoutMs: 2000 })
    const text = propertiesText(brokerProperties(config, { port: 5000, nameserverPort: 6000, storeDir: '/d/store' }))
    for (const line of [
      'flushDiskType=SYNC_FLUSH',
      'syncFlushTimeout=2000',
      'listenPort=5000',
      'haListenPort=5003',
      'bindAddress=127.0.0.1',
      'namesrvAddr=127.0.0.1:6000',
      'storePathCommitLog=/d/store/commitlog',
    ])
      expect(text.split('\n')).toContain(line)
  })
})

describe('a slave', () => {
  const config = RocketmqLiveConfig.parse({ slave: { role: 'SYNC_MASTER', inSyncReplicas: 2 } })
  const places = { port: 5000, nameserverPort: 6000, storeDir: '/d/store' }

  it('has a file without its master’s address, and waits for none when it has taken that one’s place', () => {
    expect(brokerProperties(config, places)).toMatchObject({ brokerId: 0, brokerRole: 'SYNC_MASTER', inSyncReplicas: 2 })
    const slave = brokerProperties(config, places, 'slave')
    expect(slave).toMatchObject({ brokerId: 1, brokerRole: 'SLAVE', slaveReadEnable: true })
    expect(slave).not.toHaveProperty('haMasterAddress')
    const promoted = brokerProperties(config, places, 'promoted')
    expect(promoted).toMatchObject({ brokerId: 0, brokerRole: 'ASYNC_MASTER' })
    expect(promoted).not.toHaveProperty('inSyncReplicas')
  })

  it('is what the contract goes by when the disk of its master is lost', () => {
    const setting = settingOf(contractConfig(config))
    expect(setting).toMatchObject({ brokerRole: 'SYNC_MASTER', copies: 2, slaveTakesOver: true })
    const lost = {
      guarantee: 'DUR-1',
      name: 'lost',
      summary: '',
      t: -1,
      facts: { broker: 'b1', lastCrash: 'diskLoss' },
      events: [],
    } as const
    const run = { effective: new Set(['diskLoss'] as const), faults: [{ kind: 'diskLoss', on: 'b1', t: 1 }] as const, brokers: ['b1'] }
    const judge = (input: typeof config): unknown => {
      const term = rocketmqContract(contractConfig(input), run.effective).get('DUR-1')
      return typeof term === 'object' && 'excuses' in term ? (term.excuses(lost, run)?.reason ?? null) : null
    }
    expect(judge(config)).toBeNull()
    expect(judge(RocketmqLiveConfig.parse({ slave: { role: 'SYNC_MASTER' } }))).toMatch(/nobody waited for/)
    expect(judge(RocketmqLiveConfig.parse({}))).toMatch(/loses everything on it/)
  })

  it('is said before it is started', () => {
    const { processes, ports } = rocketmqTarget.intent(config, new Set())
    expect(processes.filter((process) => process.includes('BrokerStartup'))).toHaveLength(2)
    expect(ports.join()).toContain('its slave')
  })

  it.each([
    ['nobody', [], false],
    ['one that is behind', [{ slaveAckOffset: 99 }], false],
    ['one that has all', [{ slaveAckOffset: 100 }], true],
    ['one that has more', [{ slaveAckOffset: 101 }], true],
  ])('is there when its master knows it, and it lacks nothing: %s', async (_who, haConnectionInfo, there) => {
    const body = Buffer.from(JSON.stringify({ masterCommitLogMaxOffset: 100, haConnectionInfo }))
    const broker = await FakeBroker.start(new Map([[REQUEST.haStatus, () => ({ body })]]))
    const link = new Link({ address: broker.address, connectMs: 1000 })
    try {
      expect(await slaveIsThere(await link.open(), 1000)).toBe(there)
    } finally {
      link.destroy()
      await broker.close()
    }
  })
})

describe('what would be started', () => {
  it('has no disk and no proxies of ours before the proxy of RocketMQ', () => {
    const { mounts, processes, ports } = rocketmqTarget.intent(RocketmqLiveConfig.parse({ client: 'sdk' }), new Set(['powerLoss', 'cut']))
    expect(mounts).toEqual([])
    expect(processes.some((process) => process.includes('ProxyStartup'))).toBe(true)
    expect(ports.some((port) => port.includes('a proxy for each client'))).toBe(false)
  })

  it('has a disk image and proxies only where faults need them', () => {
    const config = RocketmqLiveConfig.parse({})
    expect(rocketmqTarget.intent(config, new Set(['processKill'])).mounts).toEqual([])
    const whole = rocketmqTarget.intent(config, new Set(['powerLoss', 'cut']))
    expect(whole.mounts).toHaveLength(1)
    expect(whole.ports.some((port) => port.includes('proxy'))).toBe(true)
  })

  it.each(['127.0.0.1', 'http://host/path', '127.0.0.1:port'])('is nothing at the URL %s', async (url) => {
    const machine = {} as Machine
    const opening = rocketmqTarget.open(RocketmqLiveConfig.parse({}), { machine, faults: new Set(), url })
    await expect(opening).rejects.toThrow(InputError)
  })
})

describe("RocketMQ's library", () => {
  it('speaks to a proxy of ours, so that a URL means nothing to it', async () => {
    const config = RocketmqLiveConfig.parse({ client: 'sdk' })
    const opening = rocketmqTarget.open(config, { machine: {} as Machine, faults: new Set(), url: '127.0.0.1:10911' })
    await expect(opening).rejects.toThrow(/proxy/)
  })

  it('is passed checks by a proxy that announces it at once', () => {
    const settings: unknown = JSON.parse(proxySettings({ nameserverPort: 1, grpcPort: 2, remotingPort: 3 }))
    expect(settings).toMatchObject({ namesrvAddr: '127.0.0.1:1', grpcServerPort: 2, transactionHeartbeatPeriodSecond: 1 })
  })
})

describe('a lost disk', () => {
  it('leaves topics and groups, and neither messages nor progress', async () => {
    const store = mkdtempSync(join(tmpdir(), 'mqproof-store-'))
    try {
      mkdirSync(join(store, 'config'))
      mkdirSync(join(store, 'commitlog'))
      for (const name of ['config/topics.json', 'config/consumerOffset.json', 'commitlog/0']) writeFileSync(join(store, name), name)
      await emptyStore(store)
      expect(readdirSync(store, { recursive: true }).sort()).toEqual(['config', 'config/topics.json'])
      expect(readFileSync(join(store, 'config/topics.json'), 'utf8')).toBe('config/topics.json')
      await emptyStore(store, join(store, 'slave'))
      expect(readdirSync(store, { recursive: true }).sort()).toEqual(['slave', 'slave/config', 'slave/config/topics.json'])
    } finally {
      rmSync(store, { recursive: true })
    }
  })
})

describe('the controls', () => {
  it('are rows of the sheet, each once, and none is left out', () => {
    const rows = ROCKETMQ_CONTROLS.controls.map(({ row }) => row)
    expect(rows.filter((row) => !isFact(row))).toEqual([])
    expect(new Set(rows).size).toBe(rows.length)
    const table = facts.slice(facts.indexOf('## 8. Control table'), facts.indexOf('## 9.'))
    expect([...table.matchAll(/^\| (RML-\d+) \|/gm)].map(([, row]) => row).filter((row) => !rows.includes(row ?? ''))).toEqual([])
  })

  it('are plans, of one configuration with their broker, and another one in each round', () => {
    for (const { plan, config, row } of ROCKETMQ_CONTROLS.controls) {
      const first = parseWith(Plan, plan(1), row)
      expect(first.cluster.config).toEqual(contractConfig(parseWith(rocketmqTarget.config, config, row)))
      expect(plan(2).workload).not.toEqual(first.workload)
    }
  })

  it('strike nothing that the target can not', () => {
    const clients = new Set(['p1', 'c1', 'c2'])
    const struck = ROCKETMQ_CONTROLS.controls.flatMap(({ plan }) => plan(1).faults.filter((fault) => !clients.has(fault.on)))
    expect(struck.filter(({ kind }) => !rocketmqTarget.faults.includes(kind))).toEqual([])
  })
})

describe('a controller', () => {
  it('has two replicas to choose from, which begin as slaves and lose no disk', () => {
    const config = RocketmqLiveConfig.parse({ controller: { allAck: true, minInSyncReplicas: 2 } })
    const places = { port: 5000, nameserverPort: 6000, controllerPort: 7000, storeDir: '/d/store' }
    expect(brokerProperties(config, places)).toMatchObject({
      brokerId: -1,
      brokerRole: 'SLAVE',
      enableControllerMode: true,
      controllerAddr: '127.0.0.1:7000',
      allAckInSyncStateSet: true,
      minInSyncReplicas: 2,
    })
    const { processes, mounts, unavailable } = rocketmqTarget.intent(config, new Set(['powerLoss', 'cut']))
    expect(processes.join()).toMatch(/controller.*twice/)
    expect(mounts).toEqual([])
    expect([...(unavailable?.keys() ?? [])]).toEqual(expect.arrayContaining(['powerLoss', 'diskLoss', 'cut']))
  })

  it.each([
    [{ slave: { role: 'ASYNC_MASTER' } }, /slave/],
    [{ client: 'sdk' }, /client/],
  ])('goes with no slave and no library: %o', (more, field) => {
    expect(() => parseWith(rocketmqTarget.config, { controller: {}, ...more }, 'it')).toThrow(field)
  })

  it.each([
    ['nobody', {}, null],
    ['one of two', { '0': '127.0.0.1:5000', '2': '127.0.0.1:5010' }, 5000],
    ['none of them', { '1': '127.0.0.1:5000', '2': '127.0.0.1:5010' }, null],
  ])('has made its NameServer say who is master: %s', async (_who, brokerAddrs, port) => {
    const body = Buffer.from(JSON.stringify({ brokerDatas: [{ brokerName: 'b1', brokerAddrs }] }))
    const broker = await FakeBroker.start(new Map([[REQUEST.routeOfTopic, () => ({ body })]]))
    const link = new Link({ address: broker.address, connectMs: 1000 })
    try {
      expect(await masterPort(await link.open(), 'T', 'b1', 1000)).toBe(port)
    } finally {
      link.destroy()
      await broker.close()
    }
  })
})
