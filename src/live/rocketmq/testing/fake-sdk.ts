/** RocketMQ's client library, as far as it is used, without anything behind it. */
import { pause } from '../../waits.ts'
import type {
  Sdk,
  SdkClient,
  SdkMessage,
  SdkOutgoing,
  SdkProducer,
  SdkProducerOptions,
  SdkPushOptions,
  SdkSimpleConsumer,
  SdkTransaction,
} from '../sdk/module.ts'

const LOOK_MS = 5

class FakeClient implements SdkClient {
  shut = false
  saidGoodbye = false
  readonly rpcClientManager = {
    notifyClientTermination: (): Promise<void> => {
      this.saidGoodbye = true
      return Promise.resolve()
    },
    close: (): void => {
      this.shut = true
    },
  }
  readonly sdk: FakeSdk

  constructor(sdk: FakeSdk) {
    this.sdk = sdk
  }

  startup(): Promise<void> {
    return this.sdk.startup()
  }

  async shutdown(): Promise<void> {
    await this.rpcClientManager.notifyClientTermination()
    this.rpcClientManager.close()
  }
}

class FakeProducer extends FakeClient implements SdkProducer {
  readonly sent: SdkOutgoing[] = []
  readonly options: SdkProducerOptions

  constructor(sdk: FakeSdk, options: SdkProducerOptions) {
    super(sdk)
    this.options = options
    sdk.producers.push(this)
  }

  send(message: SdkOutgoing): Promise<unknown> {
    if (this.sdk.sendError !== null) return Promise.reject(this.sdk.sendError)
    this.sent.push(message)
    return Promise.resolve({})
  }

  beginTransaction(): SdkTransaction {
    const end = (outcome: string) => (): Promise<void> => {
      this.sdk.ended.push(outcome)
      return Promise.reject(new Error('nobody heard it'))
    }
    return { commit: end('commit'), rollback: end('rollback') }
  }
}

class FakeConsumer extends FakeClient implements SdkSimpleConsumer {
  constructor(sdk: FakeSdk) {
    super(sdk)
    sdk.consumers.push(this)
  }

  async receive(): Promise<readonly SdkMessage[]> {
    await pause(LOOK_MS)
    if (this.sdk.receiveErrors-- > 0) throw new Error('no broker')
    return this.sdk.waiting.splice(0)
  }

  ack(): Promise<void> {
    this.sdk.told.push('done')
    return Promise.reject(new Error('nobody heard it'))
  }

  changeInvisibleDuration(_: SdkMessage, invisibleMs: number): Promise<void> {
    this.sdk.told.push(`again after ${invisibleMs} ms`)
    return Promise.resolve()
  }
}

class FakePushConsumer extends FakeClient {
  readonly options: SdkPushOptions

  constructor(sdk: FakeSdk, options: SdkPushOptions) {
    super(sdk)
    this.options = options
    sdk.pushConsumers.push(this)
  }
}

const pushConsumersOf = (sdk: FakeSdk): Sdk['PushConsumer'] =>
  class extends FakePushConsumer {
    constructor(options: SdkPushOptions) {
      super(sdk, options)
    }
  }

const producersOf = (sdk: FakeSdk): Sdk['Producer'] =>
  class extends FakeProducer {
    constructor(options: SdkProducerOptions) {
      super(sdk, options)
    }
  }

const consumersOf = (sdk: FakeSdk): Sdk['SimpleConsumer'] =>
  class extends FakeConsumer {
    constructor() {
      super(sdk)
    }
  }

export class FakeSdk implements Sdk {
  readonly producers: FakeProducer[] = []
  readonly consumers: FakeConsumer[] = []
  readonly pushConsumers: FakePushConsumer[] = []
  readonly waiting: SdkMessage[] = []
  /** What consumers said, and how transactions were ended. */
  readonly told: string[] = []
  readonly ended: string[] = []
  receiveErrors = 0
  sendError: Error | null = null
  readonly Producer = producersOf(this)
  readonly SimpleConsumer = consumersOf(this)
  readonly PushConsumer = pushConsumersOf(this)
  readonly again = { name: 'AGAIN' }
  readonly ConsumeResultSuspend = { of: (): object => this.again }
  readonly ConsumeResult = { SUCCESS: { name: 'SUCCESS' }, FAILURE: { name: 'FAILURE' } }

  startup(): Promise<void> {
    return Promise.resolve()
  }

  arrive(message: SdkMessage): void {
    this.waiting.push(message)
  }
}
