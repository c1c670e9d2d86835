/** A target on a broker that answers as it is told to. */
import { LocalFaults } from '../../machine/local-faults.ts'
import { RocketmqLiveConfig } from '../config.ts'
import { RocketmqTarget } from '../target.ts'
import { FakeBroker, type Handler } from './fake-broker.ts'

export interface Opened {
  readonly broker: FakeBroker
  readonly target: RocketmqTarget
}

export async function openTarget(handlers: readonly [number, Handler][] = [], settled: () => void = () => undefined): Promise<Opened> {
  const broker = await FakeBroker.start(new Map(handlers))
  const done = Promise.resolve()
  const target = new RocketmqTarget({
    hello: {
      system: 'rocketmq',
      contract: 'rocketmq',
      version: '5.5.0',
      client: 'mqproof remoting',
      brokers: ['b1'],
      capabilities: { modes: ['sync'], offsets: true, read: true, commits: true, transactions: 'checked', queuesMax: 8, bytesMax: 1000 },
      claims: [],
      config: {},
    },
    config: RocketmqLiveConfig.parse({}),
    faults: new LocalFaults({ brokers: new Map(), board: null, noDisk: '', noBoard: '' }),
    token: 'abc',
    address: broker.address,
    sdk: null,
    addressOf: () => Promise.resolve(broker.address),
    ready: () => done,
    settle: () => {
      settled()
      return done
    },
    evidence: () => [],
    close: () => done,
  })
  return { broker, target }
}
