/** What an adapter claims is taken by its word, and must be one word. */
import { expect, it } from 'vitest'
import { claimsContract } from './claims.ts'

const claim = (promised: boolean) => ({ guarantee: 'DUR-1', promised, except: [], source: 'its manual' })

it('two claims about one guarantee are refused, whatever they say', () => {
  for (const second of [true, false])
    expect(() => claimsContract({ claims: [claim(true), claim(second)] }, new Set())).toThrow('claims: there are two about DUR-1')
})
