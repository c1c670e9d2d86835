/** The configurations, what is claimed of each, and what the contract makes of it; the controls say what their plans do. */
import { describe, expect, it } from 'vitest'
import { rabbitmqContract } from '../../contract/rabbitmq.ts'
import { Plan } from '../../plan/plan.ts'
import { script } from '../../plan/script.ts'
import { CONFIGS, RabbitmqLiveConfig } from './config.ts'
import { attemptOf } from './consumer.ts'
import { RABBITMQ_CONTROLS } from './controls.ts'
import { rabbitmqTarget } from './factory.ts'
import { helloOf } from './hello.ts'
import { withHeartbeat } from './link.ts'

const SERVER = { version: '3.10.8', product: 'RabbitMQ' }

describe('a configuration', () => {
  it('says nothing that is not known, and everything that is left out', () => {
    expect(RabbitmqLiveConfig.safeParse({ queueType: 'lazy' }).success).toBe(false)
    expect(RabbitmqLiveConfig.safeParse({ confirms: false }).success).toBe(false)
    expect(RabbitmqLiveConfig.safeParse({ queues: 1 }).success).toBe(false)
    expect(RabbitmqLiveConfig.parse({})).toEqual({
      queueType: 'classic-v1',
      persistent: true,
      confirms: true,
      prefetch: 256,
      store: 'warm',
    })
  })

  it('of each name is one that the contract understands', () => {
    for (const config of Object.values(CONFIGS)) {
      const hello = helloOf(RabbitmqLiveConfig.parse(config), SERVER)
      expect(hello.client).toMatch(/^amqplib \d+\.\d+\.\d+$/)
      expect(rabbitmqContract(hello.config, new Set()).get('DUR-1')).toBe('required')
    }
  })

  it('names a claim for each guarantee once, with its source', () => {
    for (const config of Object.values(CONFIGS)) {
      const { claims } = helloOf(RabbitmqLiveConfig.parse(config), SERVER)
      expect(new Set(claims.map(({ guarantee }) => guarantee)).size).toBe(claims.length)
      for (const { source } of claims) expect(source).toMatch(/documentation, ".*RAB-\d{3}/)
    }
  })
})

describe('an address', () => {
  it('gets a heartbeat unless it has one', () => {
    expect(withHeartbeat('amqp://guest:guest@127.0.0.1:5672/prod')).toBe('amqp://guest:guest@127.0.0.1:5672/prod?heartbeat=10')
    expect(withHeartbeat('amqps://h/?heartbeat=3')).toBe('amqps://h/?heartbeat=3')
  })

  it('that is none is refused before anything is opened', async () => {
    const machine = { dir: '', spawn: never, disk: never, proxy: never, port: never, close: never }
    const open = (url: string) => rabbitmqTarget.open(RabbitmqLiveConfig.parse({}), { machine, faults: new Set(), url })
    await expect(open('localhost')).rejects.toThrow(/--url: give the broker as amqp:/)
    await expect(open('http://localhost')).rejects.toThrow(/--url/)
    await expect(open('amqp://me:secret@127.0.0.1:1')).rejects.toThrow(/^no RabbitMQ lets us in at 127\.0\.0\.1:1: /)
  })
})

describe('an attempt', () => {
  it('is counted by quorum queues, and elsewhere only known to be a later one', () => {
    expect(attemptOf(false, undefined)).toBe(0)
    expect(attemptOf(true, {})).toBe(1)
    expect(attemptOf(true, { 'x-delivery-count': 3 })).toBe(3)
    expect(attemptOf(false, { 'x-delivery-count': 0 })).toBe(0)
  })
})

describe('the controls', () => {
  const { controls, pending } = RABBITMQ_CONTROLS

  it('have plans that parse, strike while messages are sent, and can be done', () => {
    for (const control of controls) {
      const plan = Plan.parse(control.plan(1))
      expect(RabbitmqLiveConfig.safeParse(control.config).success).toBe(true)
      const lastUs = Math.max(...script(plan).threads.flatMap(({ steps }) => steps.map(({ atUs }) => atUs)))
      for (const fault of plan.faults) {
        expect(rabbitmqTarget.faults).toContain(fault.kind)
        expect(fault.atUs).toBeLessThan(lastUs)
      }
    }
  })

  it('stand once each on the list', () => {
    const rows = [...controls, ...pending].map(({ row }) => row)
    expect(new Set(rows).size).toBe(rows.length)
  })
})

const never = (): Promise<never> => Promise.reject(new Error('nothing may be started'))
