/**
 * What is used of RocketMQ's own client library. It is the thing under test, so it is no dependency: the recipe puts it beside the broker,
 * and it is loaded from there.
 */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { InputError } from '../../../plan/input-error.ts'
import { sdkMain, SDK_NAME, SDK_VERSION } from '../recipe.ts'

export interface SdkMessage {
  readonly topic: string
  readonly body: Uint8Array
  readonly properties: ReadonlyMap<string, string>
  /** From 1. */
  readonly deliveryAttempt?: number
}

export interface SdkOutgoing {
  readonly topic: string
  readonly body: Uint8Array
  readonly properties: ReadonlyMap<string, string>
}

export interface SdkClient {
  startup(): Promise<void>
  /** Stops its timers, tells the proxy that it goes, and closes its connections. */
  shutdown(): Promise<void>
  /** What `shutdown` tells the proxy by. */
  readonly rpcClientManager: { notifyClientTermination: () => Promise<unknown>; close: () => void }
}

export interface SdkTransaction {
  commit(): Promise<void>
  rollback(): Promise<void>
}

export interface SdkProducer extends SdkClient {
  send(message: SdkOutgoing, transaction?: SdkTransaction): Promise<unknown>
  beginTransaction(): SdkTransaction
}

export interface SdkSimpleConsumer extends SdkClient {
  receive(countMax: number, invisibleMs: number): Promise<readonly SdkMessage[]>
  ack(message: SdkMessage): Promise<void>
  changeInvisibleDuration(message: SdkMessage, invisibleMs: number): Promise<void>
}

/** One of the two that the library has made. */
export type SdkConsumeResult = object
export interface SdkListener {
  consume(message: SdkMessage): Promise<SdkConsumeResult>
}
export type SdkPushConsumer = SdkClient

interface ClientOptions {
  readonly endpoints: string
  readonly namespace: string
  readonly requestTimeout: number
  readonly logger: Readonly<Record<'debug' | 'info' | 'warn' | 'error', () => void>>
}

export interface SdkProducerOptions extends ClientOptions {
  readonly topics: readonly string[]
  readonly maxAttempts: number
  /** Answers with numbers: their names are not there at run time (RML-026). */
  readonly checker: { check(message: SdkMessage): Promise<number> }
}

export interface SdkConsumerOptions extends ClientOptions {
  readonly consumerGroup: string
  readonly subscriptions: ReadonlyMap<string, string>
  readonly awaitDuration: number
  readonly maxRetryAttempts: number
}

export interface SdkPushOptions extends ClientOptions {
  readonly consumerGroup: string
  readonly subscriptions: ReadonlyMap<string, string>
  readonly messageListener: SdkListener
}

export interface Sdk {
  readonly Producer: new (options: SdkProducerOptions) => SdkProducer
  readonly SimpleConsumer: new (options: SdkConsumerOptions) => SdkSimpleConsumer
  readonly PushConsumer: new (options: SdkPushOptions) => SdkPushConsumer
  /** A message that is to come again after so many milliseconds, and is no longer the client's. */
  readonly ConsumeResultSuspend: { of(afterMs: number): SdkConsumeResult }
  readonly ConsumeResult: { readonly SUCCESS: SdkConsumeResult; readonly FAILURE: SdkConsumeResult }
}

const isSdk = (loaded: unknown): loaded is Sdk =>
  typeof loaded === 'object' &&
  loaded !== null &&
  (['Producer', 'SimpleConsumer', 'PushConsumer', 'ConsumeResult', 'ConsumeResultSuspend'] as const).every(
    (name) => name in loaded && typeof (loaded as Sdk)[name] === 'function',
  )

/** @throws InputError when it is not there, or is something else. */
export function loadSdk(path: string = sdkMain()): Sdk {
  if (!existsSync(path)) throw new InputError(`${SDK_NAME} ${SDK_VERSION} is not here: run "mqproof provision rocketmq"`)
  // It is CommonJS.
  const loaded: unknown = createRequire(path)(path)
  if (isSdk(loaded)) return loaded
  throw new InputError(`${path} is not ${SDK_NAME} ${SDK_VERSION}: remove its folder and run "mqproof provision rocketmq"`)
}
