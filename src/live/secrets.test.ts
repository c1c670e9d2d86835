/** Whatever a user puts a password into, it is hidden wherever it could come out again. */
import { describe, expect, it } from 'vitest'
import { isHidden, Secrets } from './secrets.ts'

describe('a secret', () => {
  it.each([
    ['amqp://app:hunter2secret@mq:5672/v', 'amqp://app:***@mq:5672/v'],
    ['amqp://app:a/b@mq', 'amqp://app:***@mq'],
    ['nats://longtoken@mq', 'nats://***@mq'],
    ['PGPASSWORD=ab docker kill mq', 'PGPASSWORD=*** docker kill mq'],
    ['mq --admin-password "p4ss" stop', 'mq --admin-password "***" stop'],
    ['https://mq/api?token=abc&x=1', 'https://mq/api?token=***&x=1'],
  ])('is hidden in %s', (text, shown) => {
    expect(new Secrets().hide(text)).toBe(shown)
  })

  it.each(['127.0.0.1:10911', 'http://localhost:15672/api', 'mail me at a@b', 'the password was wrong'])('is not seen in %s', (text) => {
    expect(new Secrets(text).hide(text)).toBe(text)
  })

  it('is known again where somebody repeats it, decoded or not', () => {
    const secrets = new Secrets('amqp://app:s%40crets@mq', { password: 'another', tls: { keyPassphrase: 4711_0815 } })
    expect(secrets.hide('login app/s@crets refused; s%40crets, another, 47110815')).toBe('login app/*** refused; ***, ***, ***')
    expect(secrets.any).toBe(true)
    expect(new Secrets('amqp://mq', { host: 'mq' }, undefined).any).toBe(false)
  })

  it('is hidden in data by the name of its field, and what holds one can not be used again', () => {
    const hidden = new Secrets().hideIn({ host: 'mq', auth: { user: 'app', passwd: 'x' }, tokens: 3, apiKey: 'k', list: ['amqp://a:b@c'] })
    expect(hidden).toEqual({ host: 'mq', auth: { user: 'app', passwd: '***' }, tokens: 3, apiKey: '***', list: ['amqp://a:***@c'] })
    expect([isHidden(hidden), isHidden({ host: 'mq' })]).toEqual([true, false])
  })
})
