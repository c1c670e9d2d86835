/** Which policy decides (RMQ-143). */
import { describe, expect, it } from 'vitest'
import { deniedTo, permits, type AccessPolicy, type Wish } from './access.ts'

const send: Wish = { kind: 'topic', name: 'orders', action: 'Pub' }
const policy = (resource: string, decision: 'ALLOW' | 'DENY', more: Partial<AccessPolicy> = {}): AccessPolicy => ({
  resource,
  actions: ['Pub'],
  decision,
  ...more,
})
const decided = (...policies: AccessPolicy[]): boolean => permits(policies, send, '10.0.0.1')

describe('policies', () => {
  it('deny what none of them speaks of', () => {
    expect(decided()).toBe(false)
    expect(decided(policy('topic:bills', 'ALLOW'))).toBe(false)
    expect(decided(policy('group:orders', 'ALLOW'))).toBe(false)
    expect(decided(policy('topic:orders', 'ALLOW', { actions: ['Sub'] }))).toBe(false)
    expect(decided(policy('topic:orders', 'ALLOW', { actions: ['All'] }))).toBe(true)
  })

  it('win by what is most specific, in whatever order they are written', () => {
    const ladder = ['any', 'topic:*', 'topic:or*', 'topic:order*', 'topic:orders']
    for (const [k, wide] of ladder.entries()) {
      for (const narrow of ladder.slice(k + 1)) {
        expect(decided(policy(wide, 'DENY'), policy(narrow, 'ALLOW'))).toBe(true)
        expect(decided(policy(narrow, 'DENY'), policy(wide, 'ALLOW'))).toBe(false)
      }
    }
  })

  it('allow where two that are alike disagree, as the code has it', () => {
    expect(decided(policy('topic:orders', 'DENY'), policy('topic:orders', 'ALLOW'))).toBe(true)
    expect(decided(policy('topic:orders', 'ALLOW'), policy('topic:orders', 'DENY'))).toBe(true)
  })

  it('hold where somebody comes from, if they say so', () => {
    expect(decided(policy('topic:orders', 'ALLOW', { from: ['10.0.0.1'] }))).toBe(true)
    expect(decided(policy('topic:orders', 'ALLOW', { from: ['192.168.1.1'] }))).toBe(false)
  })

  it('are looked at once the signature is right', () => {
    const account = { of: 'p1', address: '10.0.0.1', policies: [policy('any', 'ALLOW')] }
    expect(deniedTo({ ...account, signature: 'right' }, [send])).toBeNull()
    expect(deniedTo({ ...account, signature: 'wrong' }, [send])).toMatch(/signature/)
    expect(deniedTo({ ...account, signature: 'right', policies: [] }, [send])).toBe('no Pub of topic orders')
  })
})
