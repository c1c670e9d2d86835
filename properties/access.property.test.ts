/** ACL-1: what an account may not do is not done, and what it may is not refused. */
import { describe, it } from 'vitest'
import { keeps } from './keeps.ts'

describe('access control', () => {
  it('lets nothing through that is denied, and refuses nothing that is allowed', () => {
    keeps('access', ['ACL-1', 'ALO-1'], 150)
  })
})
